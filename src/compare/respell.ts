import { wordsOf } from "../operations/rename.ts";
import { tableKey } from "../schema/collect.ts";
import { mapExpressions, type Expression } from "../schema/expression.ts";
import type { MetaData } from "../schema/types.ts";

/**
 * The database with its tables' expressions in the spelling of the models, where they say the same: of a
 * renamed column nobody knows yet with which quotes the database will write it.
 */
export function respelled(database: MetaData, models: MetaData): MetaData {
  const wanted = new Map(models.tables.map((table) => [tableKey(table), table]));
  return {
    ...database,
    tables: database.tables.map((table) => {
      const known = new Map<string, Expression>();
      mapExpressions(wanted.get(tableKey(table)), (found) => {
        known.set(wordsOf(found), found);
        return found;
      });
      return mapExpressions(table, (found) => known.get(wordsOf(found)) ?? found);
    }),
  };
}
