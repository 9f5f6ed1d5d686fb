import type {
  Column,
  ColumnType,
  Constraint,
  EnumType,
  ForeignKey,
  Identity,
  Index,
  IndexElement,
  MetaData,
  Options,
  ReferentialAction,
  Table,
} from "../../../src/schema/index.ts";
import { text } from "../../../src/schema/index.ts";
import { Choices } from "./choices.ts";
import { isMysql, type Kind } from "./kinds.ts";
import { freshName } from "./names.ts";
import { enumValues, familyOf, isKeyable, someType } from "./types.ts";
import {
  someCheck,
  someComputed,
  someDefault,
  someIndexExpression,
  somePredicate,
} from "./values.ts";

/** What a generator has to go by: the database, what it can do, and the state so far. */
export interface Surroundings {
  readonly kind: Kind;
  readonly metadata: MetaData;
}

/** Names that are taken anywhere: tables, constraints, indexes, enums live in one space on some database. */
export function takenNames(metadata: MetaData): ReadonlySet<string> {
  const names = metadata.tables.flatMap((table) => [
    table.name,
    ...[...table.constraints, ...table.indexes].flatMap(({ name }) => name ?? []),
  ]);
  return new Set(
    [...names, ...metadata.objects.map(({ name }) => name)].map((name) => name.toLowerCase()),
  );
}

const COMMENTS = [
  "plain",
  'it\'s "quoted"',
  "größe 日本",
  "back\\slash",
  "two\nlines",
  "100% ${x} ;",
  "*/ done",
] as const;
export const someComment = (choices: Choices): string => choices.one(COMMENTS);

function collationFor(choices: Choices, kind: Kind, type: ColumnType): string | undefined {
  if (familyOf(type) !== "string") return undefined;
  if (kind === "postgresql") return choices.one(["C", "POSIX", "en-x-icu"]);
  if (kind === "sqlite") return choices.one(["NOCASE", "RTRIM"]);
  if ("charset" in type && type.charset === "latin1")
    return choices.one(["latin1_bin", "latin1_general_ci"]);
  return choices.one(["utf8mb4_bin", "utf8mb4_unicode_ci"]);
}

const strictOf = (table: Pick<Table, "options">): boolean =>
  table.options?.sqlite?.["strict"] === true;

/** A new column that stands alone: no key, no reference. */
export function someColumn(
  choices: Choices,
  { kind, metadata }: Surroundings,
  table: Table,
): Column {
  const taken = new Set(table.columns.map(({ name }) => name.toLowerCase()));
  const name = freshName(choices, kind, taken);
  const type = someType(choices, kind, enumsOf(metadata), strictOf(table));
  if (choices.chance(10)) {
    const computed = computedColumn(choices, kind, table, name);
    if (computed !== undefined) return computed;
  }
  const column: Column = { name, type, nullable: !choices.chance(40) };
  const collation = choices.chance(12) ? collationFor(choices, kind, type) : undefined;
  const given = choices.chance(40) ? someDefault(choices, kind, type) : undefined;
  const onUpdate =
    isMysql(kind) && type.name === "timestamp" && choices.chance(20) ? onUpdateOf(type) : undefined;
  return {
    ...column,
    ...(collation === undefined ? {} : { collation }),
    ...(given === undefined ? {} : { default: given }),
    ...(kind !== "sqlite" && choices.chance(12) ? { comment: someComment(choices) } : {}),
    ...(onUpdate === undefined ? {} : { onUpdate: text(onUpdate) }),
    ...(isMysql(kind) &&
    (column.nullable || given !== undefined) &&
    table.columns.length > 0 &&
    choices.chance(4)
      ? { invisible: true }
      : {}),
    ...(kind === "mariadb" && choices.chance(12) ? ownOptions(choices, type) : {}),
  };
}

/** What only MariaDB knows of a column; the repair takes away what does not fit its table. */
function ownOptions(choices: Choices, type: ColumnType): Pick<Column, "options"> {
  const isLong = ["varchar", "text", "mediumtext", "longtext"].includes(type.name);
  return choices.chance(50) && isLong
    ? { options: { compressed: true } }
    : { options: { systemVersioning: false } };
}

function onUpdateOf(type: ColumnType): string {
  const digits = "precision" in type ? type.precision : undefined;
  return digits === undefined || digits === 0
    ? "CURRENT_TIMESTAMP"
    : `CURRENT_TIMESTAMP(${String(digits)})`;
}

export function enumsOf(metadata: MetaData): readonly EnumType[] {
  return metadata.objects.filter((item): item is EnumType => item.kind === "enum");
}

