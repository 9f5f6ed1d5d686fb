import * as fc from "fast-check";
import type { Operation } from "../../src/operations/operation.ts";
import { expression, sql, type Expression, type SqlValue } from "../../src/schema/expression.ts";
import type {
  CheckConstraint,
  Column,
  ColumnType,
  Constraint,
  ForeignKey,
  Index,
  IndexElement,
  Options,
  PrimaryKey,
  Table,
  TableName,
  UniqueConstraint,
} from "../../src/schema/types.ts";

/** Leaves keys out at random: `undefined` never stands in the data. */
function record<T extends object>(required: { [K in keyof T]?: fc.Arbitrary<unknown> }, optional: { [K in keyof T]?: fc.Arbitrary<unknown> } = {}): fc.Arbitrary<T> {
  const both: Record<string, fc.Arbitrary<unknown>> = { ...required, ...optional };
  return fc.record(both, { requiredKeys: Object.keys(required) }) as fc.Arbitrary<object> as fc.Arbitrary<T>;
}

export const plainName = fc.stringMatching(/^[a-z][a-z_0-9]{0,11}$/);
const oddName = fc.constantFrom(
  "order", "class", "new", "Weird Name", "a.b", "naïve", "表", "with\"quote", "it's", "both\"'", "back`tick", "${x}", "a\\b", "1", "42", "__proto__",
  "constructor", "toString", "tab\there", "line\nbreak", "emoji😀", "a".repeat(63), "x-y", "$ref", "sep\u2028", "*/", "",
);
export const name = fc.oneof({ weight: 8, arbitrary: plainName }, { weight: 1, arbitrary: oddName });
export const longText = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(..."aé表😀'\"`$\\ {}"), maxLength: 8 }),
  fc.constantFrom("a\nb", "a\r\nb", "\ud800", "`", "${", "\\", "$", "$$", "\u2029", "'\"", "''\"", "long ".repeat(20).trim(), "\0", "\u202e", "1", "-1"),
);

const sqlValue: fc.Arbitrary<SqlValue> = fc.oneof(
  longText,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt(),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 60 }),
);

const sqlText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("CURRENT_TIMESTAMP", "now()", "length(email) > 3", "price >= 0 AND price < 100", "'{}'::jsonb", "lower((email)::text)") },
  { weight: 1, arbitrary: longText },
  { weight: 1, arbitrary: fc.constantFrom("CASE\n  WHEN a > 1 THEN 2\nEND", "x ".repeat(60), "a\n\n  b  \n") },
);
const simpleExpression: fc.Arbitrary<Expression> = fc
  .array(fc.oneof({ weight: 5, arbitrary: sqlText }, fc.record({ identifier: fc.array(name, { minLength: 1, maxLength: 2 }) }), fc.record({ value: sqlValue })), { maxLength: 3 })
  .map((parts) => expression(parts));
const sqlExpression: fc.Arbitrary<Expression> = fc.oneof(
  { weight: 6, arbitrary: sqlText.map((text) => sql.raw(text)) },
  { weight: 2, arbitrary: simpleExpression },
  { weight: 1, arbitrary: fc.tuple(simpleExpression, simpleExpression).map(([a, b]) => sql.variants(a, { sqlite: b, postgresql: a })) },
);

const options: fc.Arbitrary<Options> = fc.dictionary(plainName, fc.oneof(fc.string({ maxLength: 5 }), fc.integer(), fc.boolean()), { minKeys: 1, maxKeys: 3 });
const size = fc.integer({ min: 1, max: 65535 });
const yes = fc.constant(true);

