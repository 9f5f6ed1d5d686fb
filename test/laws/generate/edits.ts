import type {
  Column,
  Constraint,
  EnumType,
  Index,
  MetaData,
  Table,
} from "../../../src/schema/index.ts";
import { Choices } from "./choices.ts";
import { isMysql, type Kind } from "./kinds.ts";
import { freshName } from "./names.ts";
import { isTable, repair, uses } from "./repair.ts";
import {
  computedColumn,
  enumsOf,
  someActions,
  someCheckConstraint,
  someColumn,
  someComment,
  someEnum,
  someForeignKey,
  someIdentity,
  someIndex,
  someOptions,
  somePrimaryKey,
  someTable,
  someUnique,
  takenNames,
  type Surroundings,
} from "./schema.ts";
import { familyOf, someType } from "./types.ts";
import { someDefault } from "./values.ts";

type Edit = (choices: Choices, around: Surroundings) => MetaData | undefined;

export function putTable(metadata: MetaData, table: Table): MetaData {
  return {
    ...metadata,
    tables: metadata.tables.map((item) => (isTable(item, table) ? table : item)),
  };
}

/** An edit of one table that is drawn. */
const onTable =
  (change: (choices: Choices, table: Table, around: Surroundings) => Table | undefined): Edit =>
  (choices, around) => {
    const table = choices.pick(around.metadata.tables);
    const changed = table === undefined ? undefined : change(choices, table, around);
    return changed === undefined ? undefined : putTable(around.metadata, changed);
  };

/** An edit of one column that is drawn. */
const onColumn = (
  change: (
    choices: Choices,
    column: Column,
    around: Surroundings,
    table: Table,
  ) => Column | undefined,
): Edit =>
  onTable((choices, table, around) => {
    const column = choices.pick(table.columns);
    const changed = column === undefined ? undefined : change(choices, column, around, table);
    return changed === undefined
      ? undefined
      : { ...table, columns: table.columns.map((item) => (item === column ? changed : item)) };
  });

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

const addColumn = onTable((choices, table, around) => {
  const column = someColumn(choices, around, table);
  const at = choices.chance(60) ? table.columns.length : choices.below(table.columns.length + 1);
  return { ...table, columns: table.columns.toSpliced(at, 0, column) };
});

const dropColumn = onTable((choices, table) => {
  const column = choices.pick(table.columns);
  return column === undefined
    ? undefined
    : { ...table, columns: table.columns.filter((item) => item !== column) };
});

