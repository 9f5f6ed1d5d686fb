import { campaign, type CampaignResult } from "./campaign.ts";
import type { Kind } from "./generate/kinds.ts";
import { tryRenamed, trySeeds } from "./laws.ts";

export interface RandomOptions {
  readonly kind: Kind;
  /** The administrative URL of the server; SQLite needs none. */
  readonly serverUrl: string;
  /** How many pairs; a quarter as many follow under new names. */
  readonly runs: number;
  readonly seed: number;
  readonly say: (text: string) => void;
}

const line = (title: string, result: CampaignResult): string =>
  `${title}: ${String(result.pairs)} pairs, ${String(result.operations)} operations, ${String(result.rows)} rows, ${String(result.failures.length)} failures, ${(result.milliseconds / 1000).toFixed(0)} s\n`;

/**
 * Tries the laws on random pairs, and on pairs under new names.
 *
 * @returns true where they held
 */
export async function runRandom({
  kind,
  serverUrl,
  runs,
  seed,
  say,
}: RandomOptions): Promise<boolean> {
  const parts = [
    { title: kind, attempt: trySeeds, count: runs },
    { title: `${kind}, new names`, attempt: tryRenamed, count: Math.ceil(runs / 4) },
  ];
  let isHeld = true;
  for (const { title, attempt, count } of parts) {
    const result = await campaign({
      kind,
      serverUrl,
      runs: count,
      seed,
      attempt,
      failures: 5,
      shrinking: 60_000,
      onFailure: ({ report }, pair) =>
        say(`pair ${String(pair)} of seed ${String(seed)}\n${report}\n`),
    });
    say(line(title, result));
    isHeld &&= result.failures.length === 0;
  }
  return isHeld;
}
