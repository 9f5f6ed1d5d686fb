import { reflectSkipped } from "./reflect-skipped.ts";
import { reflectTables } from "./reflect-tables.ts";
import { defaultSchemaOf, scopeOf } from "./scope.ts";
import { inspect } from "./session.ts";
import type { Connection, ReflectFilter } from "../contract.ts";
import { nameOnly, sameTable, tableKey } from "../../schema/collect.ts";
import type { MetaData, TableName } from "../../schema/types.ts";

/** The same name whether the default schema was written out or not. */
function inDefault(table: TableName, own: string): TableName {
  return table.schema === own || table.schema === undefined
    ? { name: table.name }
    : { schema: table.schema, name: table.name };
}

/**
 * The database as the models could have said it, in nine queries. Extensions' own objects never appear;
 * what the models cannot say is in `skipped`.
 */
export function reflect(connection: Connection, filter: ReflectFilter): Promise<MetaData> {
  const own = defaultSchemaOf(connection);
  const only =
    filter.tables === undefined
      ? undefined
      : new Set(filter.tables.map((table) => tableKey(inDefault(table, own))));
  const excluded = (filter.exclude ?? []).map((table) => inDefault(table, own));
  const wanted = (table: TableName): boolean =>
    (only?.has(tableKey(table)) ?? true) && !excluded.some((other) => sameTable(other, table));
  return inspect(connection, async () => {
    const scope = await scopeOf(connection, filter);
    const read = await reflectTables(connection, scope.schemas, wanted);
    const others = await reflectSkipped(connection, {
      schemas: scope.schemas,
      ...(only === undefined ? {} : { tables: read.oids }),
    });
    return {
      tables: read.tables,
      objects: read.enums,
      schemas: scope.others,
      skipped: [
        ...read.skipped,
        // asked for some tables, what hangs on them is told wherever it belongs
        ...others.filter(
          ({ schema, table }) =>
            table === undefined || only !== undefined || wanted(nameIn(schema, table)),
        ),
      ],
    };
  });
}

function nameIn(schema: string | undefined, name: string): TableName {
  return nameOnly({ schema, name });
}
