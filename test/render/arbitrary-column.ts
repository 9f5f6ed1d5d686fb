import * as fc from "fast-check";
import { expression, sql, type Expression, type SqlValue } from "../../src/schema/expression.ts";
import type { Column, ColumnType, Options } from "../../src/schema/types.ts";

export type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** An object whose optional keys are left out at random: `undefined` never stands in the data. */
export function record<T extends object>(required: Fields, optional: Fields = {}): fc.Arbitrary<T> {
  const object: fc.Arbitrary<object> = fc.record(
    { ...required, ...optional },
    { requiredKeys: Object.keys(required) },
  );
  // oxlint-disable-next-line no-unsafe-type-assertion -- the fields are named by the caller, who says what they make
  return object as fc.Arbitrary<T>;
}

export const plainName = fc.stringMatching(/^[a-z][a-z_0-9]{0,11}$/);
const oddName = fc.constantFrom(
  "order",
  "class",
  "new",
  "Weird Name",
  "a.b",
  "naïve",
  "表",
  'with"quote',
  "it's",
  "both\"'",
  "back`tick",
  "${x}",
  "a\\b",
  "1",
  "42",
  "__proto__",
  "constructor",
  "toString",
  "tab\there",
  "line\nbreak",
  "emoji😀",
  "a".repeat(63),
  "x-y",
  "$ref",
  "sep\u2028",
  "*/",
  "",
);
export const name = fc.oneof(
  { weight: 8, arbitrary: plainName },
  { weight: 1, arbitrary: oddName },
);
export const longText = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom("a", "é", "表", "😀", "'", '"', "`", "$", "\\", " ", "{", "}"),
    maxLength: 8,
  }),
  fc.constantFrom(
    "a\nb",
    "a\r\nb",
    "\ud800",
    "`",
    "${",
    "\\",
    "$",
    "$$",
    "\u2029",
    "'\"",
    "''\"",
    "long ".repeat(20).trim(),
    "\0",
    "\u202e",
    "1",
    "-1",
  ),
);

export const sqlValue: fc.Arbitrary<SqlValue> = fc.oneof(
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
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "CURRENT_TIMESTAMP",
      "now()",
      "length(email) > 3",
      "price >= 0 AND price < 100",
      "'{}'::jsonb",
      "lower((email)::text)",
    ),
  },
  { weight: 1, arbitrary: longText },
  {
    weight: 1,
    arbitrary: fc.constantFrom("CASE\n  WHEN a > 1 THEN 2\nEND", "x ".repeat(60), "a\n\n  b  \n"),
  },
);
const simpleExpression: fc.Arbitrary<Expression> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: sqlText },
      fc.record({ identifier: fc.array(name, { minLength: 1, maxLength: 2 }) }),
      fc.record({ value: sqlValue }),
    ),
    { maxLength: 3 },
  )
  .map((parts) => expression(parts));
export const sqlExpression: fc.Arbitrary<Expression> = fc.oneof(
  { weight: 6, arbitrary: sqlText.map((text) => sql.raw(text)) },
  { weight: 2, arbitrary: simpleExpression },
  {
    weight: 1,
    arbitrary: fc
      .tuple(simpleExpression, simpleExpression)
      .map(([a, b]) => sql.variants(a, { sqlite: b, postgresql: a })),
  },
);

export const options: fc.Arbitrary<Options> = fc.dictionary(
  plainName,
  fc.oneof(fc.string({ maxLength: 5 }), fc.integer(), fc.boolean()),
  { minKeys: 1, maxKeys: 3 },
);
export const size = fc.integer({ min: 1, max: 65535 });
export const yes = fc.constant(true);

