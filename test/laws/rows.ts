import type { Column, ForeignKey, MetaData, Table } from "../../src/schema/index.ts";
import { allColumns, parentsOf } from "../../src/schema/parents.ts";
import { isMysql, type Kind } from "./generate/kinds.ts";
import { isTable } from "./generate/repair.ts";
import { uses } from "./generate/uses.ts";
import { familyOf } from "./generate/types.ts";
import { rowLiteral } from "./generate/values.ts";
import type { RowSnapshot } from "./judge/index.ts";
import type { Workplace } from "./workplace.ts";

const NUMBERS: readonly string[] = ["int", "decimal", "float"];

/** A column that can come and go while there are rows. */
function comesAndGoes(column: Column, table: Table): boolean {
  const inKey = table.constraints.some(
    (item) =>
      ("columns" in item && item.columns.includes(column.name)) ||
      (item.kind === "exclude" && uses(item.definition, "postgresql").includes(column.name)),
  );
  const inUnique = table.indexes.some(
    (index) =>
      index.unique === true && index.elements.some((element) => element.column === column.name),
  );
  if (column.identity !== undefined || column.computed !== undefined)
    return !inKey && !inUnique && column.identity === undefined;
  if (column.default !== undefined) return !inKey && !inUnique;
  return (
    column.nullable &&
    !table.constraints.some(
      (item) =>
        item.kind === "unique" &&
        item.nullsNotDistinct === true &&
        item.columns.includes(column.name),
    )
  );
}

/** A column whose values can become the new ones and come back. */
function changesFreely(from: Column, to: Column): boolean {
  if ((from.computed === undefined) !== (to.computed === undefined)) return false;
  const [before, after] = [familyOf(from.type), familyOf(to.type)];
  if (NUMBERS.includes(before) && NUMBERS.includes(after))
    return from.type.name !== "year" && to.type.name !== "year";
  if (before === "string" && after === "string") return true;
  if (before === "enum" && after === "enum")
    return "enumName" in from.type === "enumName" in to.type;
  return JSON.stringify(from.type) === JSON.stringify(to.type);
}

const keys = (table: Table): readonly ForeignKey[] =>
  table.constraints.filter((item): item is ForeignKey => item.kind === "foreignKey");

/** What a table inherits from, with all that it has. */
const above = (table: Table): readonly ForeignKey["references"][] =>
  table.options?.postgresql?.["partitionOf"] === undefined
    ? parentsOf(table).map((parent) => ({ ...parent, columns: [] }))
    : [];

/** The tables that may hold rows while A becomes B and comes back; those of a partition come through its parent. */
export function tablesWithRows(before: MetaData, after: MetaData): readonly Table[] {
  const calm = before.tables.filter((table) => {
    if (table.options?.postgresql?.["partitionOf"] !== undefined) return false;
    const next = after.tables.find((item) => isTable(item, table));
    if (next === undefined) return true;
    // its rows need not be within the bounds
    if (next.options?.postgresql?.["partitionOf"] !== undefined) return false;
    return (
      table.columns.every((column) => {
        const same = next.columns.find(({ name }) => name === column.name);
        return same === undefined ? comesAndGoes(column, table) : changesFreely(column, same);
      }) &&
      next.columns.every(
        (column) =>
          table.columns.some(({ name }) => name === column.name) || comesAndGoes(column, next),
      )
    );
  });
  for (;;) {
    // a parent, or a column of it, that is gone in B comes back empty
    const holds = (target: ForeignKey["references"]): boolean =>
      calm.some((item) => isTable(item, target)) &&
      [before, after].every(({ tables }) =>
        tables.some(
          (item) =>
            isTable(item, target) &&
            target.columns.every((name) => item.columns.some((column) => column.name === name)),
        ),
      );
    const lost = calm.findIndex((table) => {
      const next = after.tables.find((item) => isTable(item, table));
      return [table, ...(next === undefined ? [] : [next])]
        .flatMap((item) => [...keys(item).map(({ references }) => references), ...above(item)])
        .some((target) => !holds(target));
    });
    if (lost === -1) return calm;
    calm.splice(lost, 1);
  }
}

