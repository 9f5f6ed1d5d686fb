import type { Column, Index, Table } from "../../../src/schema/index.ts";
import { COMPRESSIBLE } from "./columns.ts";
import type { Kind } from "./kinds.ts";
import { columnsUsed, uses } from "./uses.ts";

/** A partitioned table has no foreign keys to or from it, no words or places indexed, and its key in every other. */
function canBePartitioned(table: Table, referenced: ReadonlySet<string>): boolean {
  const key = table.constraints.find(({ kind }) => kind === "primaryKey");
  if (key === undefined || !("columns" in key) || referenced.has(table.name)) return false;
  const holdsKey = (columns: readonly (string | undefined)[]): boolean =>
    key.columns.every((column) => columns.includes(column));
  return (
    table.constraints.every(
      (item) => item.kind !== "foreignKey" && (item.kind !== "unique" || holdsKey(item.columns)),
    ) &&
    table.indexes.every(
      ({ unique, method, elements }) =>
        method === undefined &&
        // MySQL 9.1 takes no prefix of a column beside PARTITION BY KEY () (6123)
        elements.every(({ length }) => length === undefined) &&
        (unique !== true || holdsKey(elements.map(({ column }) => column))),
    ) &&
    table.columns.every(({ type }) => type.name !== "raw")
  );
}

/** MySQL counts a default that is an expression as generated: what is computed from the column comes behind it (3107). */
function inComputableOrder(columns: readonly Column[], kind: Kind): readonly Column[] {
  const isEarly = (column: Column, at: number): boolean =>
    column.computed !== undefined &&
    columns
      .slice(at + 1)
      .some(
        ({ name, default: value }) =>
          value !== undefined &&
          "expression" in value &&
          column.computed !== undefined &&
          uses(column.computed.expression, kind).includes(name),
      );
  const early = columns.filter(isEarly);
  return [...columns.filter((column) => !early.includes(column)), ...early];
}

/** The first unique index over columns without nulls is the primary key where there is none, and stays visible. */
function visibleKey(index: Index, table: Table): Index {
  const isKey =
    index.unique === true &&
    !table.constraints.some((item) => item.kind === "primaryKey") &&
    index.elements.every((element) =>
      table.columns.some(({ name, nullable }) => name === element.column && !nullable),
    );
  const { invisible: _, ...visible } = index;
  return isKey ? visible : index;
}

/** What partitions, histories and compression of MySQL and MariaDB do not go with. */
export function repairOwn(table: Table, referenced: ReadonlySet<string>, kind: Kind): Table {
  const given = table.options?.mysql ?? {};
  const { partitionBy, ...rest } = given;
  const options = partitionBy === undefined || canBePartitioned(table, referenced) ? given : rest;
  const used = new Set([
    ...table.constraints.flatMap((item) => columnsUsed(item, kind)),
    ...table.indexes.flatMap((item) => columnsUsed(item, kind)),
    ...table.columns.flatMap(({ computed }) =>
      computed === undefined ? [] : uses(computed.expression, kind),
    ),
  ]);
  const columns = table.columns.map((column) => {
    const { options: own, ...bare } = column;
    const misfits =
      (own?.["compressed"] === true &&
        (used.has(column.name) ||
          column.computed !== undefined ||
          !COMPRESSIBLE.includes(column.type.name))) ||
      (own?.["systemVersioning"] === false &&
        (options["systemVersioning"] !== true || column.computed !== undefined));
    return misfits ? bare : column;
  });
  const { options: _all, ...bare } = table;
  return {
    ...bare,
    columns: inComputableOrder(columns, kind),
    indexes: table.indexes.map((index) => visibleKey(index, table)),
    ...(Object.keys(options).length === 0 ? {} : { options: { mysql: options } }),
  };
}
