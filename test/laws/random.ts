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
  /** Takes a line now and then while the pairs are tried. */
  readonly progress?: (text: string) => void;
}

/** How long it is silent between two lines of progress, in milliseconds. */
const SILENCE = 10_000;

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
  progress = () => undefined,
}: RandomOptions): Promise<boolean> {
  const parts = [
    { title: kind, attempt: trySeeds, count: runs },
    { title: `${kind}, new names`, attempt: tryRenamed, count: Math.ceil(runs / 4) },
  ];
  let [isHeld, told] = [true, Date.now()];
  for (const { title, attempt, count } of parts) {
    const result = await campaign({
      kind,
      serverUrl,
      runs: count,
      seed,
      attempt,
      failures: 5,
      shrinking: 60_000,
      onPair: ({ pairs, failures, milliseconds }) => {
        if (Date.now() - told < SILENCE) return;
        told = Date.now();
        progress(
          `${title}: ${String(pairs)} of ${String(count)} pairs, ${String(failures.length)} failures, ${(milliseconds / 1000).toFixed(0)} s\n`,
        );
      },
      onFailure: ({ report }, pair) =>
        say(`pair ${String(pair)} of seed ${String(seed)}\n${report}\n`),
    });
    say(line(title, result));
    isHeld &&= result.failures.length === 0;
  }
  return isHeld;
}
