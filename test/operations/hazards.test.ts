import { describe, expect, test } from "vitest";
import { hazards } from "../../src/operations/hazards.ts";
import type { Operation } from "../../src/operations/operation.ts";
import type { Column, ColumnType } from "../../src/schema/types.ts";

const at = { name: "t" };
const column = (type: ColumnType, more: Partial<Column> = {}): Column => ({
  name: "c",
  type,
  nullable: true,
  ...more,
});
const kinds = (operation: Operation): readonly string[] =>
  hazards(operation).map(({ kind }) => kind);
const change = (from: ColumnType, to: ColumnType): readonly string[] =>
  kinds({ kind: "alterColumn", table: at, from: column(from), to: column(to) });

test("drops lose data, but not what is computed again", () => {
  expect(kinds({ kind: "dropTable", table: at })).toEqual(["loss"]);
  expect(kinds({ kind: "dropColumn", table: at, name: "c" })).toEqual(["loss"]);
  const computed = { expression: { parts: ["a"] }, stored: true };
  const dropped = column({ name: "text" }, { computed });
  expect(kinds({ kind: "dropColumn", table: at, name: "c", dropped })).toEqual([]);
  expect(
    kinds({ kind: "createTable", table: { ...at, columns: [], constraints: [], indexes: [] } }),
  ).toEqual([]);
});

test("a column that must have a value fails where there are rows without one", () => {
  const text: ColumnType = { name: "text" };
  const add = (more: Partial<Column>): readonly string[] =>
    kinds({ kind: "addColumn", table: at, column: column(text, more) });
  expect(add({})).toEqual([]);
  expect(add({ nullable: false })).toEqual(["failure"]);
  expect(add({ nullable: false, default: { value: "" } })).toEqual([]);
  expect(add({ nullable: false, identity: {} })).toEqual([]);
  const alter = (from: boolean, to: boolean): readonly string[] =>
    kinds({
      kind: "alterColumn",
      table: at,
      from: column(text, { nullable: from }),
      to: column(text, { nullable: to }),
    });
  expect(alter(true, false)).toEqual(["failure"]);
  expect(alter(false, true)).toEqual([]);
});

test("an enum that loses values fails where rows hold them", () => {
  const side = (...values: readonly string[]) => ({ kind: "enum" as const, name: "e", values });
  expect(kinds({ kind: "alterEnum", from: side("a"), to: side("b", "a") })).toEqual([]);
  expect(hazards({ kind: "alterEnum", from: side("a", "b"), to: side("b") })).toEqual([
    { kind: "failure", text: "fails where rows hold a" },
  ]);
});

describe("a change of type", () => {
  const wider: readonly (readonly [ColumnType, ColumnType])[] = [
    [{ name: "integer" }, { name: "bigint" }],
    [
      { name: "varchar", length: 10 },
      { name: "varchar", length: 255 },
    ],
    [{ name: "varchar", length: 255 }, { name: "text" }],
    [{ name: "integer" }, { name: "text" }],
    [{ name: "integer" }, { name: "numeric" }],
    [
      { name: "numeric", precision: 10, scale: 2 },
      { name: "numeric", precision: 12, scale: 2 },
    ],
    [{ name: "numeric", precision: 10, scale: 2 }, { name: "numeric" }],
    [{ name: "real" }, { name: "double" }],
    [
      { name: "enum", values: ["a"] },
      { name: "enum", values: ["a", "b"] },
    ],
    [{ name: "enum", values: ["a"] }, { name: "text" }],
    [
      { name: "timestamp", precision: 3 },
      { name: "timestamp", precision: 6 },
    ],
    [
      { name: "array", element: { name: "integer" } },
      { name: "array", element: { name: "bigint" } },
    ],
    [{ name: "date" }, { name: "timestamp" }],
  ];
  test.each(wider)("%j to %j keeps every value; back it may not", (from, to) => {
    expect(change(from, to)).toEqual([]);
    expect(change(to, from)).toEqual(["loss"]);
  });

  const neither: readonly (readonly [ColumnType, ColumnType])[] = [
    [{ name: "integer" }, { name: "integer", unsigned: true }],
    [
      { name: "numeric", precision: 10, scale: 2 },
      { name: "numeric", precision: 10, scale: 4 },
    ],
    [{ name: "boolean" }, { name: "date" }],
    [{ name: "raw", sql: "inet" }, { name: "uuid" }],
  ];
  test.each(neither)("%j to %j may lose either way", (from, to) => {
    expect(change(from, to)).toEqual(["loss"]);
    expect(change(to, from)).toEqual(["loss"]);
  });

  test("that becomes computed replaces what was there", () => {
    const computed = { expression: { parts: ["a"] }, stored: true };
    const type: ColumnType = { name: "text" };
    expect(
      kinds({ kind: "alterColumn", table: at, from: column(type), to: column(type, { computed }) }),
    ).toEqual(["loss"]);
  });
});

test("turning row security off lays the rows open", () => {
  const options = (from: boolean, to: boolean): readonly string[] =>
    kinds({
      kind: "setTableOptions",
      table: at,
      dialect: "postgresql",
      from: from ? { rowSecurity: true } : {},
      to: to ? { rowSecurity: true } : {},
    });
  expect(options(true, false)).toEqual(["loss"]);
  expect(options(false, true)).toEqual([]);
});

test("a table that becomes strict takes no value of another type", () => {
  const options = (from: object, to: object): readonly string[] =>
    kinds({
      kind: "setTableOptions",
      table: at,
      dialect: "sqlite",
      from: { ...from },
      to: { ...to },
    });
  expect(options({}, { strict: true })).toEqual(["failure"]);
  expect(options({ strict: true }, {})).toEqual([]);
});
