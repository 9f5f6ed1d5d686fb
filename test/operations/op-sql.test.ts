import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { dialectFor } from "../../src/dialects/index.ts";
import type { Operations } from "../../src/operations/operations.ts";
import { planUpgradeOffline, RevisionMap } from "../../src/revisions/index.ts";
import { offlineRun, scriptOf } from "../../src/runtime/index.ts";
import { rejection } from "../runtime/project.ts";

const URLS = {
  pg: "postgresql://h/app",
  my: "mysql://h/app",
  ma: "mariadb://h/app",
  sl: "sqlite:app.db",
};

/** The table that the changes are about. */
function given(op: Operations): void {
  op.createTable("o", (t) => ({ id: t.integer().primaryKey(), k: t.integer() }), {
    with: (c) => [c.unique("uq_k", ["k"])],
  });
  op.createTable(
    "t",
    (t) => ({
      a: t.integer().notNull(),
      b: t.varchar(20).default("q"),
      c: t.text(),
      p: t.integer(),
    }),
    {
      with: (c) => [
        c.primaryKey("pk_t", ["a"]),
        c.unique("uq_b", ["b"]),
        c.check("ck_a", op.sql`a > 0`),
        c.foreignKey(["p"], ["o.id"], { name: "fk_p" }),
        c.index("ix_p").on("p"),
      ],
    },
  );
}

type Step = readonly [title: string, change: (op: Operations) => void];

const TABLES: readonly Step[] = [
  [
    "createTable",
    (op) =>
      op.createTable(
        "n",
        (t) => ({
          id: t.integer().identity().primaryKey(),
          name: t.varchar(50).notNull().default("it's").comment("c"),
          flag: t.boolean(),
          o_id: t.integer().references("o.id", { name: "fk_n", onDelete: "cascade" }),
          twice: t.integer().generatedAs(op.sql`id * 2`, { stored: true }),
        }),
        {
          comment: "n's",
          with: (c) => [
            c.unique("uq_n", ["name"]),
            c.check("ck_n", op.sql`id > ${0}`),
            c.index("ix_n").on("name"),
          ],
        },
      ),
  ],
  [
    "createTable ifNotExists: not there",
    (op) => op.createTable("n", (t) => ({ id: t.integer() }), { ifNotExists: true }),
  ],
  [
    "createTable with what one database has",
    (op) =>
      op.createTable("n", (t) => ({ id: t.integer().primaryKey() }), {
        sqlite: { strict: true, withoutRowid: true },
        mysql: { engine: "InnoDB", charset: "utf8mb4", collation: "utf8mb4_bin" },
        mariadb: { engine: "Aria" },
        postgresql: { unlogged: true, fillfactor: 70 },
      }),
  ],
  [
    "createTable with a prefix and a suffix",
    (op) =>
      op.createTable("n", (t) => ({ id: t.integer().notNull() }), {
        prefix: "TEMPORARY",
        suffix: op.sql.variants(op.sql`PARTITION BY RANGE (id)`, { sqlite: op.sql`STRICT` }),
      }),
  ],
  ["dropTable", (op) => op.dropTable("t")],
  ["dropTable ifExists", (op) => op.dropTable("nowhere", { ifExists: true })],
  ["renameTable", (op) => op.renameTable("t", "u")],
  ["setTableComment", (op) => op.setTableComment("t", "it's")],
  ["setTableComment null", (op) => op.setTableComment("t", null, { from: "x" })],
  [
    "setTableOptions",
    (op) => op.setTableOptions("t", "mysql", { from: {}, to: { engine: "MyISAM" } }),
  ],
];

const COLUMNS: readonly Step[] = [
  ["addColumn", (op) => op.addColumn("t", "x", (t) => t.integer().notNull().default(5))],
  ["addColumn ifNotExists", (op) => op.addColumn("t", "c", (t) => t.text(), { ifNotExists: true })],
  ["addColumn after", (op) => op.addColumn("t", "x", (t) => t.integer(), { after: "a" })],
  ["addColumn first", (op) => op.addColumn("t", "x", (t) => t.integer(), { after: null })],
  [
    "addColumn with a key, an index and a comment",
    (op) =>
      op.addColumn("t", "x", (t) =>
        t
          .integer()
          .references("o.id", { name: "fk_x", onDelete: "set null" })
          .index("ix_x")
          .comment("x"),
      ),
  ],
  [
    "addColumn computed",
    (op) =>
      op.addColumn("t", "x", (t) => t.integer().generatedAs(op.sql`a + 1`, { stored: false })),
  ],
  ["dropColumn", (op) => op.dropColumn("t", "c")],
  ["dropColumn ifExists", (op) => op.dropColumn("t", "nowhere", { ifExists: true })],
  [
    "alterColumn to NOT NULL",
    (op) => op.alterColumn("t", "c", (t) => ({ from: t.text(), to: t.text().notNull() })),
  ],
  [
    "alterColumn type, using",
    (op) =>
      op.alterColumn("t", "c", (t) => ({ from: t.text(), to: t.integer() }), {
        using: op.sql`length(c)`,
      }),
  ],
  [
    "alterColumn default",
    (op) =>
      op.alterColumn("t", "b", (t) => ({
        from: t.varchar(20).default("q"),
        to: t.varchar(20).default("r"),
      })),
  ],
  [
    "alterColumn without default",
    (op) =>
      op.alterColumn("t", "b", (t) => ({ from: t.varchar(20).default("q"), to: t.varchar(20) })),
  ],
  [
    "alterColumn comment",
    (op) => op.alterColumn("t", "c", (t) => ({ from: t.text(), to: t.text().comment("it's") })),
  ],
  [
    "alterColumn to identity",
    (op) =>
      op.alterColumn("o", "id", (t) => ({
        from: t.integer().notNull(),
        to: t.integer().identity(),
      })),
  ],
  ["renameColumn", (op) => op.renameColumn("t", "c", "d")],
];

