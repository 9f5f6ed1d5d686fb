import { expect, it } from "vitest";
import { campaign } from "./campaign.ts";
import type { Snapshot } from "./judge/index.ts";
import { trySeeds } from "./laws.ts";

it("shrinks a pair that breaks a law, and prints it as SQL", async () => {
  const [pairs, reported]: [number[], number[]] = [[], []];
  const result = await campaign({
    kind: "sqlite",
    serverUrl: "",
    runs: 3,
    seed: 7,
    failures: 5,
    shrinking: 4000,
    // a reference that holds what no upgrade makes
    attempt: (court, given) => {
      const judge = (): Promise<Snapshot> => Promise.resolve({ "a lie": { never: "made" } });
      return trySeeds({ ...court, reference: { ...court.reference, judge } }, given);
    },
    onFailure: (_failure, pair) => reported.push(pair),
    onPair: ({ pairs: count }) => pairs.push(count),
  });
  const [failure, ...alike] = result.failures;
  expect(alike).toEqual([]);
  expect(reported).toEqual([1]);
  expect(failure?.law).toBe("Law 1: the catalog after the upgrade is not B's");
  const lines = failure?.report.split("\n").map((line) => line.trim()) ?? [];
  expect(lines).toContain('a lie never: missing, expected "made"');
  const [a, b, last] = ["-- A:", "-- B:", "-- Run last:"].map((title) => lines.indexOf(title));
  const between = (from = 0, to = 0): string => lines.slice(from + 1, to).join("\n");
  for (const sql of [between(a, b), between(b, last)])
    expect(sql).toMatch(/^CREATE TABLE "\w+" \([^;]*\);$/m);
  expect(lines.join("\n")).toContain("export async function upgrade(op: Operations)");
  expect(result.pairs).toBe(3);
});
