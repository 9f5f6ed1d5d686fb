import { Environment, type EnvironmentOptions } from "../config/index.ts";
import { entryOf, type RevisionEntry } from "../revisions/entry.ts";

export interface BranchesResult {
  readonly branches: readonly (RevisionEntry & { readonly into: readonly RevisionEntry[] })[];
}

/**
 * The revisions that have several children, with them.
 *
 * @throws RevlineError config-not-found, migrations-not-found, and all that is wrong with the graph
 */
export async function branches(options: EnvironmentOptions = {}): Promise<BranchesResult> {
  const { map } = await (await Environment.create(options)).scripts();
  const points = map.revisions.filter(({ id }) => map.isBranchPoint(id));
  return {
    branches: points.map(({ id }) => ({
      ...entryOf(map, id),
      into: map.childrenOf(id).map((child) => entryOf(map, child)),
    })),
  };
}