const CONSTRAINTS: readonly Step[] = [
  ["createUniqueConstraint", (op) => op.createUniqueConstraint("uq", "t", ["a", "p"])],
  [
    "createUniqueConstraint nullsNotDistinct, deferrable",
    (op) =>
      op.createUniqueConstraint("uq", "t", ["p"], {
        nullsNotDistinct: true,
        deferrable: true,
        initiallyDeferred: true,
      }),
  ],
  ["createPrimaryKey", (op) => op.createPrimaryKey("pk_o2", "u2", ["k"])],
  ["createCheckConstraint", (op) => op.createCheckConstraint("ck", "t", op.sql`p > ${1}`)],
  [
    "createForeignKey",
    (op) =>
      op.createForeignKey("fk", "t", "o", ["a"], ["k"], {
        onDelete: "cascade",
        onUpdate: "restrict",
      }),
  ],
  [
    "createForeignKey match, notValid",
    (op) => op.createForeignKey("fk", "t", "o", ["p"], ["k"], { match: "full", notValid: true }),
  ],
  [
    "createExcludeConstraint",
    (op) =>
      op.createExcludeConstraint("ex", "t", op.sql`USING gist (p WITH =) WHERE (p > 1)`, {
        deferrable: true,
      }),
  ],
  ["dropConstraint foreignKey", (op) => op.dropConstraint("fk_p", "t", "foreignKey")],
  ["dropConstraint unique", (op) => op.dropConstraint("uq_b", "t", "unique")],
  [
    "dropConstraint unique by its columns",
    (op) => op.dropConstraint(null, "o", "unique", { columns: ["k"] }),
  ],
  ["dropConstraint check", (op) => op.dropConstraint("ck_a", "t", "check")],
  ["dropConstraint primaryKey", (op) => op.dropConstraint("pk_t", "t", "primaryKey")],
  [
    "dropConstraint ifExists",
    (op) => op.dropConstraint("nowhere", "t", "unique", { ifExists: true }),
  ],
  ["renameConstraint", (op) => op.renameConstraint("t", "uq_b", "uq_c", "unique")],
];

const INDEXES: readonly Step[] = [
  ["createIndex", (op) => op.createIndex("ix", "t", ["a", "b"])],
  [
    "createIndex unique ifNotExists",
    (op) => op.createIndex("ix", "t", ["a"], { unique: true, ifNotExists: true }),
  ],
  [
    "createIndex over expressions, descending",
    (op) => op.createIndex("ix", "t", [op.sql`lower(b)`, { column: "a", order: "desc" }]),
  ],
  [
    "createIndex of PostgreSQL",
    (op) =>
      op.createIndex("ix", "t", [{ column: "c", operatorClass: "text_pattern_ops" }], {
        include: ["b"],
        nullsNotDistinct: true,
        unique: true,
        where: op.sql`a > 1`,
        options: { fillfactor: 50 },
        concurrently: true,
      }),
  ],
  ["createIndex gin", (op) => op.createIndex("ix", "t", ["c"], { method: "gin" })],
  ["createIndex over a prefix", (op) => op.createIndex("ix", "t", [{ column: "c", length: 10 }])],
  ["createIndex fulltext", (op) => op.createIndex("ix", "t", ["c"], { method: "fulltext" })],
  ["createIndex where", (op) => op.createIndex("ix", "t", ["a"], { where: op.sql`a > 1` })],
  ["dropIndex", (op) => op.dropIndex("ix_p", "t")],
  [
    "dropIndex ifExists, concurrently",
    (op) => op.dropIndex("nowhere", "t", { ifExists: true, concurrently: true }),
  ],
  ["renameIndex", (op) => op.renameIndex("t", "ix_p", "ix_q")],
];

