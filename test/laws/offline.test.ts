import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planDowngradeOffline, planUpgradeOffline } from "../../src/revisions/offline.ts";
import { offlineRun, scriptOf } from "../../src/runtime/index.ts";
import { databases, serverUrl } from "../support/databases.ts";
import { familyOf } from "../support/kinds.ts";
import { splitByDelimiter } from "./corpora/load.ts";
import { Flow } from "./flow.ts";
import { pairOf, seeds, type Pair } from "./generate/index.ts";
import { differences } from "./judge/index.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

const RUNS = Number(process.env["REVLINE_OFFLINE_RUNS"] ?? 12);
const SEED = Number(process.env["REVLINE_LAWS_SEED"] ?? 20260822);

/** A range of the flow's revisions as a script, made without the database. */
async function scriptFor(flow: Flow, range: string, isUpgrade: boolean): Promise<string> {
  const { dialect, map, connection } = flow;
  const { defaultCollation = "" } = connection.server;
  const server = dialect.offline.server(
    connection.server.dialect === "mariadb" ? "mariadb://h/a" : `${dialect.name}://h/a`,
    connection.server.version,
  );
  const plan = (isUpgrade ? planUpgradeOffline : planDowngradeOffline)(map, range);
  const revisions = await offlineRun({
    dialect,
    map,
    versionTable: { name: "revline_version" },
    // of the database itself nothing else is asked for
    server: { ...server, defaultCollation },
    plan,
  });
  return scriptOf(revisions, { dialect, server, transactionPerMigration: true });
}

/** What is different where the scripts ran from where the revisions did. */
async function compareWays(
  online: Workplace,
  offline: Workplace,
  { before, after }: Pair,
): Promise<readonly string[]> {
  await online.reset();
  await offline.reset();
  const flow = await Flow.open(online.url, ["other"]);
  const steps: string[] = [];
  const follow = async (range: string, isUpgrade: boolean): Promise<void> => {
    const script = await scriptFor(flow, range, isUpgrade);
    if (script !== "") for (const chunk of splitByDelimiter(script)) await offline.run(chunk);
    const lines = differences(await online.judge(), await offline.judge());
    if (lines.length > 0) steps.push(`${range}:`, ...lines, script);
    await online.release();
    await offline.release();
  };
  try {
    await flow.autogenerate(before);
    await flow.upgrade();
    await follow("base:law1", true);
    await flow.autogenerate(after);
    await flow.upgrade();
    await follow("law1:law2", true);
    await flow.downgrade();
    await follow("law2:law1", false);
  } catch (error) {
    steps.push(
      error instanceof Error ? (error.stack ?? error.message) : String(error),
      ...flow.texts,
    );
  } finally {
    await flow.close();
  }
  return steps;
}

describe("scripts without a connection, on random pairs of schemas", () => {
  it.for(databases.map((kind) => ({ kind })))(
    "do on $kind what a run does",
    { timeout: 10 * 60_000 },
    async ({ kind }) => {
      const family = familyOf[kind];
      const url = kind === "sqlite" ? "" : await serverUrl(kind);
      const [online, offline] = [
        await openWorkplace(family, url),
        await openWorkplace(family, url),
      ];
      try {
        for (const given of fc.sample(seeds, { numRuns: RUNS, seed: SEED }))
          expect((await compareWays(online, offline, pairOf(given, family))).join("\n")).toBe("");
      } finally {
        await online.drop();
        await offline.drop();
      }
    },
  );
});
