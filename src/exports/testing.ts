/**
 * `revline/testing`: checks of a project's own revisions, for its own test suite, in any test framework: functions
 * that throw.
 */
import {
  Environment,
  MEMORY,
  onScratch,
  reflectDatabase,
  verify,
  type EnvironmentOptions,
  type RevisionProblem,
  type Verification,
} from "../config/index.ts";
import { RevlineError } from "../errors.ts";

export type { RevisionProblem } from "../config/index.ts";

export interface CheckOptions extends EnvironmentOptions {
  /** An empty database to do it on; it is emptied afterwards. Default: one that is made and dropped. */
  readonly scratchUrl?: string;
}

/**
 * Takes an empty database up all revisions, each of them up, down and up again, and compares: a downgrade
 * must give back what was before, a second upgrade what the first one made, and in the end the database
 * must be what the models say. Returns what is not so; the database stays at the heads.
 *
 * @param options `url` is an empty database. Default: SQLite in memory
 * @throws RevlineError usage (the database is not empty), revision-failed, and others
 * @example
 * test("revisions", async () => expect(await verifyRevisions()).toEqual([]));
 */
export async function verifyRevisions(
  options: EnvironmentOptions = {},
): Promise<readonly RevisionProblem[]> {
  const environment = await Environment.create({ url: MEMORY, ...options });
  return environment.session(async (connection) => {
    const { tables } = await reflectDatabase(environment, connection);
    if (tables.length > 0) {
      throw new RevlineError(
        "usage",
        `The database holds ${tables.length} tables; it must be empty.`,
        { hint: "Give the URL of an empty database." },
      );
    }
    return verify(environment, connection, { isVerified: () => true, models: true });
  });
}

async function problemsOn(
  options: CheckOptions,
  verification: Verification,
): Promise<readonly RevisionProblem[]> {
  const environment = await Environment.create(options);
  return onScratch(environment, options.scratchUrl, (scratch) =>
    scratch.session((connection) => verify(scratch, connection, verification)),
  );
}

function fail(problems: readonly RevisionProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const lines = problems.flatMap(({ revision, problem, differences }) => [
    revision === null ? problem : `${revision}: ${problem}`,
    ...differences.map((difference) => `  ${difference}`),
  ]);
  // a test framework shows the message alone
  throw new RevlineError("check-failed", lines.join("\n"), {
    hint: "Correct the revision, or the models.",
  });
}

/** There is one head, or no revision at all. @throws RevlineError check-failed */
export async function singleHead(options: CheckOptions = {}): Promise<void> {
  const { map } = await (await Environment.create(options)).scripts();
  if (map.heads.length < 2) return;
  throw new RevlineError(
    "check-failed",
    `There are ${map.heads.length} heads: ${map.heads.join(", ")}.`,
    { hint: "Join them: migrate merge heads." },
  );
}

/** All revisions can be applied to an empty database. @throws RevlineError revision-failed, and others */
export async function upgradeFromBase(options: CheckOptions = {}): Promise<void> {
  fail(await problemsOn(options, { isVerified: () => false, models: false }));
}

/**
 * Each downgrade gives back the schema that was before its upgrade, and the second upgrade makes what the
 * first one made.
 *
 * @throws RevlineError check-failed, revision-failed, and others
 */
export async function upDownConsistency(options: CheckOptions = {}): Promise<void> {
  fail(await problemsOn(options, { isVerified: () => true, models: false }));
}

/** The revisions lead to what the models say. @throws RevlineError check-failed, revision-failed, and others */
export async function modelsMatch(options: CheckOptions = {}): Promise<void> {
  fail(await problemsOn(options, { isVerified: () => false, models: true }));
}

/**
 * All checks by their names, to be handed to a test framework.
 *
 * @example
 * import { test } from "node:test"; // or vitest, or jest
 * for (const [name, check] of revisionChecks()) test(name, check);
 */
export function revisionChecks(
  options: CheckOptions = {},
): readonly (readonly [name: string, check: () => Promise<void>])[] {
  return [
    ["the revisions have a single head", () => singleHead(options)],
    ["the revisions upgrade an empty database", () => upgradeFromBase(options)],
    ["each downgrade undoes its upgrade", () => upDownConsistency(options)],
    ["the revisions lead to the models", () => modelsMatch(options)],
  ];
}
