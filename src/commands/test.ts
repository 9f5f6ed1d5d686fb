import { Environment, onScratch, verify, type EnvironmentOptions } from "../config/index.ts";
import type { RevisionProblem } from "../config/index.ts";
import { RevlineError } from "../errors.ts";
import { history, parseRange } from "../revisions/history.ts";
import { planUpgrade } from "../revisions/plan.ts";
import type { RevisionMap } from "../revisions/revision-map.ts";

export interface TestOptions extends EnvironmentOptions {
  /** How many of the newest revisions are taken down and up again. Default: 1. */
  readonly last?: number;
  /** `FROM:TO`: these revisions instead, both ends included. */
  readonly range?: string;
  /** An empty database to do it on; it is emptied afterwards. Default: one that is made and dropped. */
  readonly scratchUrl?: string;
}

export interface TestResult {
  /** The scratch database, without a password. */
  readonly url: string;
  readonly passed: boolean;
  /** How many revisions were applied from an empty database on. */
  readonly applied: number;
  /** The revisions that were taken down and up again, oldest first. */
  readonly tested: readonly string[];
  readonly problems: readonly RevisionProblem[];
}

/**
 * Runs the revisions on a scratch database: all of them up from nothing, the newest down and up again with
 * the catalogs compared, and in the end against the models where there are any.
 *
 * @throws RevlineError usage, revision-failed, permission-denied (no scratch database can be made), and others
 */
export async function test(options: TestOptions = {}): Promise<TestResult> {
  const environment = await Environment.create(options);
  const { map } = await environment.scripts();
  const order = planUpgrade(map, [], "heads").steps.map(({ revision }) => revision.id);
  const tested = chosen(map, order, options);
  return onScratch(environment, options.scratchUrl, async (scratch) => {
    const problems = await scratch.session((connection) =>
      verify(scratch, connection, {
        isVerified: (id) => tested.includes(id),
        models: environment.hasModels,
      }),
    );
    return {
      url: scratch.redactedUrl,
      passed: problems.length === 0,
      applied: order.length,
      tested,
      problems,
    };
  });
}

/** @throws RevlineError usage, range-invalid, and of identifiers */
function chosen(
  map: RevisionMap,
  order: readonly string[],
  { last = 1, range }: TestOptions,
): readonly string[] {
  if (range !== undefined) {
    const inside = new Set(history(map, parseRange(range)).map(({ id }) => id));
    return order.filter((id) => inside.has(id));
  }
  if (!Number.isInteger(last) || last < 0) {
    throw new RevlineError("usage", `${String(last)} is not a number of revisions.`, {
      hint: "For instance: migrate test --last 3.",
    });
  }
  return last === 0 ? [] : order.slice(-last);
}
