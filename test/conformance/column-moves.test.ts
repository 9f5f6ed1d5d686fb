import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Column, MetaData, Table, View } from "../../src/schema/index.ts";
import { EMPTY_METADATA } from "../../src/schema/types.ts";
import { Flow } from "../laws/flow.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";

const column = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: { name: "integer" },
  nullable: true,
  ...more,
});

const COLUMNS: readonly Column[] = [
  column("id", { nullable: false, identity: {} }),
  column("parent_id"),
  column("title", {
    type: { name: "varchar", length: 40 },
    nullable: false,
    default: { value: "a" },
  }),
  column("amount", { type: { name: "numeric", precision: 8, scale: 2 } }),
  column("twice", {
    computed: { expression: { parts: ["amount * 2"] }, stored: true },
    type: { name: "numeric", precision: 9, scale: 2 },
  }),
  column("note", { type: { name: "text" } }),
];

function tableOf(columns: readonly Column[]): MetaData {
  const table: Table = {
    name: "item",
    columns,
    constraints: [
      { kind: "primaryKey", columns: ["id"] },
      { kind: "unique", name: "item_title_uq", columns: ["title"] },
      {
        kind: "foreignKey",
        name: "item_parent_fk",
        columns: ["parent_id"],
        references: { name: "item", columns: ["id"] },
      },
      { kind: "check", name: "item_amount_ck", expression: { parts: ["amount > 0"] } },
    ],
    indexes: [{ name: "item_parent_ix", elements: [{ column: "parent_id" }] }],
  };
  return { ...EMPTY_METADATA, tables: [table] };
}

const orderOf = (metadata: MetaData): readonly string[] =>
  metadata.tables[0]?.columns.map(({ name }) => name) ?? [];

forEachDatabase((db) => {
  describe("the order of columns", () => {
    async function filled(database: TestDatabase): Promise<Flow> {
      const flow = await Flow.open(database.url);
      await flow.autogenerate(tableOf(COLUMNS));
      await flow.upgrade();
      await database.query(
        "INSERT INTO item (id, parent_id, title, amount, note) VALUES (1, NULL, 'a', 1.5, 'x'), (2, 1, 'b', 2.5, 'y')",
      );
      return flow;
    }
    const rows = "SELECT id, parent_id, title, twice, note FROM item ORDER BY id";

    it("is a difference where columns can be moved", async () => {
      const database = await db.create();
      const flow = await filled(database);
      try {
        const before = await database.query(rows);
        const models = tableOf(COLUMNS.toReversed());
        const { operations } = await flow.autogenerate(models);
        if (db.family === "postgresql") {
          expect(operations).toEqual([]);
          return;
        }
        // one column may stay
        expect(operations).toHaveLength(COLUMNS.length - 1);
        await flow.upgrade();
        expect(orderOf(await flow.reflect())).toEqual(orderOf(models));
        expect(await flow.check(models)).toEqual([]);
        expect(await database.query(rows)).toEqual(before);
        await flow.downgrade();
        expect(orderOf(await flow.reflect())).toEqual(orderOf(tableOf(COLUMNS)));
        expect(await database.query(rows)).toEqual(before);
      } finally {
        await flow.close();
      }
    });

    it("is that of a view of all columns made in the same revision", async () => {
      const database = await db.create();
      const flow = await filled(database);
      const everything: View = {
        kind: "view",
        name: "everything",
        query: { parts: ["SELECT * FROM item"] },
      };
      try {
        const models = { ...tableOf(COLUMNS.toReversed()), objects: [everything] };
        await flow.autogenerate(models);
        await flow.upgrade();
        const [row] = await database.query("SELECT * FROM everything");
        expect(Object.keys(row ?? {})).toEqual(orderOf(await flow.reflect()));
        expect(await flow.check(models)).toEqual([]);
        await flow.downgrade();
        expect(orderOf(await flow.reflect())).toEqual(orderOf(tableOf(COLUMNS)));
      } finally {
        await flow.close();
      }
    });

    it("is restored together with other changes, there and back", async () => {
      if (db.family === "postgresql") return;
      const database = await db.create();
      const flow = await filled(database);
      const wider = (one: Column): Column =>
        one.name === "title" ? { ...one, type: { name: "varchar", length: 80 } } : one;
      const offered = [...COLUMNS, column("extra"), column("more")];
      const edited = fc.record({
        columns: fc.shuffledSubarray(offered, { minLength: 3 }),
        isWide: fc.boolean(),
      });
      const kept = new Set(["id", "parent_id", "title", "amount"]);
      const property = fc.asyncProperty(edited, async ({ columns, isWide }) => {
        const missing = COLUMNS.filter((one) => kept.has(one.name) && !columns.includes(one));
        const models = tableOf([...columns, ...missing].map(isWide ? wider : (one) => one));
        const start = await flow.reflect();
        const { operations } = await flow.autogenerate(models);
        await flow.upgrade();
        expect(orderOf(await flow.reflect())).toEqual(orderOf(models));
        expect(await flow.check(models)).toEqual([]);
        if (operations.length > 0) await flow.downgrade();
        expect(await flow.reflect()).toEqual(start);
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
      });
      const ordered = (names: readonly string[]): readonly Column[] =>
        names.flatMap((name) => offered.filter((one) => one.name === name));
      // a column that is also retyped moves behind one that is added
      const known = { columns: ordered(["id", "note", "more", "title"]), isWide: true };
      try {
        await fc.assert(property, { numRuns: 8, endOnFailure: true, examples: [[known]] });
      } finally {
        await flow.close();
      }
    });
  });
});
