/**
 * `revline/testing`: a check of a project's own revisions, for its own test suite.
 */
import { compare } from "../compare/index.ts";
import {
  Environment,
  MEMORY,
  compareSides,
  readSides,
  reflectDatabase,
  runOptions,
  type EnvironmentOptions,
} from "../config/index.ts";
import type { Connection } from "../dialects/contract.ts";
import { describe } from "../operations/describe.ts";
import { RevlineError } from "../errors.ts";
import { planUpgrade } from "../revisions/plan.ts";
import type { RevisionMap } from "../revisions/revision-map.ts";
import { run } from "../runtime/index.ts";
import type { MetaData } from "../schema/types.ts";

/** Something that a revision does wrong. */
export interface RevisionProblem {
  /** Null: it is about all of them together. */
  readonly revision: string | null;
  readonly problem: string;
  /** What is different from what it should be. */
  readonly differences: readonly string[];
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
  const { map } = await environment.scripts();
  return environment.session(async (connection) => {
    const start = await reflectDatabase(environment, connection);
    if (start.tables.length > 0) {
      throw new RevlineError(
        "usage",
        `The database holds ${start.tables.length} tables; it must be empty.`,
        { hint: "Give the URL of an empty database." },
      );
    }
    const problems: RevisionProblem[] = [];
    for (const { revision } of planUpgrade(map, [], "heads").steps) {
      problems.push(...(await verifyOne(environment, connection, map, revision.id)));
    }
    const { operations } = compareSides(environment, await readSides(environment, connection));
    const differences = operations.map((operation) => describe(operation).text);
    if (differences.length > 0)
      problems.push({
        revision: null,
        problem: "The revisions do not lead to the models.",
        differences,
      });
    return problems;
  });
}

async function verifyOne(
  environment: Environment,
  connection: Connection,
  map: RevisionMap,
  id: string,
): Promise<readonly RevisionProblem[]> {
  const reflect = (): Promise<MetaData> => reflectDatabase(environment, connection);
  const go = async (direction: "upgrade" | "downgrade", target: string): Promise<MetaData> => {
    await run(runOptions(environment, connection, map, { direction, target }));
    return reflect();
  };
  const differences = (from: MetaData, to: MetaData): readonly string[] =>
    compare(
      { database: from, models: to, skipped: [] },
      { dialect: environment.dialect },
    ).operations.map((operation) => describe(operation).text);

  const before = await reflect();
  const after = await go("upgrade", id);
  const [parent = "base", ...others] = map.downOf(id);
  // a merge has no one revision to come back to
  if (others.length > 0) return [];
  const back = differences(before, await go("downgrade", `${id}@${parent}`));
  const again = differences(after, await go("upgrade", id));
  return [
    ...(back.length === 0
      ? []
      : [
          {
            revision: id,
            problem: "The downgrade does not give back what was before.",
            differences: back,
          },
        ]),
    ...(again.length === 0
      ? []
      : [
          {
            revision: id,
            problem: "The second upgrade makes something else than the first.",
            differences: again,
          },
        ]),
  ];
}