const changeType = onTable((choices, table, { kind, metadata }) => {
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

const changeDefault = onColumn((choices, column, { kind }) => {
  if (column.computed !== undefined || column.identity !== undefined) return undefined;
  const { default: _, ...bare } = column;
  if (column.default !== undefined && choices.chance(40)) return bare;
  const given = someDefault(choices, kind, column.type);
  return given === undefined ? bare : { ...bare, default: given };
});

const changeNullable = onColumn((_choices, column) =>
  column.computed !== undefined || column.identity !== undefined
    ? undefined
    : { ...column, nullable: !column.nullable },
);

const changeCollation = onColumn((choices, column, { kind, metadata }, table) => {
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

const changeColumnComment = onColumn((choices, column, { kind }) => {
  if (kind === "sqlite") return undefined;
  const { comment, ...bare } = column;
  return comment !== undefined && choices.chance(40)
    ? bare
    : { ...bare, comment: someComment(choices) };
});

const changeComputed = onTable((choices, table, { kind }) => {
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

const addConstraint = (
  make: (choices: Choices, around: Surroundings, table: Table) => Constraint | undefined,
): Edit =>
  onTable((choices, table, around) => {
    const found = make(choices, around, table);
    if (found === undefined) return undefined;
    // a constraint without a name gets it from the history: only one made with the table is the same in two histories
    const named: Constraint =
      found.name !== undefined || around.kind === "sqlite"
        ? found
        : { ...found, name: freshName(choices, around.kind, takenNames(around.metadata), "c_") };
    return { ...table, constraints: [...table.constraints, named] };
  });

const dropConstraint = onTable((choices, table) => {
  const found = choices.pick(table.constraints);
  return found === undefined
    ? undefined
    : { ...table, constraints: table.constraints.filter((item) => item !== found) };
});

/** The same name, another content. */
const changeConstraint = onTable((choices, table, around) => {
  const found = choices.pick(
    table.constraints.filter((item) => item.name !== undefined || item.kind === "primaryKey"),
  );
  if (found === undefined) return undefined;
  const replacement = replace(choices, found, table, around);
  if (replacement === undefined) return undefined;
  const { name: _, ...rest } = replacement;
  const next: Constraint = found.name === undefined ? rest : { ...rest, name: found.name };
  return { ...table, constraints: table.constraints.map((item) => (item === found ? next : item)) };
});

function replace(
  choices: Choices,
  found: Constraint,
  table: Table,
  around: Surroundings,
): Constraint | undefined {
  if (found.kind === "check") return someCheckConstraint(choices, around, table);
  if (found.kind === "unique") return someUnique(choices, around, table);
  if (found.kind === "primaryKey") return somePrimaryKey(choices, around, table);
  if (found.kind === "exclude") return undefined;
  const { onDelete: _a, onUpdate: _b, deferrable: _c, initiallyDeferred: _d, ...rest } = found;
  return { ...rest, ...someActions(choices, around.kind) };
}

const renameConstraint = onTable((choices, table, { kind, metadata }) => {
  const found = choices.pick(table.constraints.filter((item) => item.name !== undefined));
  if (found === undefined || (isMysql(kind) && found.kind === "primaryKey")) return undefined;
  const name = freshName(choices, kind, takenNames(metadata), "re_");
  return {
    ...table,
    constraints: table.constraints.map((item) => (item === found ? { ...item, name } : item)),
  };
});

const addForeignKey = onTable((choices, table, around) => {
  const found = someForeignKey(choices, around, table);
  if (found === undefined) return undefined;
  const { key } = found;
  const name = key.name ?? freshName(choices, around.kind, takenNames(around.metadata), "fk_");
  return {
    ...table,
    columns: [...table.columns, ...found.columns],
    constraints: [...table.constraints, { ...key, name }],
  };
});

const addIndex = onTable((choices, table, around) => {
  const found = someIndex(choices, around, table);
  return found === undefined ? undefined : { ...table, indexes: [...table.indexes, found] };
});

const changeIndex = onTable((choices, table, around) => {
  const found = choices.pick(table.indexes);
  if (found === undefined) return undefined;
  if (choices.chance(40))
    return { ...table, indexes: table.indexes.filter((item) => item !== found) };
  const other = someIndex(choices, around, table);
  const { name } = found;
  const next: Index | undefined =
    other === undefined || name === undefined ? undefined : { ...other, name };
  return next === undefined
    ? undefined
    : { ...table, indexes: table.indexes.map((item) => (item === found ? next : item)) };
});

const addTable: Edit = (choices, around) => {
  const columns = Array.from({ length: choices.between(1, 3) }, () =>
    Array.from({ length: 12 }, () => choices.next()),
  );
  return {
    ...around.metadata,
    tables: [...around.metadata.tables, someTable(choices, around, columns)],
  };
};

const dropTable: Edit = (choices, { metadata }) => {
  const table = choices.pick(metadata.tables);
  return table === undefined
    ? undefined
    : { ...metadata, tables: metadata.tables.filter((item) => item !== table) };
};

const changeEnum: Edit = (choices, around) => {
  const { metadata, kind } = around;
  if (kind !== "postgresql") return undefined;
  const enums = enumsOf(metadata);
  const found = choices.pick(enums);
  if (found === undefined || choices.chance(15))
    return { ...metadata, objects: [...metadata.objects, someEnum(choices, around)] };
  if (choices.chance(10))
    return { ...metadata, objects: metadata.objects.filter((item) => item !== found) };
  const next: EnumType = { ...found, values: changedValues(choices, found.values) };
  return { ...metadata, objects: metadata.objects.map((item) => (item === found ? next : item)) };
};

/** The first two values stay: rows hold them. */
function changedValues(choices: Choices, values: readonly string[]): readonly string[] {
  const extra = ["new", "it''s", "neu ß"].filter((item) => !values.includes(item));
  if (choices.chance(60) || values.length < 3)
    return values.toSpliced(
      choices.chance(60) ? values.length : choices.below(values.length + 1),
      0,
      choices.pick(extra) ?? "other",
    );
  return choices.chance(70)
    ? values.toSpliced(2 + choices.below(values.length - 2), 1)
    : values.toReversed();
}

const changeInlineEnum = onColumn((choices, column) =>
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

const changeTableComment = onTable((choices, table, { kind }) => {
  if (kind === "sqlite") return undefined;
  const { comment, ...bare } = table;
  return comment !== undefined && choices.chance(40)
    ? bare
    : { ...bare, comment: someComment(choices) };
});

const changeOptions = onTable((choices, table, { kind }) => {
  const { options, ...bare } = table;
  if (options !== undefined && choices.chance(50)) return bare;
  const given = someOptions(choices, kind);
  // strict knows few types: only a table that has it from its birth
  if (kind === "sqlite" && (options !== undefined || given.options?.sqlite?.["strict"] === true))
    return undefined;
  return { ...bare, ...given };
});

const changeIdentity = onTable((choices, table, { kind }) => {
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

const moveColumn = onTable((choices, table, { kind }) => {
  // PostgreSQL cannot
  const column = kind === "postgresql" ? undefined : choices.pick(table.columns);
  if (column === undefined) return undefined;
  const others = table.columns.filter((item) => item !== column);
  return {
    ...table,
    columns: others.toSpliced(choices.below(others.length + 1), 0, column),
  };
});

const EDITS: readonly [Edit, ...Edit[]] = [
  addColumn,
  addColumn,
  dropColumn,
  moveColumn,
  moveColumn,
  changeType,
  changeType,
  changeDefault,
  changeDefault,
  changeNullable,
  changeCollation,
  changeColumnComment,
  changeComputed,
  addConstraint(someCheckConstraint),
  addConstraint(someUnique),
  changeConstraint,
  changeConstraint,
  dropConstraint,
  renameConstraint,
  addForeignKey,
  addForeignKey,
  addIndex,
  addIndex,
  changeIndex,
  addTable,
  dropTable,
  changeEnum,
  changeInlineEnum,
  changeTableComment,
  changeOptions,
  changeIdentity,
];

/** Applies one edit; a schema to which it does not apply stays as it is. */
export function edit(metadata: MetaData, numbers: readonly number[], kind: Kind): MetaData {
  const choices = new Choices(numbers);
  const changed = choices.one(EDITS)(choices, { kind, metadata });
  return changed === undefined ? metadata : repair(changed, kind);
}