const quoted = (kind: Kind, name: string): string =>
  isMysql(kind) ? `\`${name.replaceAll("`", "``")}\`` : `"${name.replaceAll('"', '""')}"`;
const path = (kind: Kind, table: Table): string =>
  [...(table.schema === undefined ? [] : [table.schema]), table.name]
    .map((name) => quoted(kind, name))
    .join(".");

const SETTINGS: Readonly<Record<Kind, readonly [string, string]>> = {
  sqlite: ["PRAGMA foreign_keys = OFF", ""],
  postgresql: ["SET session_replication_role = replica", "SET session_replication_role = origin"],
  mysql: ["SET foreign_key_checks = 0", "SET foreign_key_checks = 1"],
  mariadb: ["SET foreign_key_checks = 0", "SET foreign_key_checks = 1"],
};

/**
 * Puts two rows into each of the tables, alike in all of them, so that every reference is met.
 * @returns the SQL
 */
export function insertStatements(kind: Kind, tables: readonly Table[]): readonly string[] {
  return tables.flatMap((table) => {
    const all = allColumns(table, (name) => tables.find((item) => isTable(item, name)));
    const columns = (all ?? table.columns).filter((column) => column.computed === undefined);
    return [0, 1].map((at) => {
      const names = columns.map(({ name }) => quoted(kind, name)).join(", ");
      const always = columns.some((column) => column.identity?.always === true)
        ? " OVERRIDING SYSTEM VALUE"
        : "";
      const values = columns.map(({ type }) => cast(kind, type, at)).join(", ");
      return `INSERT INTO ${path(kind, table)} (${names})${always} VALUES (${values})`;
    });
  });
}

function cast(kind: Kind, type: Column["type"], at: number): string {
  const value = rowLiteral(kind, type, at);
  if (kind !== "postgresql" || type.name !== "array" || type.element.name !== "enum") return value;
  const element = type.element;
  if (element.enumName === undefined) return value;
  return value.replace(
    "::text[]",
    `::${quoted(kind, element.schema ?? "public")}.${quoted(kind, element.enumName)}[]`,
  );
}

export async function insertRows(place: Workplace, tables: readonly Table[]): Promise<void> {
  const [first, last] = SETTINGS[place.kind];
  const statements = insertStatements(place.kind, tables);
  if (statements.length === 0) return;
  await place.run([first, ...statements, last].filter((text) => text !== "").join(";\n"));
}

const fullName = (kind: Kind, { schema = "public", name }: Table): string =>
  kind === "postgresql"
    ? `${schema}.${name}`
    : kind === "sqlite"
      ? name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
      : name;

/** The columns that a change does not name, of the tables that stay. */
function untouched(
  before: MetaData,
  after: MetaData,
): readonly { readonly table: Table; readonly columns: readonly string[] }[] {
  return before.tables.flatMap((table) => {
    const next = after.tables.find((item) => isTable(item, table));
    if (next === undefined) return [];
    const columns = table.columns.filter((column) => {
      const other = next.columns.find(({ name }) => name === column.name);
      return (
        other !== undefined &&
        column.computed === undefined &&
        JSON.stringify(column.type) === JSON.stringify(other.type) &&
        other.computed === undefined
      );
    });
    return [{ table, columns: columns.map(({ name }) => name) }];
  });
}

/** What is wrong with the rows after a change: counts, and values in columns that the change did not name. */
export function lostRows(
  kind: Kind,
  before: MetaData,
  after: MetaData,
  old: RowSnapshot,
  now: RowSnapshot,
): readonly string[] {
  return untouched(before, after).flatMap(({ table, columns }) => {
    const name = fullName(kind, table);
    const [expected, got] = [old[name] ?? [], now[name] ?? []];
    if (expected.length !== got.length)
      return [`rows of ${name}: expected ${String(expected.length)}, got ${String(got.length)}`];
    const project = (rows: RowSnapshot[string]): string =>
      JSON.stringify(
        rows.map((row) => JSON.stringify(columns.map((column) => row[column] ?? null))).toSorted(),
      );
    const [left, right] = [project(expected), project(got)];
    return left === right ? [] : [`rows of ${name}: expected ${left}, got ${right}`];
  });
}
