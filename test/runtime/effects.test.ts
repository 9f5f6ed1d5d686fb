import { expect, it } from "vitest";
import type { Operation } from "../../src/operations/operation.ts";
import type { MetaData, Table } from "../../src/schema/types.ts";
import { EMPTY_METADATA } from "../../src/schema/types.ts";
import { effectsOf, isRepeatable, wasApplied } from "../../src/runtime/effects.ts";
import { plannedStatements } from "../../src/runtime/journal-table.ts";

const id = {
  name: "id",
  type: { name: "integer" },
  nullable: false,
  identity: { start: 5n },
} as const;
const table: Table = {
  name: "one",
  columns: [id],
  constraints: [
    { kind: "primaryKey", columns: ["id"] },
    { kind: "unique", name: "uq", columns: ["id"] },
  ],
  indexes: [{ name: "ix", elements: [{ column: "id" }] }],
};
const database: MetaData = { ...EMPTY_METADATA, tables: [table] };
const one = { name: "one" };

const seen: readonly [Operation, "yes" | "no"][] = [
  [{ kind: "createTable", table }, "yes"],
  [{ kind: "createTable", table: { ...table, schema: "other" } }, "no"],
  [{ kind: "dropTable", table: one }, "no"],
  [{ kind: "dropTable", table: { name: "two" } }, "yes"],
  [{ kind: "renameTable", from: { name: "two" }, to: one }, "yes"],
  [{ kind: "renameTable", from: one, to: { name: "two" } }, "no"],
  [{ kind: "addColumn", table: one, column: id }, "yes"],
  [{ kind: "addColumn", table: one, column: { ...id, name: "x" } }, "no"],
  [{ kind: "dropColumn", table: one, name: "id" }, "no"],
  [{ kind: "dropColumn", table: one, name: "x" }, "yes"],
  [{ kind: "renameColumn", table: one, from: "x", to: "id" }, "yes"],
  [{ kind: "alterColumn", table: one, from: id, to: { ...id, name: "x" } }, "no"],
  [
    { kind: "addConstraint", table: one, constraint: { kind: "primaryKey", columns: ["id"] } },
    "yes",
  ],
  [{ kind: "dropConstraint", table: one, type: "primaryKey" }, "no"],
  [{ kind: "dropConstraint", table: one, type: "unique", name: "uq" }, "no"],
  [{ kind: "createIndex", table: one, index: { name: "ix", elements: [] } }, "yes"],
  [{ kind: "dropIndex", table: one, name: "gone" }, "yes"],
  [{ kind: "renameIndex", table: one, from: "ix", to: "iy" }, "no"],
];
it.each(seen.map(([operation, verdict]) => ({ kind: operation.kind, operation, verdict })))(
  "tells whether $kind was applied: $verdict",
  ({ operation, verdict }) => {
    expect(wasApplied(effectsOf([operation]), database)).toBe(verdict);
  },
);

it("does not guess", () => {
  expect(
    wasApplied(effectsOf([{ kind: "setTableComment", table: one, from: null, to: "x" }]), database),
  ).toBe("unknown");
  // a half of one statement: somebody else was here
  const halves: readonly Operation[] = [
    { kind: "addColumn", table: one, column: id },
    { kind: "addColumn", table: one, column: { ...id, name: "x" } },
  ];
  expect(wasApplied(effectsOf(halves), database)).toBe("unknown");
});

it("knows what may be done twice", () => {
  expect(
    isRepeatable([{ kind: "alterColumn", table: one, from: id, to: { ...id, nullable: true } }]),
  ).toBe(true);
  expect(
    isRepeatable([{ kind: "alterColumn", table: one, from: id, to: { ...id, name: "x" } }]),
  ).toBe(false);
  expect(isRepeatable([])).toBe(false);
});

it("gives each statement the operations that became it, as text", () => {
  const operations: readonly Operation[] = [
    { kind: "createTable", table },
    { kind: "addColumn", table: one, column: { ...id, name: "x" } },
    { kind: "addColumn", table: one, column: { ...id, name: "y" } },
    { kind: "dropTable", table: { name: "two" } },
  ];
  const statements = [
    { sql: "a", operation: 0 },
    { sql: "b", operation: 1 },
    { sql: "c", operation: 3 },
  ];
  const planned = plannedStatements(operations, statements, () => false);
  expect(planned.map(({ effects }) => effects.length)).toEqual([1, 2, 1]);
  expect(() => JSON.stringify(planned)).not.toThrow();
});
