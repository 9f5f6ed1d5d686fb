import type { Clause } from "./batch.ts";
import * as clause from "./clauses.ts";
import type { Flavor } from "./flavor.ts";
import { endangered, leading } from "./implicit.ts";
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
  return endangered(found, columns)
    .filter(({ name }) => name !== added.name)
    .flatMap((index) => [clause.dropIndex(index.name), clause.addIndex(index, flavor)]);
}