const simpleType: fc.Arbitrary<ColumnType> = fc.oneof(
  record<ColumnType>({ name: fc.constantFrom("tinyint", "smallint", "mediumint", "integer", "bigint") }, { unsigned: yes, zerofill: yes, width: size } as object),
  fc.constantFrom<ColumnType>({ name: "numeric" }, { name: "numeric", precision: 10 }, { name: "numeric", precision: 10, scale: 2 }, { name: "numeric", precision: 10, scale: 2, unsigned: true }, { name: "numeric", precision: 5, unsigned: true }, { name: "numeric", unsigned: true }),
  fc.constantFrom<ColumnType>({ name: "real" }, { name: "float" }, { name: "float", precision: 24 }, { name: "float", precision: 7, scale: 2 }, { name: "double", unsigned: true }, { name: "double", precision: 8, scale: 3, zerofill: true }),
  fc.constantFrom<ColumnType>({ name: "boolean" }, { name: "uuid" }, { name: "json" }, { name: "jsonb" }, { name: "date" }, { name: "year" }, { name: "tinyblob" }, { name: "mediumblob" }, { name: "longblob" }),
  record<ColumnType>({ name: fc.constantFrom("char", "varchar", "text") }, { length: size, charset: plainName } as object),
  record<ColumnType>({ name: fc.constantFrom("tinytext", "mediumtext", "longtext") }, { charset: plainName } as object),
  record<ColumnType>({ name: fc.constantFrom("binary", "varbinary", "blob", "bit", "varbit") }, { length: size } as object),
  record<ColumnType>({ name: fc.constantFrom("time", "timestamp") }, { tz: yes, precision: fc.integer({ min: 0, max: 6 }) } as object),
  record<ColumnType>({ name: fc.constant("interval") }, { fields: fc.constant("day to second"), precision: fc.integer({ min: 0, max: 6 }) } as object),
  record<ColumnType>({ name: fc.constant("raw"), sql: fc.oneof(fc.constantFrom("inet", "citext", "geometry(Point,4326)", ""), longText) } as object),
  record<ColumnType>({ name: fc.constant("set"), values: fc.array(longText, { minLength: 1, maxLength: 4 }) } as object, { charset: plainName } as object),
);
export interface TypeChoice {
  readonly enums?: boolean;
}
const enumType = record<ColumnType>({ name: fc.constant("enum"), values: fc.uniqueArray(longText, { minLength: 1, maxLength: 5 }) } as object, { enumName: plainName, schema: plainName, charset: plainName } as object);
export const columnType: fc.Arbitrary<ColumnType> = fc.oneof(
  { weight: 8, arbitrary: simpleType },
  { weight: 1, arbitrary: enumType },
  { weight: 1, arbitrary: simpleType.map((element): ColumnType => ({ name: "array", element })) },
);

const serverDefault = fc.oneof(
  fc.record({ value: fc.oneof(longText, fc.integer(), fc.bigInt(), fc.boolean()) }),
  fc.record({ expression: sqlExpression }),
);
const identity = fc.record(
  { always: yes, serial: yes, start: fc.bigInt(), increment: fc.bigInt({ min: 1n, max: 100n }), cycle: yes },
  { requiredKeys: [] },
);
const variant = fc.record(
  { type: simpleType, default: fc.oneof(fc.constant(null), serverDefault), collation: fc.oneof(fc.constant(null), plainName) },
  { requiredKeys: [] },
).filter((value) => Object.keys(value).length > 0);

export const column = (columnName: fc.Arbitrary<string>, types: fc.Arbitrary<ColumnType> = columnType): fc.Arbitrary<Column> =>
  record<Column>(
    { name: columnName, type: types, nullable: fc.boolean() },
    {},
  ).chain((base) =>
    fc
      .oneof(
        { weight: 6, arbitrary: fc.constant({}) },
        { weight: 4, arbitrary: fc.record({ default: serverDefault }) },
        { weight: 1, arbitrary: fc.record({ identity }) },
        { weight: 1, arbitrary: fc.record({ computed: fc.record({ expression: sqlExpression, stored: fc.boolean() }) }) },
        {
          weight: 2,
          arbitrary: fc.record(
            { collation: plainName, comment: longText, onUpdate: sqlExpression, invisible: yes, options, variants: fc.dictionary(fc.constantFrom("sqlite", "mysql"), variant, { minKeys: 1 }) },
            { requiredKeys: [] },
          ),
        },
      )
      .map((more): Column => ({ ...base, ...(more as object), ...("identity" in more ? { nullable: false } : {}) })),
  );

const deferrability = { deferrable: yes, initiallyDeferred: yes };
const key = { include: fc.array(plainName, { minLength: 1, maxLength: 2 }), comment: longText, options, ...deferrability };
const rarely = <T extends object>(parts: T): T => Object.fromEntries(Object.entries(parts).map(([word, value]) => [word, value])) as T;

