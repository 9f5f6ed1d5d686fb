import type { Column, Options, Table, TableName } from "./types.ts";

/**
 * PostgreSQL's partitions and inheriting tables. Such a table says what is its own; the columns, checks and
 * keys of its parents are its too.
 */
const PATH = /(?:"(?:[^"]|"")*"|[^,.\s"]+)(?:\.(?:"(?:[^"]|"")*"|[^,.\s"]+))?/g;
const NAME = /"(?:[^"]|"")*"|[^.]+/g;

function bare(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

function word(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A table's path as `partitionOf` and `inherits` have it: quotes only where they are needed. */
export function parentPath({ schema, name }: TableName): string {
  return schema === undefined ? word(name) : `${word(schema)}.${word(name)}`;
}

/** The names in a list of paths. */
export function parsePaths(paths: string): readonly TableName[] {
  return (paths.match(PATH) ?? []).map((path) => {
    const [first = "", second] = (path.match(NAME) ?? []).map(bare);
    return second === undefined ? { name: first } : { schema: first, name: second };
  });
}

function pathsIn(options: Options | undefined): string {
  const { partitionOf, inherits } = options ?? {};
  return [partitionOf, inherits].filter((value) => typeof value === "string").join(", ");
}

/** The tables that a table takes columns from. */
export function parentsOf({ options }: Pick<Table, "options">): readonly TableName[] {
  return parsePaths(pathsIn(options?.postgresql));
}

/** What finds a table by its name. */
export type FindTable = (name: TableName) => Table | undefined;

/** All tables above a table, nearest first; undefined where one of them is not known. */
export function ancestorsOf(table: Table, find: FindTable): readonly Table[] | undefined {
  const found: Table[] = [];
  for (const name of parentsOf(table)) {
    const parent = find(name);
    const above = parent === undefined || parent === table ? undefined : ancestorsOf(parent, find);
    if (parent === undefined || above === undefined) return undefined;
    found.push(parent, ...above);
  }
  return found;
}

/** The columns that a table has in the database, its parents' first; undefined where a parent is not known. */
export function allColumns(table: Table, find: FindTable): readonly Column[] | undefined {
  const ancestors = ancestorsOf(table, find);
  if (ancestors === undefined) return undefined;
  const columns = new Map<string, Column>();
  for (const { columns: inherited } of ancestors.toReversed())
    for (const column of inherited) if (!columns.has(column.name)) columns.set(column.name, column);
  for (const column of table.columns) columns.set(column.name, column);
  return [...columns.values()];
}

/** The options with the parent under its new name. */
export function renameParent(options: Options, from: TableName, to: TableName): Options {
  const renamed = (value: string): string =>
    parsePaths(value)
      .map((name) => parentPath(name.name === from.name && name.schema === from.schema ? to : name))
      .join(", ");
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key,
      (key === "partitionOf" || key === "inherits") && typeof value === "string"
        ? renamed(value)
        : value,
    ]),
  );
}