const REST: readonly Step[] = [
  ["createSchema", (op) => op.createSchema("s")],
  ["createEnum", (op) => op.createEnum("mood", ["sad", "it's"])],
  ["alterEnum", (op) => op.alterEnum("m", { from: ["a"], to: ["a", "b"] })],
  ["renameEnumValue", (op) => op.renameEnumValue("m", "it's", "b", { schema: "app" })],
  ["execute", (op) => op.execute("UPDATE t SET b = 'x' WHERE c = ':n' -- :n")],
  [
    "execute with values",
    (op) => {
      op.execute("UPDATE t SET b = :b, c = 'x:b' WHERE a = :a", { b: "it's", a: 1 });
      op.execute(op.sql`UPDATE ${op.sql.identifier("t")} SET b = ${null} WHERE a = ${2}`);
    },
  ],
  [
    "bulkInsert",
    (op) =>
      op.bulkInsert("t", [
        { a: 1, b: "it's" },
        { a: 2, b: null },
      ]),
  ],
  [
    "autocommitBlock",
    (op) => {
      op.execute("SELECT 1");
      op.autocommitBlock(() => op.execute("VACUUM"));
      op.execute("SELECT 2");
    },
  ],
  [
    "batchAlterTable",
    (op) =>
      op.batchAlterTable("t", (batch) => {
        batch.addColumn("x", (t) => t.integer());
        batch.createIndex("ix", ["x"]);
      }),
  ],
  [
    "batchAlterTable always",
    (op) =>
      op.batchAlterTable("o", (batch) => batch.addColumn("x", (t) => t.integer()), {
        recreate: "always",
      }),
  ],
  [
    "batchAlterTable copyFrom",
    (op) =>
      op.batchAlterTable("o", (batch) => batch.dropColumn("gone"), {
        recreate: "always",
        copyFrom: {
          columns: (t) => ({ id: t.integer().primaryKey(), k: t.integer(), gone: t.text() }),
        },
      }),
  ],
  [
    "batchAlterTable reflectArgs, naming",
    (op) => {
      op.createTable("v", (t) => ({ id: t.integer().unique(), d: t.decimal(8, 2) }));
      op.batchAlterTable("v", (batch) => batch.dropConstraint("uq_v_id", "unique"), {
        naming: { uq: "uq_%(table_name)s_%(column_0_name)s" },
        reflectArgs: (t) => ({ d: t.decimal(10, 4) }),
      });
    },
  ],
];

/** What a change becomes, as one line. */
async function sqlOf(url: string, change: (op: Operations) => void): Promise<string> {
  const dialect = dialectFor(url);
  const map = new RevisionMap(
    ["a1", "a2"].map((id) => ({
      id,
      downRevisions: id === "a1" ? [] : ["a1"],
      branchLabels: [],
      dependsOn: [],
      message: "",
      doc: "",
      path: `/${id}.ts`,
    })),
  );
  const server = dialect.offline.server(url);
  const revisions = await offlineRun({
    dialect,
    map,
    versionTable: { name: "v" },
    server,
    plan: planUpgradeOffline(map, "a1:a2"),
    loadRevision: async (path) => ({ upgrade: path.includes("a1") ? given : change }),
  });
  const bare = revisions.map((one) => ({ ...one, versionStatements: [] }));
  const text = scriptOf(bare, { dialect, server, transactionPerMigration: true });
  const noise = /^(?:-- .*|SET .*|PRAGMA foreign_key.*|BEGIN.*;|)$/;
  const lines = text.split("\n").filter((line) => !noise.test(line));
  const body = lines.at(-1) === "COMMIT;" ? lines.slice(0, -1) : lines;
  return body.join(" ").replace(/\s+/g, " ") || "(nothing)";
}

async function answerOf(url: string, change: (op: Operations) => void): Promise<string> {
  const answer = await rejection(sqlOf(url, change));
  if (answer instanceof Error)
    return `!! ${"code" in answer ? String(answer.code) : "?"}: ${answer.message}`;
  return typeof answer === "object" && answer !== null && "resolved" in answer
    ? String(answer.resolved)
    : "";
}

describe("every method of op", () => {
  it("becomes the SQL that is written down", async () => {
    const parts: string[] = [];
    for (const [title, change] of [...TABLES, ...COLUMNS, ...CONSTRAINTS, ...INDEXES, ...REST]) {
      const lines = new Map<string, string[]>();
      for (const [name, url] of Object.entries(URLS)) {
        const answer = await answerOf(url, change);
        lines.set(answer, [...(lines.get(answer) ?? []), name]);
      }
      parts.push(
        `## ${title}\n${[...lines].map(([answer, names]) => `   ${names.join("/")}: ${answer}\n`).join("")}`,
      );
    }
    await expect(parts.join("")).toMatchFileSnapshot(
      fileURLToPath(new URL("op-sql.txt", import.meta.url)),
    );
  }, 60_000);
});