/** A column that stands in no generated column, default or foreign key of its own. */
function plainColumns(kind: Kind, table: Table): readonly Column[] {
  const referencing = new Set(
    table.constraints.flatMap((item) => (item.kind === "foreignKey" ? item.columns : [])),
  );
  return table.columns.filter(
    // InnoDB: no generated column, no check over a column that a foreign key's action writes
    (column) =>
      column.computed === undefined &&
      !(isMysql(kind) && (column.identity !== undefined || referencing.has(column.name))),
  );
}

export function computedColumn(
  choices: Choices,
  kind: Kind,
  table: Table,
  name: string,
): Column | undefined {
  const base = choices.pick(plainColumns(kind, table));
  // a CHAR's trailing spaces depend on the session: MariaDB stores nothing computed from it
  const padded = isMysql(kind) && base?.type.name === "char";
  const found =
    base === undefined || padded || strictOf(table)
      ? undefined
      : someComputed(choices, base.name, base.type);
  if (found === undefined) return undefined;
  const stored = kind === "postgresql" || choices.chance(50);
  return {
    name,
    type: found.type,
    nullable: true,
    computed: { expression: found.expression, stored },
  };
}

const named = (choices: Choices, { kind, metadata }: Surroundings, prefix: string): string =>
  freshName(choices, kind, takenNames(metadata), prefix);

export function someCheckConstraint(
  choices: Choices,
  around: Surroundings,
  table: Table,
): Constraint | undefined {
  const column = choices.pick(plainColumns(around.kind, table));
  if (column === undefined) return undefined;
  const condition = someCheck(choices, around.kind, column.name, column.type);
  const isFirst = !table.constraints.some(
    (item) => item.kind === "check" && item.name === undefined,
  );
  // MySQL builds the name from the table's, which may be too long for it already
  const unnamed =
    isFirst && choices.chance(15) && !(isMysql(around.kind) && table.name.length > 50);
  return {
    kind: "check",
    ...(unnamed ? {} : { name: named(choices, around, "ck_") }),
    expression: condition,
  };
}

const keyColumns = (kind: Kind, table: Table): readonly Column[] =>
  table.columns.filter((column) => isKeyable(kind, column.type) && column.computed === undefined);