const action = fc.constantFrom("restrict", "cascade", "set null", "set default");

function sparse<T extends object>(required: object, optional: object): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 3, arbitrary: record<T>(required as never) },
    { weight: 2, arbitrary: record<T>(required as never, { name } as never) },
    { weight: 1, arbitrary: record<T>(required as never, rarely(optional) as never) },
  );
}

export const tableName: fc.Arbitrary<TableName> = record<TableName>({ name }, { schema: fc.oneof(plainName, fc.constant("a.b")) });

export interface ColumnsOf {
  readonly columns: fc.Arbitrary<readonly string[]>;
  readonly one: fc.Arbitrary<string>;
}
function pick(names: readonly string[]): ColumnsOf {
  return { columns: fc.subarray([...names], { minLength: 1, maxLength: Math.min(3, names.length) }), one: fc.constantFrom(...names) };
}

const foreignKey = (of: ColumnsOf): fc.Arbitrary<ForeignKey> =>
  fc.tuple(of.columns, tableName).chain(([columns, at]) =>
    sparse<ForeignKey>(
      {
        kind: fc.constant("foreignKey"),
        columns: fc.constant(columns),
        references: fc.tuple(...columns.map(() => name)).map((targets) => ({ ...at, columns: targets })),
      },
      { name, onDelete: action, onUpdate: action, match: fc.constantFrom("full", "partial"), notValid: yes, comment: longText, options, onDeleteColumns: fc.constant(columns), ...deferrability },
    ),
  );

const elements = (of: ColumnsOf): fc.Arbitrary<readonly IndexElement[]> =>
  fc.array(
    fc.oneof(
      fc.record({ column: of.one }),
      fc.record({ expression: sqlExpression }),
      record<IndexElement>({ column: of.one }, { order: fc.constant("desc"), nulls: fc.constantFrom("first", "last"), collation: plainName, operatorClass: plainName, length: size }),
    ),
    { minLength: 1, maxLength: 3 },
  );
export const index = (of: ColumnsOf): fc.Arbitrary<Index> =>
  fc.oneof(
    record<Index>({ elements: of.one.map((one) => [{ column: one }]) }, { name }),
    record<Index>({ elements: elements(of), name }),
    record<Index>({ elements: elements(of) }, { name, unique: yes, method: plainName, where: sqlExpression, include: of.columns, nullsNotDistinct: yes, invisible: yes, comment: longText, options }),
  );

const primaryKey = (of: ColumnsOf): fc.Arbitrary<PrimaryKey> => sparse<PrimaryKey>({ kind: fc.constant("primaryKey"), columns: of.columns }, { name, ...key });
const otherConstraint = (of: ColumnsOf): fc.Arbitrary<Constraint> =>
  fc.oneof(
    sparse<UniqueConstraint>({ kind: fc.constant("unique"), columns: of.columns }, { name, nullsNotDistinct: yes, ...key }),
    foreignKey(of),
    sparse<CheckConstraint>({ kind: fc.constant("check"), expression: sqlExpression }, { name, noInherit: yes, notValid: yes, notEnforced: yes, comment: longText, options, ...deferrability }),
    fc.record({ kind: fc.constant("exclude" as const), name: plainName, definition: sqlExpression }),
  );

const tableOptions = fc.dictionary(fc.constantFrom("sqlite", "mysql", "mariadb", "postgresql"), options, { minKeys: 1, maxKeys: 2 });

export const table: fc.Arbitrary<Table> = fc
  .tuple(tableName, fc.uniqueArray(name, { minLength: 1, maxLength: 6 }))
  .chain(([at, names]) => {
    const of = pick(names);
    return fc
      .tuple(
        fc.tuple(...names.map((one) => column(fc.constant(one)))),
        fc.option(primaryKey(of), { nil: undefined, freq: 3 }),
        fc.array(otherConstraint(of), { maxLength: 4 }),
        fc.array(index(of), { maxLength: 2 }),
        fc.record({ comment: longText, options: tableOptions }, { requiredKeys: [] }),
      )
      .map(([columns, pk, constraints, indexes, more]): Table => ({
        ...at,
        columns: columns.map((one) => (pk?.columns.includes(one.name) === true ? { ...one, nullable: false } : one)),
        constraints: pk === undefined ? constraints : [pk, ...constraints],
        indexes,
        ...more,
      }));
  });

