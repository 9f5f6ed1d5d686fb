import { EMPTY_METADATA, type MetaData, type SkippedObject, type Table } from "../schema/types.ts";
import { isOpen } from "../schema/objects/declare.ts";
import { sameTable } from "../schema/collect.ts";
import type { DatabaseConfig, FilteredObject, FilterName, FilterSubject } from "./config.ts";

type Filters = Pick<DatabaseConfig, "includeObject" | "includeName">;
type Question = Omit<FilterSubject, "reflected" | "compareTo">;

/**
 * One side without what the user's `includeObject` (and of the database `includeName`) turns away. What was
 * turned away in the database is told as skipped; a foreign key to a table that takes no part is left alone too.
 *
 * @param other the other side, where it is known
 */
export function filterMetaData(
  metadata: MetaData,
  { includeObject, includeName: ofDatabase }: Filters,
  reflected: boolean,
  other: MetaData = EMPTY_METADATA,
): MetaData {
  const includeName = reflected ? ofDatabase : undefined;
  if (includeObject === undefined && includeName === undefined) return metadata;
  const skipped: SkippedObject[] = [];
  const wanted = ({ object, ...name }: Question): boolean => {
    if (
      includeName?.(name) !== false &&
      includeObject?.({ ...name, reflected, object, compareTo: counterpart(other, name) }) !== false
    )
      return true;
    if (reflected) skipped.push(skippedOf(name));
    return false;
  };
  const hasDefault =
    includeName?.({ kind: "schema", name: undefined, schema: undefined, table: undefined }) !==
    false;
  const schemas = metadata.schemas.filter((name) =>
    wanted({ kind: "schema", name, schema: name, table: undefined, object: undefined }),
  );
  const gone = new Set(metadata.schemas.filter((name) => !schemas.includes(name)));
  const inSchema = ({ schema }: { readonly schema?: string }): boolean =>
    schema === undefined ? hasDefault : !gone.has(schema);
  const tables = metadata.tables.filter(inSchema).filter((object) => {
    const { name, schema } = object;
    return wanted({ kind: "table", name, schema, table: name, object });
  });
  const lost = metadata.tables.filter((table) => !tables.includes(table));
  return {
    tables: tables.map((table) => filterTable(table, lost, wanted)),
    objects: metadata.objects.filter(inSchema).filter((object) => {
      const { kind, name, schema } = object;
      const table = isOpen(object) ? object.table : undefined;
      return wanted({ kind, name, schema, table, object });
    }),
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
  const columns = table.columns.filter((object) =>
    wanted({ kind: "column", name: object.name, schema, table: owner, object }),
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
      const { name } = constraint;
      return wanted({ kind: "constraint", name, schema, table: owner, object: constraint });
    }),
    indexes: table.indexes.filter((index) => {
      if (!index.elements.every(({ column }) => column === undefined || names.has(column)))
        return false;
      return wanted({ kind: "index", name: index.name, schema, table: owner, object: index });
    }),
  };
}

/** What has the same name on the other side. */
function counterpart(
  other: MetaData,
  { kind, name, schema, table }: FilterName,
): FilteredObject | undefined {
  if (kind === "schema" || name === undefined) return undefined;
  const isNamed = (object: { readonly name?: string | undefined }): boolean => object.name === name;
  const inSchema = (object: { readonly schema?: string }): boolean => object.schema === schema;
  const ofKind = other.objects.filter((object) => object.kind === kind && inSchema(object));
  if (ofKind.length > 0)
    return ofKind.find((object) => isNamed(object) && (!isOpen(object) || object.table === table));
  const owner = other.tables.find((one) => one.name === table && inSchema(one));
  if (kind === "table") return owner;
  if (kind === "column") return owner?.columns.find(isNamed);
  if (kind === "index") return owner?.indexes.find(isNamed);
  return kind === "constraint" ? owner?.constraints.find(isNamed) : undefined;
}

function skippedOf({ kind, name, schema, table }: FilterName): SkippedObject {
  return {
    kind,
    name: name ?? "",
    ...(schema === undefined ? {} : { schema }),
    ...(table === undefined || kind === "table" ? {} : { table }),
    reason: "left out by `includeObject` or `includeName` of the config",
  };
}
