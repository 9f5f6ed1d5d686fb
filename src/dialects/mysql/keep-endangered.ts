import type { Clause } from "./batch.ts";
import * as clause from "./clauses.ts";
import type { Flavor } from "./flavor.ts";
import { behindFullText, endangered, leading, ownedIndex } from "./implicit.ts";
import type { State } from "./state.ts";
import type { Constraint, Index, TableName } from "../../schema/types.ts";

/**
 * The clauses that make indexes anew which would vanish when another comes: made by hand, an index stays. For a
 * foreign key too, whose own index takes the place of one that was made for another key.
 */
export function keepEndangered(
  state: State,
  flavor: Flavor,
  table: TableName,
  added: Constraint | Index,
): readonly Clause[] {
  const found = state.table(table);
  if (found === undefined) return [];
  const columns =
    "kind" in added && added.kind === "foreignKey" ? added.columns : leading(added, flavor);
  const owned =
    "kind" in added
      ? []
      : behindFullText(found, [added]).flatMap((key) => ownedIndex(found, key, flavor) ?? []);
  return [...endangered(found, columns), ...owned.flatMap(named)]
    .filter(({ name }) => name !== added.name)
    .flatMap((index) => [clause.dropIndex(index.name), clause.addIndex(index, flavor)]);
}

/** Every index of a catalog has a name. */
function named(index: Index): readonly (Index & { readonly name: string })[] {
  return index.name === undefined ? [] : [{ ...index, name: index.name }];
}
