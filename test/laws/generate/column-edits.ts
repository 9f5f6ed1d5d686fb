import type { Column, MetaData, Table } from "../../../src/schema/index.ts";
import type { Choices } from "./choices.ts";
import { computedColumn, someColumn, someIdentity } from "./columns.ts";
import { onColumn, onTable } from "./edit.ts";
import { isMysql, type Kind } from "./kinds.ts";
import { freshName } from "./names.ts";
import { isTable } from "./repair.ts";
import { uses } from "./uses.ts";
import { enumsOf, someComment } from "./surroundings.ts";
import { familyOf, HELD_VALUES, someType } from "./types.ts";
import { someDefault } from "./values.ts";

const inForeignKey = (metadata: MetaData, table: Table, name: string): boolean =>
  table.constraints.some((item) => item.kind === "foreignKey" && item.columns.includes(name)) ||
  metadata.tables.some((other) =>
    other.constraints.some(
      (item) =>
        item.kind === "foreignKey" &&
        isTable(item.references, table) &&
        item.references.columns.includes(name),
    ),
  );

/** Takes away what was made for values of another family. */
function withoutUsers(table: Table, name: string, kind: Kind): Table {
  return {
    ...table,
    columns: table.columns.filter(
      (column) =>
        column.computed === undefined || !uses(column.computed.expression, kind).includes(name),
    ),
    constraints: table.constraints.filter(
      (item) => item.kind !== "check" || !uses(item.expression, kind).includes(name),
    ),
    indexes: table.indexes.filter(
      (index) =>
        !index.elements.some(
          (element) =>
            element.expression !== undefined && uses(element.expression, kind).includes(name),
        ) && !(index.where !== undefined && uses(index.where, kind).includes(name)),
    ),
  };
}

export const addColumn = onTable((choices, table, around) => {
  const column = someColumn(choices, around, table);
  const at = choices.chance(60) ? table.columns.length : choices.below(table.columns.length + 1);
  return { ...table, columns: table.columns.toSpliced(at, 0, column) };
});

export const dropColumn = onTable((choices, table) => {
  const column = choices.pick(table.columns);
  return column === undefined
    ? undefined
    : { ...table, columns: table.columns.filter((item) => item !== column) };
});

export const changeType = onTable((choices, table, { kind, metadata }) => {
  const column = choices.pick(
    table.columns.filter(
      (item) =>
        item.computed === undefined &&
        item.identity === undefined &&
        !inForeignKey(metadata, table, item.name),
    ),
  );
  if (column === undefined) return undefined;
  const type = someType(
    choices,
    kind,
    enumsOf(metadata),
    table.options?.sqlite?.["strict"] === true,
  );
  const family = familyOf(type);
  // the servers have no cast between these and others, rows or none
  const apart = (item: Column["type"]): boolean =>
    isMysql(kind) && (item.name === "uuid" || (item.name === "raw" && item.sql === "point"));
  if (apart(type) !== apart(column.type)) return undefined;
  const alike =
    family === familyOf(column.type) &&
    type.name !== "enum" &&
    type.name !== "set" &&
    type.name !== "array";
  const { default: given, collation, onUpdate, ...rest } = column;
  const kept =
    alike && (given === undefined || "expression" in given || familyOf(type) === "bool")
      ? given
      : someDefaultIf(choices, kind, type, given !== undefined);
  const sameCharset = "charset" in type === "charset" in column.type;
  const changed: Column = {
    ...rest,
    type,
    ...(kept === undefined ? {} : { default: kept }),
    ...(collation !== undefined && family === "string" && sameCharset ? { collation } : {}),
    ...(onUpdate !== undefined &&
    type.name === "timestamp" &&
    JSON.stringify(type) === JSON.stringify(column.type)
      ? { onUpdate }
      : {}),
  };
  const base = alike ? table : withoutUsers(table, column.name, kind);
  return {
    ...base,
    columns: base.columns.map((item) => (item.name === column.name ? changed : item)),
  };
});

function someDefaultIf(
  choices: Choices,
  kind: Kind,
  type: Column["type"],
  wanted: boolean,
): Column["default"] {
  return wanted ? someDefault(choices, kind, type) : undefined;
}