/** Columns that a unique constraint of the table does not have yet. */
export function someUnique(
  choices: Choices,
  around: Surroundings,
  table: Table,
): Constraint | undefined {
  const columns = choices.some(keyColumns(around.kind, table), 1, 2).map(({ name }) => name);
  const exists = table.constraints.some(
    (item) =>
      (item.kind === "unique" || item.kind === "primaryKey") && sameSet(item.columns, columns),
  );
  if (columns.length === 0 || exists) return undefined;
  const postgresql = around.kind === "postgresql";
  const base = {
    kind: "unique" as const,
    ...(choices.chance(20) && !isMysql(around.kind) ? {} : { name: named(choices, around, "uq_") }),
    columns,
  };
  if (postgresql && choices.chance(10))
    return {
      ...base,
      deferrable: true,
      ...(choices.chance(50) ? { initiallyDeferred: true } : {}),
    };
  return postgresql && choices.chance(10) ? { ...base, nullsNotDistinct: true } : base;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

export function somePrimaryKey(
  choices: Choices,
  around: Surroundings,
  table: Table,
): Constraint | undefined {
  const candidates = keyColumns(around.kind, table);
  const columns = choices.some(candidates, 1, 2).map(({ name }) => name);
  if (columns.length === 0) return undefined;
  const name =
    choices.chance(30) && !isMysql(around.kind) ? { name: named(choices, around, "pk_") } : {};
  return { kind: "primaryKey", ...name, columns };
}

/** Identity options of a column that the database numbers. */
export function someIdentity(choices: Choices, kind: Kind): Identity {
  if (kind !== "postgresql") return {};
  if (choices.chance(30)) return { serial: true };
  const always = choices.chance(40) ? { always: true } : {};
  return {
    ...always,
    ...choices.one<Identity>([
      {},
      {},
      { start: 100n },
      { start: 5n, increment: 5n },
      { cache: 10n },
      { minValue: 1n, maxValue: 30000n, cycle: true },
    ]),
  };
}

function element(choices: Choices, kind: Kind, column: Column): IndexElement {
  const base = { column: column.name };
  const order = choices.chance(20) ? { order: "desc" as const } : {};
  if (kind === "postgresql") {
    if (choices.chance(10))
      return { ...base, ...order, nulls: order.order === "desc" ? "last" : "first" };
    if (column.type.name === "text" && choices.chance(15))
      return { ...base, operatorClass: "text_pattern_ops" };
    if (familyOf(column.type) === "string" && choices.chance(10))
      return { ...base, collation: "C", ...order };
  }
  if (kind === "sqlite" && familyOf(column.type) === "string" && choices.chance(15))
    return { ...base, collation: "NOCASE", ...order };
  if (
    isMysql(kind) &&
    familyOf(column.type) === "string" &&
    (!isKeyable(kind, column.type) || choices.chance(15))
  ) {
    const longest =
      "length" in column.type && column.type.length !== undefined
        ? column.type.length
        : column.type.name === "char"
          ? 1
          : 100;
    if (longest > 3 || !isKeyable(kind, column.type))
      return { ...base, length: Math.min(3, longest), ...order };
  }
  return { ...base, ...order };
}

function specialIndex(
  choices: Choices,
  around: Surroundings,
  table: Table,
  name: string,
): Index | undefined {
  const { kind } = around;
  const column = choices.pick(table.columns.filter((item) => item.computed === undefined));
  if (column === undefined) return undefined;
  const family = familyOf(column.type);
  if (isMysql(kind))
    return family === "string" && column.type.name !== "char"
      ? {
          name,
          elements: [{ column: column.name }],
          method: "fulltext",
          ...(kind === "mysql" && choices.chance(30) ? { options: { parser: "ngram" } } : {}),
        }
      : undefined;
  if (kind !== "postgresql") return undefined;
  const methods = [
    ...(family === "range" ? ["gist"] : []),
    ...(column.type.name === "jsonb" || family === "array" ? ["gin"] : []),
    ...(["int", "string", "uuid", "date"].includes(family) ? ["hash"] : []),
    ...(["int", "date", "timestamp"].includes(family) ? ["brin"] : []),
  ];
  const method = choices.pick(methods);
  return method === undefined ? undefined : { name, elements: [{ column: column.name }], method };
}

export function someIndex(choices: Choices, around: Surroundings, table: Table): Index | undefined {
  const { kind } = around;
  const name = named(choices, around, "ix_");
  if (choices.chance(15)) {
    const special = specialIndex(choices, around, table, name);
    if (special !== undefined) return special;
  }
  const usable = table.columns.filter(
    (column) =>
      isKeyable(kind, column.type) || (isMysql(kind) && familyOf(column.type) === "string"),
  );
  const columns = choices.some(usable, 1, 3);
  const [first] = columns;
  if (first === undefined) return undefined;
  const elements: IndexElement[] = columns.map((column) => element(choices, kind, column));
  if (kind !== "mariadb" && choices.chance(15) && first.computed === undefined) {
    const found = someIndexExpression(choices, kind, first.name, first.type);
    if (found !== undefined && !(kind === "mysql" && !isKeyable(kind, first.type)))
      elements[0] = { expression: found };
  }
  const plain = elements.every((item) => item.expression === undefined);
  const unique = choices.chance(20) ? { unique: true } : {};
  const partial =
    !isMysql(kind) && choices.chance(20) && first.computed === undefined
      ? { where: somePredicate(choices, first.name, first.type) }
      : {};
  const others = table.columns.filter(
    (column) => !columns.includes(column) && column.computed === undefined,
  );
  const include =
    kind === "postgresql" && choices.chance(8)
      ? choices.some(others, 0, 1).map((column) => column.name)
      : [];
  return {
    name,
    elements,
    ...unique,
    ...partial,
    ...(include.length === 0 ? {} : { include }),
    ...(kind === "postgresql" && choices.chance(5) ? { options: { fillfactor: 70 } } : {}),
    ...(kind !== "sqlite" && choices.chance(8) ? { comment: someComment(choices) } : {}),
    ...(isMysql(kind) && plain && choices.chance(8) ? { invisible: true } : {}),
  };
}

const ACTIONS: readonly ReferentialAction[] = ["cascade", "set null", "restrict", "set default"];

export function someActions(
  choices: Choices,
  kind: Kind,
): Pick<ForeignKey, "onDelete" | "onUpdate" | "deferrable" | "initiallyDeferred"> {
  const allowed = isMysql(kind) ? ACTIONS.slice(0, 3) : ACTIONS;
  const onDelete = choices.chance(50) ? choices.pick(allowed) : undefined;
  const onUpdate = choices.chance(25) ? choices.pick(allowed) : undefined;
  const deferrable = !isMysql(kind) && choices.chance(15);
  return {
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
    ...(deferrable
      ? {
          deferrable: true,
          ...(kind === "sqlite" || choices.chance(50) ? { initiallyDeferred: true } : {}),
        }
      : {}),
  };
}

/** Keys that a foreign key may point to. */
function targetsOf(
  metadata: MetaData,
): readonly { readonly table: Table; readonly columns: readonly string[] }[] {
  return metadata.tables.flatMap((table) =>
    table.constraints.flatMap((item) =>
      (item.kind === "primaryKey" || item.kind === "unique") && item.deferrable !== true
        ? [{ table, columns: item.columns }]
        : [],
    ),
  );
}

/** A foreign key with columns of its own, of the types it points to. */
export function someForeignKey(
  choices: Choices,
  around: Surroundings,
  table: Table,
): { columns: readonly Column[]; key: ForeignKey } | undefined {
  const target = choices.pick(targetsOf(around.metadata));
  if (target === undefined || strictOf(table) !== strictOf(target.table)) return undefined;
  const taken = new Set(table.columns.map(({ name }) => name.toLowerCase()));
  const columns: Column[] = [];
  for (const name of target.columns) {
    const wanted = target.table.columns.find((column) => column.name === name);
    if (wanted === undefined || wanted.computed !== undefined || wanted.type.name === "array")
      return undefined;
    const fresh = freshName(choices, around.kind, taken, "ref_");
    taken.add(fresh.toLowerCase());
    columns.push({
      name: fresh,
      type: wanted.type,
      nullable: !choices.chance(20),
      ...(wanted.collation === undefined ? {} : { collation: wanted.collation }),
    });
  }
  const unnamed = !isMysql(around.kind) && choices.chance(20);
  const key: ForeignKey = {
    kind: "foreignKey",
    ...(unnamed ? {} : { name: named(choices, around, "fk_") }),
    columns: columns.map((column) => column.name),
    references: {
      ...(target.table.schema === undefined ? {} : { schema: target.table.schema }),
      name: target.table.name,
      columns: target.columns,
    },
    ...someActions(choices, around.kind),
  };
  return { columns, key };
}

export function someOptions(choices: Choices, kind: Kind): Pick<Table, "options"> {
  const only = (options: Options): Pick<Table, "options"> => ({
    options: { [kind === "mariadb" ? "mysql" : kind]: options },
  });
  if (kind === "sqlite")
    return only(
      choices.one<Options>([
        { strict: true },
        { withoutRowid: true },
        { strict: true, withoutRowid: true },
      ]),
    );
  if (kind === "postgresql")
    return only(
      choices.one<Options>([{ unlogged: true }, { fillfactor: 80 }, { autovacuum_enabled: false }]),
    );
  return only(
    choices.one<Options>([
      { collation: "utf8mb4_unicode_ci" },
      { charset: "utf8mb3" },
      { rowFormat: "COMPRESSED" },
      { charset: "utf8mb4", collation: "utf8mb4_bin" },
      { statsPersistent: 1, statsSamplePages: 30, maxRows: 1000 },
      { statsPersistent: 0, packKeys: 1 },
      { partitionBy: `KEY () PARTITIONS ${String(choices.one([2, 3]))}` },
      { partitionBy: "LINEAR KEY () PARTITIONS 2" },
      ...(kind === "mariadb"
        ? [
            { systemVersioning: true },
            { systemVersioning: true, partitionBy: "KEY () PARTITIONS 2" },
            { pageCompressed: 1 },
          ]
        : []),
    ]),
  );
}

/** One table, without foreign keys: they come when all tables are there. */
export function someTable(
  choices: Choices,
  around: Surroundings,
  columns: readonly (readonly number[])[],
): Table {
  const { kind, metadata } = around;
  const name = freshName(choices, kind, takenNames(metadata));
  const options = choices.chance(15) ? someOptions(choices, kind) : {};
  const schema = kind === "postgresql" ? choices.pick(["", "", "", ...metadata.schemas]) : "";
  const comment = kind !== "sqlite" && choices.chance(15) ? { comment: someComment(choices) } : {};
  let table: Table = {
    ...(schema ? { schema } : {}),
    name,
    columns: [],
    constraints: [],
    indexes: [],
    ...comment,
    ...options,
  };
  if (choices.chance(70)) {
    const key: Column = {
      name: "id",
      type: { name: choices.one(["integer", "bigint", "smallint"]) },
      nullable: false,
    };
    const numbered = choices.chance(60);
    const type: ColumnType =
      numbered && kind === "sqlite"
        ? { name: "integer" }
        : strictOf(table)
          ? { name: "integer" }
          : key.type;
    const without = options.options?.sqlite?.["withoutRowid"] === true;
    const identity = numbered && !without ? { identity: someIdentity(choices, kind) } : {};
    table = {
      ...table,
      columns: [{ ...key, type, ...identity }],
      constraints: [{ kind: "primaryKey", columns: ["id"] }],
    };
  }
  for (const numbers of columns)
    table = {
      ...table,
      columns: [...table.columns, someColumn(new Choices(numbers), around, table)],
    };
  if (table.constraints.length === 0 && choices.chance(60)) {
    const key = somePrimaryKey(choices, around, table);
    if (key !== undefined) table = { ...table, constraints: [key] };
  }
  return table;
}

export function someEnum(choices: Choices, around: Surroundings): EnumType {
  const name = named(choices, around, "");
  const schema = choices.pick(["", "", ...around.metadata.schemas]);
  const comment = choices.chance(20) ? { comment: someComment(choices) } : {};
  return {
    kind: "enum",
    ...(schema ? { schema } : {}),
    name,
    values: enumValues(choices),
    ...comment,
  };
}