const simpleType: fc.Arbitrary<ColumnType> = fc.oneof(
  record<ColumnType>(
    { name: fc.constantFrom("tinyint", "smallint", "mediumint", "integer", "bigint") },
    { unsigned: yes, zerofill: yes, width: size },
  ),
  fc.constantFrom<ColumnType>(
    { name: "numeric" },
    { name: "numeric", precision: 10 },
    { name: "numeric", precision: 10, scale: 2 },
    { name: "numeric", precision: 10, scale: 2, unsigned: true },
    { name: "numeric", precision: 5, unsigned: true },
    { name: "numeric", unsigned: true },
  ),
  fc.constantFrom<ColumnType>(
    { name: "real" },
    { name: "float" },
    { name: "float", precision: 24 },
    { name: "float", precision: 7, scale: 2 },
    { name: "double", unsigned: true },
    { name: "double", precision: 8, scale: 3, zerofill: true },
  ),
  fc.constantFrom<ColumnType>(
    { name: "boolean" },
    { name: "uuid" },
    { name: "json" },
    { name: "jsonb" },
    { name: "date" },
    { name: "year" },
    { name: "tinyblob" },
    { name: "mediumblob" },
    { name: "longblob" },
  ),
  record<ColumnType>(
    { name: fc.constantFrom("char", "varchar", "text") },
    { length: size, charset: plainName },
  ),
  record<ColumnType>(
    { name: fc.constantFrom("tinytext", "mediumtext", "longtext") },
    { charset: plainName },
  ),
  record<ColumnType>(
    { name: fc.constantFrom("binary", "varbinary", "blob", "bit", "varbit") },
    { length: size },
  ),
  record<ColumnType>(
    { name: fc.constantFrom("time", "timestamp") },
    { tz: yes, precision: fc.integer({ min: 0, max: 6 }) },
  ),
  record<ColumnType>(
    { name: fc.constant("interval") },
    { fields: fc.constant("day to second"), precision: fc.integer({ min: 0, max: 6 }) },
  ),
  record<ColumnType>({
    name: fc.constant("raw"),
    sql: fc.oneof(fc.constantFrom("inet", "citext", "geometry(Point,4326)", ""), longText),
  }),
  record<ColumnType>(
    { name: fc.constant("set"), values: fc.array(longText, { minLength: 1, maxLength: 4 }) },
    { charset: plainName },
  ),
);
const enumType = record<ColumnType>(
  { name: fc.constant("enum"), values: fc.uniqueArray(longText, { minLength: 1, maxLength: 5 }) },
  { enumName: plainName, schema: plainName, charset: plainName },
);
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
  {
    always: yes,
    serial: yes,
    start: fc.bigInt(),
    increment: fc.bigInt({ min: 1n, max: 100n }),
    cycle: yes,
  },
  { requiredKeys: [] },
);
const variant = fc
  .record(
    {
      type: simpleType,
      default: fc.oneof(fc.constant(null), serverDefault),
      collation: fc.oneof(fc.constant(null), plainName),
    },
    { requiredKeys: [] },
  )
  .filter((value) => Object.keys(value).length > 0);

export const column = (
  columnName: fc.Arbitrary<string>,
  types: fc.Arbitrary<ColumnType> = columnType,
): fc.Arbitrary<Column> =>
  record<Column>({ name: columnName, type: types, nullable: fc.boolean() }, {}).chain((base) =>
    fc
      .oneof(
        { weight: 6, arbitrary: fc.constant({}) },
        { weight: 4, arbitrary: fc.record({ default: serverDefault }) },
        { weight: 1, arbitrary: fc.record({ identity }) },
        {
          weight: 1,
          arbitrary: fc.record({
            computed: fc.record({ expression: sqlExpression, stored: fc.boolean() }),
          }),
        },
        {
          weight: 2,
          arbitrary: fc.record(
            {
              collation: plainName,
              comment: longText,
              onUpdate: sqlExpression,
              invisible: yes,
              options,
              variants: fc.dictionary(fc.constantFrom("sqlite", "mysql"), variant, { minKeys: 1 }),
            },
            { requiredKeys: [] },
          ),
        },
      )
      .map((more): Column => ({
        ...base,
        ...more,
        ...("identity" in more ? { nullable: false } : {}),
      })),
  );
