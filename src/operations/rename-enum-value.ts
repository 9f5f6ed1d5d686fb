import { expression, mapExpressions } from "../schema/expression.ts";
import { sameTable } from "../schema/collect.ts";
import { ancestorsOf, type FindTable } from "../schema/parents.ts";
import type { Column, ColumnType, MetaData, SchemaObject, Table } from "../schema/types.ts";
import type { RenameEnumValue } from "./operation.ts";

/** A quoted name; or a string, and the type that PostgreSQL writes behind a constant. */
const TOKEN =
  /"(?:[^"]|"")*"|'((?:[^']|'')*)'(?:::((?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)(?:\.(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*))?)(\[\])?)?/gu;
const NAME_IN_PATH = /"(?:[^"]|"")*"|[^."]+/gu;
/** An element in the text of an array: bare, or quoted. */
const ELEMENT = /"(?:[^"\\]|\\.)*"|[^{},"]+/gu;

function bare(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word;
}

/** https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function inArray(text: string, from: string, to: string): string {
  return text.replace(ELEMENT, (element) => {
    const isQuoted = element.startsWith('"');
    const value = isQuoted ? element.slice(1, -1).replaceAll(/\\(.)/gsu, "$1") : element;
    if (value !== from) return element;
    return /^[^\s{},"\\]+$/u.test(to) && to.toUpperCase() !== "NULL"
      ? to
      : `"${to.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
  });
}

/**
 * SQL as PostgreSQL writes it, with the value under its new name wherever it is of this enum. The schema stands
 * there where it is not the default one, and where the server has a type of that name.
 */
function inSql(sql: string, { enum: type, from, to }: RenameEnumValue): string {
  return sql.replace(TOKEN, (token: string, value?: string, path?: string, isArray?: string) => {
    if (value === undefined || path === undefined) return token;
    const words = (path.match(NAME_IN_PATH) ?? []).map(bare);
    const schema = words.at(-2);
    if (words.at(-1) !== type.name || (type.schema ?? schema) !== schema) return token;
    const text = value.replaceAll("''", "'");
    const renamed = isArray === undefined ? (text === from ? to : text) : inArray(text, from, to);
    return `'${renamed.replaceAll("'", "''")}'::${path}${isArray ?? ""}`;
  });
}

/** A copy in which every expression has the value under its new name. */
function withExpressions<T>(value: T, operation: RenameEnumValue): T {
  return mapExpressions(value, ({ parts, variants }) =>
    expression(
      parts.map((part) => (typeof part === "string" ? inSql(part, operation) : part)),
      variants,
    ),
  );
}

function isOf(type: ColumnType, { enum: { schema, name } }: RenameEnumValue): boolean {
  return type.name === "enum" && type.enumName === name && type.schema === schema;
}

function inType(type: ColumnType, operation: RenameEnumValue): ColumnType {
  if (type.name === "array") return { ...type, element: inType(type.element, operation) };
  return type.name === "enum" && isOf(type, operation)
    ? { ...type, values: renamed(type.values, operation) }
    : type;
}

const renamed = (
  values: readonly string[],
  { from, to }: Pick<RenameEnumValue, "from" | "to">,
): readonly string[] => values.map((value) => (value === from ? to : value));

function inColumn(column: Column, operation: RenameEnumValue): Column {
  const { type, default: given } = column;
  const { from, to } = operation;
  const value = given !== undefined && "value" in given ? given.value : undefined;
  const ofArray = type.name === "array" && isOf(type.element, operation);
  if (typeof value !== "string" || !(ofArray || isOf(type, operation)))
    return { ...column, type: inType(type, operation) };
  return {
    ...column,
    type: inType(type, operation),
    default: { value: ofArray ? inArray(value, from, to) : value === from ? to : value },
  };
}

/** The bounds of a partition name values without their type. */
function inBounds(table: Table, find: FindTable, operation: RenameEnumValue): Table {
  const bounds = table.options?.postgresql?.["values"];
  const above = typeof bounds === "string" ? (ancestorsOf(table, find) ?? []) : [];
  if (
    typeof bounds !== "string" ||
    !above.some(({ columns }) => columns.some(({ type }) => isOf(type, operation)))
  )
    return table;
  const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  const values = bounds.replace(/'(?:[^']|'')*'/gu, (word) =>
    word === quoted(operation.from) ? quoted(operation.to) : word,
  );
  return {
    ...table,
    options: { ...table.options, postgresql: { ...table.options?.postgresql, values } },
  };
}

function inObject(object: SchemaObject, operation: RenameEnumValue): SchemaObject {
  // the body of a routine is a text to the server: it keeps the old word
  if (object.kind === "function" || object.kind === "procedure") return object;
  return withExpressions(object, operation);
}

/**
 * What the database is after `ALTER TYPE … RENAME VALUE`: constants are held by the value's identity, so that
 * defaults, checks, indexes, views, policies and bounds of partitions have the new name at once.
 */
export function renameEnumValue(metadata: MetaData, operation: RenameEnumValue): MetaData {
  const { enum: name } = operation;
  const find: FindTable = (wanted) => metadata.tables.find((table) => sameTable(table, wanted));
  return {
    ...metadata,
    objects: metadata.objects.map((object) =>
      object.kind === "enum" && sameTable(object, name)
        ? { ...object, values: renamed(object.values, operation) }
        : inObject(object, operation),
    ),
    tables: metadata.tables.map((table) => {
      const bound = withExpressions(inBounds(table, find, operation), operation);
      return { ...bound, columns: bound.columns.map((column) => inColumn(column, operation)) };
    }),
  };
}
