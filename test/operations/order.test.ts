import { describe, expect, it } from "vitest";
import { describe as words } from "../../src/operations/describe.ts";
import type { Operation } from "../../src/operations/operation.ts";
import { orderOperations } from "../../src/operations/order.ts";
import type { ForeignKey, Table } from "../../src/schema/types.ts";

function keyTo(name: string): ForeignKey {
  return {
    kind: "foreignKey",
    name: `fk_${name}`,
    columns: ["x"],
    references: { name, columns: ["id"] },
  };
}

function tableOf(name: string, ...referenced: string[]): Table {
  return {
    name,
    columns: [{ name: "id", type: { name: "integer" }, nullable: false }],
    constraints: referenced.map(keyTo),
    indexes: [],
  };
}

function order(operations: readonly Operation[], forwardReferences = false): readonly string[] {
  return orderOperations(operations, { forwardReferences }).map((operation) => {
    const { symbol, text } = words(operation);
    return `${symbol} ${text}`;
  });
}

const create = (table: Table): Operation => ({ kind: "createTable", table });
const drop = (table: Table): Operation => ({
  kind: "dropTable",
  table: { name: table.name },
  dropped: table,
});

describe("orderOperations", () => {
  it("creates a table after those it refers to", () => {
    expect(
      order([create(tableOf("a", "b")), create(tableOf("b", "c")), create(tableOf("c"))]),
    ).toEqual(["+ create table c (id)", "+ create table b (id)", "+ create table a (id)"]);
  });

  it("drops a table before those it refers to", () => {
    expect(order([drop(tableOf("c")), drop(tableOf("b", "c")), drop(tableOf("a", "b"))])).toEqual([
      "- drop table a",
      "- drop table b",
      "- drop table c",
    ]);
  });

  it("adds the foreign keys of a circle after its tables, and leaves a self-reference inside", () => {
    expect(order([create(tableOf("a", "b", "a")), create(tableOf("b", "a"))])).toEqual([
      "+ create table a (id)",
      "+ create table b (id)",
      "+ add foreign key fk_b (x) → b (id)",
      "+ add foreign key fk_a (x) → a (id)",
    ]);
  });

  it("breaks no circle where a foreign key may point forward", () => {
    expect(order([create(tableOf("a", "b")), create(tableOf("b", "a"))], true)).toHaveLength(2);
  });

  it("drops the foreign keys of a circle first", () => {
    expect(order([drop(tableOf("a", "b")), drop(tableOf("b", "a"))]).slice(0, 2)).toEqual([
      "- drop foreign key fk_b (x) → b (id)",
      "- drop foreign key fk_a (x) → a (id)",
    ]);
  });

  it("frees an index name before another table takes it", () => {
    const index = { name: "ix", elements: [{ column: "id" }] };
    expect(
      order([
        { kind: "createIndex", table: { name: "a" }, index },
        { kind: "dropIndex", table: { name: "b" }, name: "ix", dropped: index },
      ]),
    ).toEqual(["- drop index ix", "+ create index ix (id)"]);
  });
});