const names = ["id", "email", "a.b"];
const named = pick(names);
const anyConstraint = fc.oneof(otherConstraint(named), primaryKey(named));
const enumData = record<{ kind: "enum"; schema?: string; name: string; values: readonly string[] }>(
  { kind: fc.constant("enum"), name, values: fc.array(longText, { maxLength: 5 }) },
  { schema: plainName },
);

/** Any operation that a hand-written call can say, without what it drops. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: table.map((value): Operation => ({ kind: "createTable", table: value })) },
  tableName.map((at): Operation => ({ kind: "dropTable", table: at })),
  fc.tuple(tableName, name).map(([from, to]): Operation => ({ kind: "renameTable", from, to: { ...from, name: to } })),
  { weight: 4, arbitrary: record<Operation>({ kind: fc.constant("addColumn"), table: tableName, column: column(name) } as object, { after: fc.oneof(fc.constant(null), name) } as object) },
  fc.tuple(tableName, name).map(([at, one]): Operation => ({ kind: "dropColumn", table: at, name: one })),
  { weight: 4, arbitrary: fc.tuple(tableName, name, column(fc.constant("x")), column(fc.constant("x")), fc.option(name, { nil: undefined }), fc.option(sqlExpression, { nil: undefined })).map(
    ([at, one, from, to, renamed, using]): Operation => ({ kind: "alterColumn", table: at, from: { ...from, name: one }, to: { ...to, name: renamed ?? one }, ...(using === undefined ? {} : { using }) }),
  ) },
  fc.tuple(tableName, name, name).map(([at, from, to]): Operation => ({ kind: "renameColumn", table: at, from, to })),
  { weight: 4, arbitrary: fc.tuple(tableName, anyConstraint).map(([at, constraint]): Operation => ({ kind: "addConstraint", table: at, constraint })) },
  fc.tuple(tableName, name, fc.constantFrom("primaryKey", "unique", "foreignKey", "check", "exclude")).map(([at, one, type]): Operation => ({ kind: "dropConstraint", table: at, name: one, type })),
  fc.tuple(tableName, name, name, fc.constantFrom("primaryKey", "unique", "foreignKey", "check")).map(([at, from, to, type]): Operation => ({ kind: "renameConstraint", table: at, type, from, to })),
  { weight: 2, arbitrary: fc.tuple(tableName, index(named)).map(([at, value]): Operation => ({ kind: "createIndex", table: at, index: value })) },
  fc.tuple(tableName, name).map(([at, one]): Operation => ({ kind: "dropIndex", table: at, name: one })),
  fc.tuple(tableName, name, name).map(([at, from, to]): Operation => ({ kind: "renameIndex", table: at, from, to })),
  fc.tuple(tableName, fc.option(longText), fc.option(longText)).map(([at, from, to]): Operation => ({ kind: "setTableComment", table: at, from, to })),
  fc.tuple(tableName, options, options).map(([at, from, to]): Operation => ({ kind: "setTableOptions", table: at, dialect: "mysql", from, to })),
  name.map((one): Operation => ({ kind: "createSchema", name: one })),
  name.map((one): Operation => ({ kind: "dropSchema", name: one })),
  { weight: 3, arbitrary: sqlExpression.map((value): Operation => ({ kind: "execute", sql: value })) },
  { weight: 2, arbitrary: fc.tuple(tableName, fc.array(fc.dictionary(plainName, sqlValue, { maxKeys: 4 }), { maxLength: 4 })).map(([at, rows]): Operation => ({ kind: "bulkInsert", table: at, rows })) },
  fc.tuple(enumData, fc.option(longText, { nil: undefined })).map(([type, comment]): Operation => ({ kind: "createEnum", enum: { ...type, ...(comment === undefined ? {} : { comment }) } })),
  tableName.map((at): Operation => ({ kind: "dropEnum", enum: at })),
  fc.tuple(enumData, fc.array(longText, { maxLength: 5 })).map(([from, values]): Operation => ({ kind: "alterEnum", from, to: { ...from, values } })),
);
