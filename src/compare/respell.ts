import { wordsOf } from "../operations/rename.ts";
import { tableKey } from "../schema/collect.ts";
import { mapExpressions, type Expression } from "../schema/expression.ts";
import type { MetaData } from "../schema/types.ts";

/**
 * The database with the expressions of its tables and publications in the spelling of the models, where they say
 * the same: of a renamed column nobody knows yet with which quotes the database will write it.
 */
export function respelled(database: MetaData, models: MetaData): MetaData {
  const wanted = new Map(models.tables.map((table) => [tableKey(table), table]));
  const publications = new Map(
    models.objects
      .filter((object) => object.kind === "publication")
      .map((object) => [object.name, object]),
  );
  return {
    ...database,
    tables: database.tables.map((table) => spelledAs(table, wanted.get(tableKey(table)))),
    // of the objects, these alone have their conditions renamed
    objects: database.objects.map((object) =>
      object.kind === "publication" ? spelledAs(object, publications.get(object.name)) : object,
    ),
  };
}

function spelledAs<T>(live: T, wanted: T | undefined): T {
  const known = new Map<string, Expression>();
  mapExpressions(wanted, (found) => {
    known.set(wordsOf(found), found);
    return found;
  });
  return mapExpressions(live, (found) => known.get(wordsOf(found)) ?? found);
}
