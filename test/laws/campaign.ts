import fc from "fast-check";
import { seeds, type Kind, type Seeds } from "./generate/index.ts";
import { LawBroken, trySeeds, type Court } from "./laws.ts";
import { shrink } from "./shrink.ts";
import { openWorkplace } from "./workplace.ts";

export interface CampaignOptions {
  readonly kind: Kind;
  /** The administrative URL of the server; SQLite needs none. */
  readonly serverUrl: string;
  readonly runs: number;
  readonly seed: number;
  /** How many failures are looked for before it stops. */
  readonly failures: number;
  /** How long one failure is made smaller, in milliseconds. */
  readonly shrinking: number;
  /** What is tried with each; {@link trySeeds} where it is absent. */
  readonly attempt?: typeof trySeeds;
  /** Called for each failure at once. */
  readonly onFailure?: (failure: Failure, pair: number) => void;
  /** Called after each pair with the figures so far. */
  readonly onPair?: (soFar: CampaignResult) => void;
}

export interface Failure {
  readonly law: string;
  /** What a person reads: the first differences, the models, the revision files. */
  readonly report: string;
}

export interface CampaignResult {
  readonly pairs: number;
  readonly rows: number;
  readonly operations: number;
  readonly milliseconds: number;
  readonly failures: readonly Failure[];
}

/** Two failures of one cause look alike: names and numbers aside. */
function likeness(error: LawBroken): string {
  return `${error.law}: ${(error.lines[0] ?? "").replaceAll(/The (?:up|down)grade of .*?\.ts(?::\d+)?: |["'`][^"'`]*["'`]|\d+|[\w.]+\.[\w.]+/g, "?").slice(0, 60)}`;
}

async function outcome(
  court: Court,
  given: Seeds,
  attempt: typeof trySeeds,
): Promise<LawBroken | undefined> {
  try {
    await attempt(court, given);
    return undefined;
  } catch (error) {
    return error instanceof LawBroken
      ? error
      : new LawBroken("the test itself", [
          error instanceof Error ? (error.stack ?? error.message) : String(error),
        ]);
  }
}

function reportOf(kind: Kind, { law, lines }: LawBroken): string {
  return [`${kind}: ${law}`, ...lines.slice(0, 250).map((line) => `  ${line}`)].join("\n");
}

/** Tries the laws on random pairs; each kind of failure is shrunk and reported once. */
export async function campaign(options: CampaignOptions): Promise<CampaignResult> {
  const { kind, serverUrl, runs, seed, attempt = trySeeds } = options;
  const court: Court = {
    kind,
    place: await openWorkplace(kind, serverUrl),
    reference: await openWorkplace(kind, serverUrl),
  };
  const start = Date.now();
  const failures: Failure[] = [];
  const known = new Set<string>();
  let [pairs, rows, operations] = [0, 0, 0];
  const figures = (): CampaignResult => ({
    ...{ pairs, rows, operations, failures },
    milliseconds: Date.now() - start,
  });
  try {
    for (const given of fc.sample(seeds, { numRuns: runs, seed })) {
      if (failures.length >= options.failures) break;
      pairs += 1;
      try {
        const trial = await attempt(court, given);
        rows += trial.rows;
        operations += trial.operations;
        options.onPair?.(figures());
      } catch {
        const error = await outcome(court, given, attempt);
        const alike =
          error === undefined ? "the law broke once and held the second time" : likeness(error);
        if (known.has(alike)) continue;
        known.add(alike);
        const smallest = await shrink(
          given,
          alike,
          async (candidate) => optionalLikeness(await outcome(court, candidate, attempt)),
          options.shrinking,
        );
        const last = (await outcome(court, smallest, attempt)) ?? error ?? new LawBroken(alike, []);
        const failure = { law: last.law, report: reportOf(kind, last) };
        failures.push(failure);
        options.onFailure?.(failure, pairs);
      }
    }
  } finally {
    await court.place.drop();
    await court.reference.drop();
  }
  return figures();
}

function optionalLikeness(error: LawBroken | undefined): string | undefined {
  return error === undefined ? undefined : likeness(error);
}
