import { Environment, type EnvironmentOptions } from "../config/index.ts";
import { entryOf, type RevisionEntry } from "../revisions/entry.ts";

export interface HeadsOptions extends EnvironmentOptions {
  /** Count `dependsOn` as a parent too: only what no other revision needs. */
  readonly resolveDependencies?: boolean;
}

export interface HeadsResult {
  readonly heads: readonly RevisionEntry[];
}

/**
 * The revisions that have no child.
 *
 * @throws RevlineError config-not-found, migrations-not-found, and all that is wrong with the graph
 */
export async function heads(options: HeadsOptions = {}): Promise<HeadsResult> {
  const { map } = await (await Environment.create(options)).scripts();
  const ids = options.resolveDependencies === true ? map.realHeads : map.heads;
  return { heads: ids.map((id) => entryOf(map, id)) };
}
