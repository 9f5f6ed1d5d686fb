import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { renderRevision } from "../../src/render/index.ts";
import { sql, t, table } from "../../src/schema/index.ts";
import { dedent } from "../../src/util/text.ts";
import { source, tablesOf } from "./given.ts";
import { evaluate, recorded } from "./run-revision.ts";

const post = table("post", {
  id: t.bigint().identity().primaryKey(),
  author_id: t
    .integer()
    .notNull()
    .references("user.id", { name: "post_author_id_fkey", onDelete: "cascade" }),
  slug: t.varchar(120).notNull().unique("post_slug_key"),
  score: t
    .integer()
    .notNull()
    .default(0)
    .check(sql`score >= 0`, "ck_score"),
  created_at: t
    .timestamp({ tz: true })
    .notNull()
    .default(sql`CURRENT_TIMESTAMP`),
});
const users = table("user", { id: t.integer().primaryKey() });

describe("a revision file", () => {
  test("reads as a person would have written it", async () => {
    const [createUser, createPost] = tablesOf(users, post);
    if (createUser === undefined || createPost === undefined) throw new Error("no tables");
    const text = renderRevision(
      source({
        upgrade: [createUser, createPost],
        downgrade: [
          { kind: "dropTable", table: { name: "post" } },
          { kind: "dropTable", table: { name: "user" } },
        ],
      }),
    );
    expect(text).toBe(
      `${dedent(`
        /**
         * add posts
         *
         * Revision: 7c1f0a9d2e44
         * Revises:  2b9e5d10c3af
         * Created:  2026-08-22 09:14 UTC
         */
        import type { Operations } from "revline";

        export const revision = "7c1f0a9d2e44";
        export const downRevision = "2b9e5d10c3af";

        export async function upgrade(op: Operations): Promise<void> {
          op.createTable("user", (t) => ({
            id: t.integer().primaryKey(),
          }));

          op.createTable("post", (t) => ({
            id: t.bigint().identity().primaryKey(),
            author_id: t
              .integer()
              .notNull()
              .references("user.id", { name: "post_author_id_fkey", onDelete: "cascade" }),
            slug: t.varchar(120).notNull().unique("post_slug_key"),
            score: t
              .integer()
              .notNull()
              .default(0)
              .check(op.sql\`score >= 0\`, "ck_score"),
            created_at: t
              .timestamp({ tz: true })
              .notNull()
              .default(op.sql\`CURRENT_TIMESTAMP\`),
          }));
        }

        export async function downgrade(op: Operations): Promise<void> {
          // drops the table's rows
          op.dropTable("post");
          // drops the table's rows
          op.dropTable("user");
        }
      `)}\n`,
    );
    expect((await recorded(text)).upgrade).toEqual([createUser, createPost]);
  });

  test("without operations has empty functions", () => {
    const text = renderRevision(source({ downRevision: null, message: "" }));
    expect(text).toContain("export const downRevision = null;\n");
    expect(text).toContain("export async function upgrade(op: Operations): Promise<void> {}\n");
    expect(text).toContain("export async function downgrade(op: Operations): Promise<void> {}\n");
  });

  test("says parents, labels and dependencies as constants", () => {
    const module = evaluate(
      renderRevision(
        source({ downRevision: ["a1", "b2"], branchLabels: ["shop"], dependsOn: ["c3", "d4"] }),
      ),
    );
    expect(module).toMatchObject({
      revision: "7c1f0a9d2e44",
      downRevision: ["a1", "b2"],
      branchLabels: ["shop"],
      dependsOn: ["c3", "d4"],
    });
  });

  test("survives any message", async () => {
    for (const message of [
      "*/ throw 1 /*",
      "a\nb\r\nc\u2028d",
      "`${x}`",
      "\ud800\u202e",
      "  ",
      "*/*/",
    ]) {
      const text = renderRevision(source({ message }));
      expect(evaluate(text).revision).toBe("7c1f0a9d2e44");
      expect(Buffer.from(text, "utf8").toString("utf8")).toBe(text);
      expect(await format(text, { parser: "typescript", printWidth: 100 })).toBe(text);
    }
  });

  test("takes imports and comments", () => {
    const text = renderRevision(
      source({
        imports: ['import type { User } from "../models.ts";'],
        comments: { upgrade: ["first line\nsecond line"] },
      }),
    );
    expect(text).toContain(
      'import type { Operations } from "revline";\nimport type { User } from "../models.ts";\n',
    );
    expect(text).toContain("Promise<void> {\n  // first line\n  // second line\n}\n");
  });

  test("is the same every time", () => {
    const given = source({ upgrade: tablesOf(users, post) });
    expect(renderRevision(given)).toBe(renderRevision(given));
  });
});
