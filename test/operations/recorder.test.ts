import { describe, expect, it } from "vitest";
import { applyOperations } from "../../src/operations/apply.ts";
import { createRecorder } from "../../src/operations/recorder.ts";
import { reverseAll } from "../../src/operations/reverse.ts";
import { EMPTY_METADATA } from "../../src/schema/types.ts";
import { CONTEXT } from "../support/migration-context.ts";

function recorder() {
  const asked: string[] = [];
  const made = createRecorder({
    context: CONTEXT,
    connect: () => Promise.resolve(undefined),
    answer: (statement) => {
      asked.push(String(statement.parts[0]));
      return Promise.resolve([{ n: 1 }]);
    },
  });
  return { ...made, asked, unfinished: () => made.unfinished };
}

describe("the recorder", () => {
  it("records a table with what stands at its columns and beside them", () => {
    const { op, take } = recorder();
    op.createTable(
      "post",
      (t) => ({
        id: t.bigint().identity().primaryKey(),
        author_id: t
          .integer()
          .notNull()
          .references("user.id", { name: "post_author_id_fkey", onDelete: "cascade" }),
        slug: t.varchar(120).notNull(),
      }),
      { with: (c) => [c.unique("post_slug_key", ["slug"])] },
    );
    expect(take().map(({ operation }) => operation)).toEqual([
      {
        kind: "createTable",
        table: {
          name: "post",
          columns: [
            { name: "id", type: { name: "bigint" }, nullable: false, identity: {} },
            { name: "author_id", type: { name: "integer" }, nullable: false },
            { name: "slug", type: { name: "varchar", length: 120 }, nullable: false },
          ],
          constraints: [
            { kind: "primaryKey", columns: ["id"] },
            {
              kind: "foreignKey",
              name: "post_author_id_fkey",
              columns: ["author_id"],
              references: { name: "user", columns: ["id"] },
              onDelete: "cascade",
            },
            { kind: "unique", name: "post_slug_key", columns: ["slug"] },
          ],
          indexes: [],
        },
      },
    ]);
    expect(take()).toEqual([]);
  });

  it("says where an operation was called", () => {
    const { op, take } = recorder();
    op.dropTable("post");
    expect(take()[0]?.stack).toContain("recorder.test.ts");
  });

  it("refuses a constraint over a column that is not there", () => {
    const { op } = recorder();
    expect(() =>
      op.createTable("t", (t) => ({ id: t.integer() }), { with: (c) => [c.unique(["nope"])] }),
    ).toThrow(expect.objectContaining({ code: "unknown-column" }));
  });

  it("runs a query only when somebody waits for it", async () => {
    const { op, asked, unfinished } = recorder();
    const pending = op.query("SELECT 1");
    expect([asked, unfinished()]).toEqual([[], 1]);
    await expect(pending).resolves.toEqual([{ n: 1 }]);
    expect([asked, unfinished()]).toEqual([["SELECT 1"], 0]);
  });
});

describe("applyOperations and reverseAll", () => {
  it("go there and back", () => {
    const { op, take } = recorder();
    op.createTable("a", (t) => ({ id: t.integer().primaryKey(), b: t.text() }));
    op.addColumn("a", "c", (t) => t.integer().notNull().unique("a_c_key"));
    op.renameColumn("a", "b", "d");
    op.createIndex("ix", "a", ["d"]);
    op.renameTable("a", "z");
    const operations = take().map(({ operation }) => operation);
    const there = applyOperations(EMPTY_METADATA, operations);
    expect(there.tables).toMatchObject([
      {
        name: "z",
        columns: [{ name: "id" }, { name: "d" }, { name: "c" }],
        constraints: [{ kind: "primaryKey" }, { name: "a_c_key", columns: ["c"] }],
        indexes: [{ name: "ix", elements: [{ column: "d" }] }],
      },
    ]);
    expect(applyOperations(there, reverseAll(operations))).toEqual(EMPTY_METADATA);
  });
});