export const changeDefault = onColumn((choices, column, { kind }) => {
  if (column.computed !== undefined || column.identity !== undefined) return undefined;
  const { default: _, ...bare } = column;
  if (column.default !== undefined && choices.chance(40)) return bare;
  const given = someDefault(choices, kind, column.type);
  return given === undefined ? bare : { ...bare, default: given };
});

export const changeNullable = onColumn((_choices, column) =>
  column.computed !== undefined || column.identity !== undefined
    ? undefined
    : { ...column, nullable: !column.nullable },
);

export const changeCollation = onColumn((choices, column, { kind, metadata }, table) => {
  if (
    familyOf(column.type) !== "string" ||
    column.computed !== undefined ||
    inForeignKey(metadata, table, column.name)
  )
    return undefined;
  const { collation, ...bare } = column;
  if (collation !== undefined && choices.chance(40)) return bare;
  const latin = "charset" in column.type && column.type.charset === "latin1";
  const list =
    kind === "postgresql"
      ? ["C", "POSIX"]
      : kind === "sqlite"
        ? ["NOCASE", "RTRIM"]
        : latin
          ? ["latin1_bin", "latin1_general_ci"]
          : ["utf8mb4_bin", "utf8mb4_unicode_ci"];
  return { ...bare, collation: choices.pick(list) ?? "C" };
});

export const changeColumnComment = onColumn((choices, column, { kind }) => {
  if (kind === "sqlite") return undefined;
  const { comment, ...bare } = column;
  return comment !== undefined && choices.chance(40)
    ? bare
    : { ...bare, comment: someComment(choices) };
});

export const changeComputed = onTable((choices, table, { kind }) => {
  const column = choices.pick(table.columns.filter((item) => item.computed !== undefined));
  if (column?.computed === undefined) {
    const name = freshName(
      choices,
      kind,
      new Set(table.columns.map((item) => item.name.toLowerCase())),
    );
    const fresh = computedColumn(choices, kind, table, name);
    return fresh === undefined ? undefined : { ...table, columns: [...table.columns, fresh] };
  }
  const { computed } = column;
  const turned =
    kind === "postgresql"
      ? undefined
      : { ...column, computed: { ...computed, stored: !computed.stored } };
  const other = choices.chance(50) ? turned : computedColumn(choices, kind, table, column.name);
  return other === undefined
    ? undefined
    : { ...table, columns: table.columns.map((item) => (item === column ? other : item)) };
});

/** What rows may hold stays. */
export function changedValues(choices: Choices, values: readonly string[]): readonly string[] {
  const extra = ["new", "it''s", "neu ß"].filter((item) => !values.includes(item));
  if (choices.chance(60) || values.length < 3)
    return values.toSpliced(
      choices.chance(60) ? values.length : choices.below(values.length + 1),
      0,
      choices.pick(extra) ?? "other",
    );
  if (!choices.chance(70)) return values.toReversed();
  const gone = choices.pick(values.filter((value) => !HELD_VALUES.includes(value)));
  return values.filter((value) => value !== gone);
}

export const changeInlineEnum = onColumn((choices, column) =>
  column.type.name === "enum" && column.type.enumName === undefined
    ? {
        ...withoutDefault(column),
        type: { ...column.type, values: changedValues(choices, column.type.values) },
      }
    : undefined,
);

function withoutDefault(column: Column): Column {
  const { default: _, ...rest } = column;
  return rest;
}

export const changeIdentity = onTable((choices, table, { kind }) => {
  const key = table.constraints.find((item) => item.kind === "primaryKey");
  const column = table.columns.find((item) => item.name === key?.columns[0]);
  if (column === undefined || familyOf(column.type) !== "int") return undefined;
  const { identity, default: _, ...bare } = column;
  const next: Column =
    identity !== undefined && choices.chance(50)
      ? bare
      : { ...bare, identity: someIdentity(choices, kind) };
  return { ...table, columns: table.columns.map((item) => (item === column ? next : item)) };
});

export const moveColumn = onTable((choices, table, { kind }) => {
  // PostgreSQL cannot
  const column = kind === "postgresql" ? undefined : choices.pick(table.columns);
  if (column === undefined) return undefined;
  const others = table.columns.filter((item) => item !== column);
  return {
    ...table,
    columns: others.toSpliced(choices.below(others.length + 1), 0, column),
  };
});
