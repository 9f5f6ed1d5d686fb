import { expect, it } from "vitest";
import { postgresql } from "../../../src/dialects/postgresql/index.ts";
import { sql, type Column, type Table } from "../../../src/schema/index.ts";
import { forEachDatabase } from "../../support/databases.ts";
import { Bench } from "./support.ts";

const LONG = "a_very_long_name_that_goes_on_and_on_until_it_is_cut_off_xyz";
const UMLAUT = "ü".repeat(25);

forEachDatabase(
  (db) => {
    it("names that nobody gave are those of the server", async () => {
      const bench = await Bench.open(await db.create());
      const parent: Table = {
        name: "parent",
        columns: [{ name: "a", type: { name: "integer" }, nullable: false }],
        constraints: [{ kind: "primaryKey", columns: ["a"] }],
        indexes: [],
      };
      const items = (name: string): Table => ({
        name,
        columns: ["id", "a", LONG, UMLAUT].map((column): Column => ({
          name: column,
          type: { name: "integer" },
          nullable: true,
        })),
        constraints: [
          { kind: "primaryKey", columns: ["id"] },
          { kind: "unique", columns: ["a"] },
          { kind: "unique", columns: ["a", "id"] },
          { kind: "unique", columns: [LONG, UMLAUT] },
          { kind: "unique", columns: ["a"], include: ["id"] },
          { kind: "foreignKey", columns: ["a"], references: { name: "parent", columns: ["a"] } },
          {
            kind: "foreignKey",
            columns: ["a"],
            references: { name: "parent", columns: ["a"] },
            onDelete: "cascade",
          },
          { kind: "foreignKey", columns: [UMLAUT], references: { name: "parent", columns: ["a"] } },
          { kind: "check", expression: sql`a > 0` },
          { kind: "check", expression: sql`a > 1` },
          { kind: "check", expression: sql`a > id` },
          { kind: "check", expression: sql`1 = 1` },
          { kind: "check", expression: sql`abs(${sql.identifier(UMLAUT)}) > 1 AND 'a' <> 'b'` },
        ],
        indexes: [
          { elements: [{ column: "a" }] },
          { elements: [{ column: "a" }], include: ["id"] },
          { elements: [{ column: "a" }, { column: LONG }, { column: UMLAUT }] },
          { elements: [{ expression: sql`abs(a)` }] },
          { elements: [{ expression: sql`(a + 1)` }, { expression: sql`a + 2` }, { column: "a" }] },
        ],
      });
      for (const made of [parent, items("short"), items(LONG), items(UMLAUT)]) {
        await bench.migrate([{ kind: "createTable", table: made }]);
        const { tables } = await bench.reflect({ tables: [{ name: made.name }] });
        const taken = new Set<string>();
        const given = [...made.constraints, ...made.indexes].map((item) => {
          const name = postgresql.defaultName(made, item, taken) ?? "";
          taken.add(name);
          return name;
        });
        const found = tables.flatMap(({ constraints, indexes }) =>
          [...constraints, ...indexes].map(({ name }) => name),
        );
        expect(new Set(given)).toEqual(new Set(found));
      }
      await bench.close();
    });
  },
  { only: ["postgresql"] },
);
