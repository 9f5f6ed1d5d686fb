import { compare } from "../compare/index.ts";
import type { Connection } from "../dialects/contract.ts";
import { describe } from "../operations/describe.ts";
import { planUpgrade } from "../revisions/plan.ts";
import type { RevisionMap } from "../revisions/revision-map.ts";
import { run } from "../runtime/index.ts";
import type { MetaData } from "../schema/types.ts";
import { compareSides, readSides, reflectDatabase } from "./comparison.ts";
import type { Environment } from "./environment.ts";
import { runOptions } from "./run.ts";

/** Something that a revision does wrong. */
export interface RevisionProblem {
  /** Null: it is about all of them together. */
  readonly revision: string | null;
  readonly problem: string;
  /** What is different from what it should be. */
  readonly differences: readonly string[];
}

/** What is looked at on the way from an empty database to the heads. */
export interface Verification {
  /** The revisions that are taken up, down and up again; the others only up. */
  readonly isVerified: (revision: string) => boolean;
  /** In the end the database must be what the models say. */
  readonly models: boolean;
}

/**
 * Takes an empty database up all revisions, and the verified ones down and up again: a downgrade must give
 * back what was before, a second upgrade what the first one made. The database stays at the heads.
 *
 * @throws RevlineError revision-failed, and others
 */
export async function verify(
  environment: Environment,
  connection: Connection,
  { isVerified, models }: Verification,
): Promise<readonly RevisionProblem[]> {
  const { map } = await environment.scripts();
  const problems: RevisionProblem[] = [];
  for (const { revision } of planUpgrade(map, [], "heads").steps) {
    const step = { environment, connection, map, id: revision.id };
    if (isVerified(revision.id)) problems.push(...(await upDownUp(step)));
    else await go(step, "upgrade", revision.id);
  }
  return models ? [...problems, ...(await modelsDiffer(environment, connection))] : problems;
}

async function modelsDiffer(
  environment: Environment,
  connection: Connection,
): Promise<readonly RevisionProblem[]> {
  const { operations } = compareSides(environment, await readSides(environment, connection));
  if (operations.length === 0) return [];
  const differences = operations.map((operation) => describe(operation).text);
  return [{ revision: null, problem: "The revisions do not lead to the models.", differences }];
}

interface Step {
  readonly environment: Environment;
  readonly connection: Connection;
  readonly map: RevisionMap;
  readonly id: string;
}

async function go(
  { environment, connection, map }: Step,
  direction: "upgrade" | "downgrade",
  target: string,
): Promise<MetaData> {
  await run(runOptions(environment, connection, map, { direction, target }));
  return reflectDatabase(environment, connection);
}

async function upDownUp(step: Step): Promise<readonly RevisionProblem[]> {
  const { environment, connection, map, id } = step;
  const before = await reflectDatabase(environment, connection);
  const after = await go(step, "upgrade", id);
  const [parent = "base", ...others] = map.downOf(id);
  // a merge has no one revision to come back to
  if (others.length > 0) return [];
  const problem = (text: string, from: MetaData, to: MetaData): readonly RevisionProblem[] => {
    const { operations } = compare(
      { database: from, models: to, skipped: [] },
      { dialect: environment.dialect },
    );
    if (operations.length === 0) return [];
    const differences = operations.map((operation) => describe(operation).text);
    return [{ revision: id, problem: text, differences }];
  };
  const back = await go(step, "downgrade", `${id}@${parent}`);
  const again = await go(step, "upgrade", id);
  return [
    ...problem("The downgrade does not give back what was before.", back, before),
    ...problem("The second upgrade makes something else than the first.", again, after),
  ];
}
