import { randomInt } from "node:crypto";
import { describe, it } from "vitest";
import { databases, serverUrl } from "../support/databases.ts";
import { familyOf } from "../support/kinds.ts";
import { campaign } from "./campaign.ts";
import { tryRenamed, trySeeds } from "./laws.ts";

const runs = Number(process.env["REVLINE_LAWS_RUNS"] ?? 100);
const chosen = process.env["REVLINE_LAWS_SEED"] ?? "20260822";
const seed = chosen === "random" ? randomInt(2 ** 31) : Number(chosen);

describe.each([
  { what: "schemas", attempt: trySeeds, runs },
  { what: "schemas with new names", attempt: tryRenamed, runs: Math.ceil(runs / 3) },
])("the laws, on random pairs of $what", ({ what, attempt, runs: count }) => {
  // side by side: most of the time is spent waiting for one server
  it.concurrent.for(databases.map((kind) => ({ kind })))(
    "hold on $kind",
    { timeout: 60 * 60_000 },
    async ({ kind }, { expect }) => {
      const url = kind === "sqlite" ? "" : await serverUrl(kind);
      const result = await campaign({
        kind: familyOf[kind],
        serverUrl: url,
        runs: count,
        seed,
        attempt,
        failures: 3,
        shrinking: 20_000,
      });
      const seconds = (result.milliseconds / 1000).toFixed(0);
      process.stdout.write(
        `laws: ${kind}, ${what}: ${String(result.pairs)} pairs, ${String(result.operations)} operations, ${String(result.rows)} rows, ${seconds} s (REVLINE_LAWS_SEED=${String(seed)} REVLINE_LAWS_RUNS=${String(runs)})\n`,
      );
      expect(result.failures.map(({ report }) => report).join("\n\n")).toBe("");
      expect(result.pairs).toBe(count);
    },
  );
});
