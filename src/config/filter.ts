import type { MetaData, SkippedObject, Table } from "../schema/types.ts";
import { isOpen } from "../schema/objects/declare.ts";
import { sameTable } from "../schema/collect.ts";
import type { DatabaseConfig, FilterSubject } from "./config.ts";

type Include = NonNullable<DatabaseConfig["includeObject"]>;
type Question = Omit<FilterSubject, "reflected">;

/**
 * Both sides without what the user's `includeObject` turns away. What was turned away in the database is told
 * as skipped; a foreign key to a table that takes no part is left alone too.
 */
export function filterMetaData(
  metadata: MetaData,
  include: Include | undefined,
  reflected: boolean,
): MetaData {
  if (include === undefined) return metadata;
  const skipped: SkippedObject[] = [];
  const wanted = (question: Question): boolean => {
    if (include({ ...question, reflected })) return true;
    if (reflected) skipped.push(skippedOf(question));
    return false;
  };
  const schemas = metadata.schemas.filter((name) =>
    wanted({ kind: "schema", name, schema: name, table: undefined }),
  );
  const gone = new Set(metadata.schemas.filter((name) => !schemas.includes(name)));
  const inSchema = ({ schema }: { readonly schema?: string }): boolean =>
    schema === undefined || !gone.has(schema);
  const tables = metadata.tables
    .filter(inSchema)
    .filter(({ name, schema }) => wanted({ kind: "table", name, schema, table: name }));
  const lost = metadata.tables.filter((table) => !tables.includes(table));
  return {
    tables: tables.map((table) => filterTable(table, lost, wanted)),
    objects: metadata.objects.filter(inSchema).filter((object) =>
      wanted({
        kind: object.kind,
        name: object.name,
        schema: object.schema,
        table: isOpen(object) ? object.table : undefined,
      }),
    ),
    schemas,
    skipped: [...metadata.skipped, ...skipped],
  };
}

function filterTable(
  table: Table,
  lost: readonly Table[],
  wanted: (question: Question) => boolean,
): Table {
  const { name: owner, schema } = table;
  const columns = table.columns.filter(({ name }) =>
    wanted({ kind: "column", name, schema, table: owner }),
  );
  const names = new Set(columns.map(({ name }) => name));
  return {
    ...table,
    columns,
    constraints: table.constraints.filter((constraint) => {
      if ("columns" in constraint && !constraint.columns.every((column) => names.has(column)))
        return false;
      const { references } =
        constraint.kind === "foreignKey" ? constraint : { references: undefined };
      if (references !== undefined && lost.some((other) => sameTable(other, references)))
        return false;
      return wanted({ kind: "constraint", name: constraint.name, schema, table: owner });
    }),
    indexes: table.indexes.filter((index) => {
      if (!index.elements.every(({ column }) => column === undefined || names.has(column)))
        return false;
      return wanted({ kind: "index", name: index.name, schema, table: owner });
    }),
  };
}

function skippedOf({ kind, name, schema, table }: Question): SkippedObject {
  return {
    kind,
    name: name ?? "",
    ...(schema === undefined ? {} : { schema }),
    ...(table === undefined || kind === "table" ? {} : { table }),
    reason: "left out by `includeObject` of the config",
  };
}
