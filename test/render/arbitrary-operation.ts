import * as fc from "fast-check";
import type { Operation } from "../../src/operations/operation.ts";
import {
  column,
  longText,
  name,
  options,
  plainName,
  record,
  sqlExpression,
  sqlValue,
} from "./arbitrary-column.ts";
import { index, otherConstraint, pick, primaryKey, table, tableName } from "./arbitrary-table.ts";

const names = ["id", "email", "a.b"];
const named = pick(names);
const anyConstraint = fc.oneof(otherConstraint(named), primaryKey(named));
const enumData = record<{ kind: "enum"; schema?: string; name: string; values: readonly string[] }>(
  { kind: fc.constant("enum"), name, values: fc.array(longText, { maxLength: 5 }) },
  { schema: plainName },
);

const enumComment = fc.record({ comment: longText }, { requiredKeys: [] });

/** Any operation that a hand-written call can say, without what it drops. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 6,
    arbitrary: table.map((value): Operation => ({ kind: "createTable", table: value })),
  },
  tableName.map((at): Operation => ({ kind: "dropTable", table: at })),
  fc
    .tuple(tableName, name)
    .map(([from, to]): Operation => ({ kind: "renameTable", from, to: { ...from, name: to } })),
  fc
    .tuple(tableName, tableName)
    .map(([from, to]): Operation => ({ kind: "renameTable", from, to })),
  {
    weight: 4,
    arbitrary: record<Operation>(
      { kind: fc.constant("addColumn"), table: tableName, column: column(name) },
      { after: fc.oneof(fc.constant(null), name) },
    ),
  },
  fc
    .tuple(tableName, name)
    .map(([at, one]): Operation => ({ kind: "dropColumn", table: at, name: one })),
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        tableName,
        name,
        column(fc.constant("x")),
        column(fc.constant("x")),
        fc.option(name, { nil: undefined }),
        fc.option(sqlExpression, { nil: undefined }),
      )
      .map(([at, one, from, to, renamed, using]): Operation => ({
        kind: "alterColumn",
        table: at,
        from: { ...from, name: one },
        to: { ...to, name: renamed ?? one },
        ...(using === undefined ? {} : { using }),
      })),
  },
  fc
    .tuple(tableName, name, name)
    .map(([at, from, to]): Operation => ({ kind: "renameColumn", table: at, from, to })),
  {
    weight: 4,
    arbitrary: fc
      .tuple(tableName, anyConstraint)
      .map(([at, constraint]): Operation => ({ kind: "addConstraint", table: at, constraint })),
  },
  fc
    .tuple(
      tableName,
      name,
      fc.constantFrom("primaryKey", "unique", "foreignKey", "check", "exclude"),
    )
    .map(([at, one, type]): Operation => ({ kind: "dropConstraint", table: at, name: one, type })),
  fc
    .tuple(tableName, name, name, fc.constantFrom("primaryKey", "unique", "foreignKey", "check"))
    .map(([at, from, to, type]): Operation => ({
      kind: "renameConstraint",
      table: at,
      type,
      from,
      to,
    })),
  {
    weight: 2,
    arbitrary: fc
      .tuple(tableName, index(named))
      .map(([at, value]): Operation => ({ kind: "createIndex", table: at, index: value })),
  },
  fc
    .tuple(tableName, name)
    .map(([at, one]): Operation => ({ kind: "dropIndex", table: at, name: one })),
  fc
    .tuple(tableName, name, name)
    .map(([at, from, to]): Operation => ({ kind: "renameIndex", table: at, from, to })),
  fc
    .tuple(tableName, fc.option(longText), fc.option(longText))
    .map(([at, from, to]): Operation => ({ kind: "setTableComment", table: at, from, to })),
  fc.tuple(tableName, options, options).map(([at, from, to]): Operation => ({
    kind: "setTableOptions",
    table: at,
    dialect: "mysql",
    from,
    to,
  })),
  fc
    .tuple(tableName, options, fc.dictionary(name, name, { minKeys: 1 }))
    .map(([at, from, detachedNames]): Operation => ({
      kind: "setTableOptions",
      table: at,
      dialect: "postgresql",
      from,
      to: {},
      detachedNames,
    })),
  name.map((one): Operation => ({ kind: "createSchema", name: one })),
  name.map((one): Operation => ({ kind: "dropSchema", name: one })),
  {
    weight: 3,
    arbitrary: sqlExpression.map((value): Operation => ({ kind: "execute", sql: value })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        tableName,
        fc.array(fc.dictionary(plainName, sqlValue, { maxKeys: 4 }), { maxLength: 4 }),
      )
      .map(([at, rows]): Operation => ({ kind: "bulkInsert", table: at, rows })),
  },
  fc.tuple(enumData, fc.option(longText, { nil: undefined })).map(([type, comment]): Operation => ({
    kind: "createEnum",
    enum: { ...type, ...(comment === undefined ? {} : { comment }) },
  })),
  tableName.map((at): Operation => ({ kind: "dropEnum", enum: at })),
  fc
    .tuple(enumData, fc.array(longText, { maxLength: 5 }), enumComment, enumComment)
    .map(([from, values, old, now]): Operation => ({
      kind: "alterEnum",
      from: { ...from, ...old },
      to: { ...from, values, ...now },
    })),
  fc
    .tuple(tableName, longText, longText)
    .map(([type, from, to]): Operation => ({ kind: "renameEnumValue", enum: type, from, to })),
);
