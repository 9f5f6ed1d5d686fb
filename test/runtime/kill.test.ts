import { afterEach, beforeEach, expect, it } from "vitest";
import type { Dialect } from "../../src/dialects/contract.ts";
import { dialectFor } from "../../src/dialects/index.ts";
import { EMPTY_METADATA } from "../../src/schema/types.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { MortalConnection, type Death } from "./mortal.ts";
import {
  createProject,
  downgrade,
  mark,
  rejection,
  undo,
  upgrade,
  VERSION_TABLE,
  type Choices,
  type Project,
} from "./project.ts";

let project: Project;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

/** Changes of the schema and of data, one after the other and mixed. */
function writeRevisions(): void {
  project.revision(
    "a1",
    null,
    `  op.createTable("person", (t) => ({ id: t.integer().primaryKey(), name: t.varchar(50) }));
  op.createTable("pet", (t) => ({ id: t.integer().primaryKey(), owner: t.integer() }));`,
    `  op.dropTable("pet");
  op.dropTable("person");`,
  );
  project.revision(
    "b2",
    "a1",
    `  op.bulkInsert("person", [{ id: 1, name: "ann" }, { id: 2, name: "bob" }]);
  op.execute("UPDATE person SET name = 'eve' WHERE id = 2");
  op.addColumn("person", "age", (t) => t.integer());
  op.execute("INSERT INTO pet (id, owner) VALUES (1, 1)");
  op.createIndex("ix_pet_owner", "pet", ["owner"]);
  op.execute("UPDATE pet SET owner = owner + 1");`,
    `  op.dropIndex("ix_pet_owner", "pet");
  op.dropColumn("person", "age");
  op.execute("DELETE FROM pet");
  op.execute("DELETE FROM person");`,
  );
  project.revision(
    "c3",
    "b2",
    `  op.execute("UPDATE person SET age = 40");`,
    `  op.execute("UPDATE person SET age = NULL");`,
  );
}

forEachDatabase((db) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database ??= await db.create();
  });

  const picture = async (): Promise<unknown> => {
    const connection = await dialectFor(database.url).connect(database.url);
    try {
      const { tables } = await dialectFor(database.url).reflect(connection, {
        exclude: [VERSION_TABLE],
      });
      const rows = async (table: string): Promise<unknown> =>
        tables.some(({ name }) => name === table)
          ? connection.query(`SELECT * FROM ${table} ORDER BY id`)
          : [];
      const byName = tables.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      return {
        ...EMPTY_METADATA,
        tables: byName,
        person: await rows("person"),
        pet: await rows("pet"),
        versions: await connection.query("SELECT * FROM revline_version"),
      };
    } finally {
      await connection.close();
    }
  };

  const dieAt = async (
    death: Death,
    work: typeof downgrade,
    target: string,
    choices: Choices = {},
  ): Promise<{ readonly died: boolean }> => {
    const connection = new MortalConnection(
      await dialectFor(database.url).connect(database.url),
      death,
    );
    const answer = await rejection(work(database.url, project, target, { ...choices, connection }));
    await connection.close();
    if (answer instanceof Error) expect(answer).toMatchObject({ code: "connection-failed" });
    return { died: connection.calls >= death.call };
  };

  it(
    "is the same in the end, at whatever moment the process is killed",
    { timeout: 300_000 },
    async () => {
      writeRevisions();
      await database.reset();
      await upgrade(database.url, project);
      const up = await picture();
      await downgrade(database.url, project, "base");
      const down = await picture();
      // every moment takes minutes: by default every fifth, other ones before and after
      const stride = process.env["REVLINE_TEST_THOROUGH"] === undefined ? 5 : 1;
      for (const [when, first] of [
        ["before", 2],
        ["after", 4],
      ] as const) {
        for (let call = stride === 1 ? 1 : first, died = true; died; call += stride) {
          ({ died } = await dieAt({ call, when }, upgrade, "head"));
          await upgrade(database.url, project);
          expect(await picture(), `upgrade killed ${when} call ${call}`).toEqual(up);
          ({ died } = await dieAt({ call, when }, downgrade, "base").then((other) => ({
            died: died || other.died,
          })));
          await downgrade(database.url, project, "base");
          expect(await picture(), `downgrade killed ${when} call ${call}`).toEqual(down);
        }
      }
    },
  );

  if (db.family === "mysql" || db.family === "mariadb") {
    it("says what is to be done by hand where nobody can tell how far it came", async () => {
      await database.reset();
      project.revision(
        "a1",
        null,
        `  op.execute("CREATE VIEW one AS SELECT 1 AS x");\n  op.execute("CREATE VIEW two AS SELECT 2 AS x");`,
      );
      let failure: unknown;
      for (let call = 1; failure === undefined; call += 1) {
        await database.reset();
        await dieAt({ call, when: "after" }, upgrade, "head");
        const again = await rejection(upgrade(database.url, project));
        if (again instanceof Error) failure = again;
      }
      expect(failure).toMatchObject({
        code: "revision-failed",
        details: [
          expect.stringMatching(/1\. perhaps applied: CREATE VIEW one/),
          expect.stringMatching(/2\. not run: CREATE VIEW two/),
        ],
        hint: expect.stringContaining("migrate stamp"),
      });
      await database.query("CREATE VIEW two AS SELECT 2 AS x");
      await mark(database.url, project, ["a1"]);
      expect(await upgrade(database.url, project)).toMatchObject({ after: ["a1"], done: [] });
    });

    it("remembers what a failed run had applied", async () => {
      await database.reset();
      project.revision(
        "a1",
        null,
        `  op.createTable("one", (t) => ({ id: t.integer() }));\n  op.execute("INSERT INTO one VALUES (1)");\n  op.execute("INSERT INTO nowhere VALUES (1)");`,
      );
      // the row went in and out again with the transaction that the failing statement was in
      expect(await rejection(upgrade(database.url, project))).toMatchObject({
        details: expect.arrayContaining([expect.stringContaining("Statement 1 of 3 was applied")]),
      });
      expect(await database.query("SELECT * FROM one")).toEqual([]);
      // with the cause gone it goes on
      await database.query("CREATE TABLE nowhere (id INT)");
      expect(await upgrade(database.url, project)).toMatchObject({ after: ["a1"] });
      expect(await database.query("SELECT * FROM one")).toHaveLength(1);
      expect(await rejection(database.query("SELECT * FROM revline_journal"))).toBeInstanceOf(
        Error,
      );
    });

    it("refuses a file that was changed in the middle, until it is undone", async () => {
      await database.reset();
      const begin = `  op.createTable("one", (t) => ({ id: t.integer(), a: t.integer() }));\n  op.createIndex("ix_one", "one", ["id"]);`;
      project.revision("a1", null, `${begin}\n  op.execute("INSERT INTO nowhere VALUES (1)");`);
      expect(await rejection(upgrade(database.url, project))).toMatchObject({
        code: "revision-failed",
        hint: expect.stringContaining("--abort"),
      });
      project.revision("a1", null, `${begin}\n  op.dropColumn("one", "a");`);
      expect(await rejection(upgrade(database.url, project))).toMatchObject({
        code: "revision-changed",
        details: expect.arrayContaining([
          expect.stringMatching(/2\. applied: ALTER TABLE .one. ADD KEY/),
        ]),
        hint: expect.stringContaining("--abort"),
      });
      expect(await undo(database.url, project)).toMatchObject({
        rows: [],
        revision: { id: "a1" },
        undone: [{ symbol: "-" }, { symbol: "-" }],
      });
      expect(await rejection(database.query("SELECT * FROM one"))).toBeInstanceOf(Error);
      expect(await upgrade(database.url, project)).toMatchObject({ after: ["a1"] });
      expect(await undo(database.url, project)).toMatchObject({ undone: [] });
    });

    it("does not go on from a place that was tidied up by hand", async () => {
      await database.reset();
      project.revision(
        "a1",
        null,
        `  op.createTable("one", (t) => ({ id: t.integer() }));\n  op.createTable("two", (t) => ({ id: t.integer() }));\n  op.execute("INSERT INTO nowhere VALUES (1)");`,
      );
      await rejection(upgrade(database.url, project));
      await database.query("DROP TABLE one");
      expect(await rejection(upgrade(database.url, project))).toMatchObject({
        code: "revision-failed",
        message: expect.stringContaining("table one"),
        hint: expect.stringContaining("--abort"),
      });
      await undo(database.url, project);
      expect(await rejection(database.query("SELECT * FROM two"))).toBeInstanceOf(Error);
    });

    it("undoes nothing where data was changed for good", async () => {
      await database.reset();
      await database.query("CREATE TABLE one (id INT)");
      project.revision(
        "a1",
        null,
        `  op.execute("INSERT INTO one VALUES (1)");\n  op.addColumn("one", "a", (t) => t.integer());\n  op.execute("INSERT INTO nowhere VALUES (1)");`,
      );
      await rejection(upgrade(database.url, project));
      expect(await rejection(undo(database.url, project))).toMatchObject({
        code: "revision-failed",
        details: expect.arrayContaining([expect.stringMatching(/1\. applied: INSERT INTO one/)]),
      });
      expect(await database.query("SELECT id, a FROM one")).toHaveLength(1);
    });

    it("asks no query twice, and finds its own statements after any kill", async () => {
      project.revision(
        "a1",
        null,
        `  op.execute("CREATE TABLE person (id INT PRIMARY KEY, name VARCHAR(9), initial VARCHAR(9))");
  op.execute("INSERT INTO person VALUES (1, 'ann', NULL), (2, 'bob', NULL)");
  for (const { id, name } of await op.query("SELECT id, name FROM person WHERE initial IS NULL ORDER BY id")) {
    op.execute(op.sql\`UPDATE person SET initial = \${name[0]} WHERE id = \${id}\`);
    op.execute("ALTER TABLE person ADD COLUMN c" + id + " INT");
  }
  const left = await op.query("SELECT id FROM person WHERE initial IS NULL");
  op.bulkInsert("person", [{ id: 3 + left.length, name: "eve" }]);
  op.createIndex("ix_person", "person", ["name"]);`,
      );
      await database.reset();
      await upgrade(database.url, project);
      const undisturbed = await picture();
      for (let call = 5, died = true; died; call += 3) {
        await database.reset();
        ({ died } = await dieAt(
          { call, when: call % 2 === 0 ? "after" : "before" },
          upgrade,
          "head",
        ));
        await upgrade(database.url, project);
        expect(await picture(), `killed at call ${call}`).toEqual(undisturbed);
      }
    });

    it("takes data back as a whole", async () => {
      await database.reset();
      project.revision("a1", null, `  op.createTable("one", (t) => ({ id: t.integer() }));`);
      await upgrade(database.url, project);
      project.revision(
        "b2",
        "a1",
        `  op.execute("INSERT INTO one VALUES (1)");\n  op.execute("INSERT INTO one VALUES (2)");\n  op.execute("INSERT INTO nowhere VALUES (1)");`,
      );
      expect(await rejection(upgrade(database.url, project))).toMatchObject({
        details: expect.arrayContaining([
          expect.stringContaining("No statement of the revision was applied"),
        ]),
      });
      expect(await database.query("SELECT * FROM one")).toEqual([]);
    });
  }

  if (db.family === "postgresql") {
    /** As the dialect, with what cannot run in a transaction outside of it. */
    const dialect = (): Dialect => {
      const own = dialectFor(database.url);
      return {
        ...own,
        plan: async (operations, context) =>
          (await own.plan(operations, context)).map((statement) =>
            /CONCURRENTLY|VACUUM/.test(statement.sql)
              ? { ...statement, autocommit: true }
              : statement,
          ),
      };
    };

    it("finishes what is no part of a transaction, at whatever moment it is killed", async () => {
      project.revision(
        "a1",
        null,
        `  op.createTable("person", (t) => ({ id: t.integer().primaryKey(), name: t.varchar(50) }));
  op.bulkInsert("person", [{ id: 1, name: "ann" }]);
  op.execute("CREATE UNIQUE INDEX CONCURRENTLY ix_person ON person (name)");
  const [{ n }] = await op.query("SELECT count(*) AS n FROM person");
  op.bulkInsert("person", [{ id: n + 1, name: "bob" }]);
  op.execute("VACUUM person");
  op.execute("DROP INDEX CONCURRENTLY ix_person");
  op.execute("UPDATE person SET id = id + 10");`,
      );
      await database.reset();
      await upgrade(database.url, project, "head", { dialect: dialect() });
      const undisturbed = await picture();
      const stride = process.env["REVLINE_TEST_THOROUGH"] === undefined ? 4 : 1;
      for (const [when, first] of [
        ["before", 2],
        ["after", 4],
      ] as const) {
        for (let call = stride === 1 ? 1 : first, died = true; died; call += stride) {
          await database.reset();
          ({ died } = await dieAt({ call, when }, upgrade, "head", { dialect: dialect() }));
          await upgrade(database.url, project, "head", { dialect: dialect() });
          expect(await picture(), `killed ${when} call ${call}`).toEqual(undisturbed);
          expect(await rejection(database.query("SELECT 1 FROM revline_journal"))).toBeInstanceOf(
            Error,
          );
        }
      }
    });

    it("builds an index anew that was left half built", async () => {
      await database.reset();
      await database.query("CREATE TABLE person (id INT); INSERT INTO person VALUES (1), (1)");
      project.revision(
        "a1",
        null,
        `  op.execute("UPDATE person SET id = id + 1");\n  op.execute("CREATE UNIQUE INDEX CONCURRENTLY \\"IX one\\" ON public.person (id)");`,
      );
      expect(
        await rejection(upgrade(database.url, project, "head", { dialect: dialect() })),
      ).toMatchObject({ code: "revision-failed", hint: expect.stringContaining("--abort") });
      await database.query("DELETE FROM person WHERE ctid = (SELECT min(ctid) FROM person)");
      await upgrade(database.url, project, "head", { dialect: dialect() });
      expect(
        await database.query(
          "SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = '\"IX one\"'::regclass",
        ),
      ).toEqual([{ valid: true }]);
      expect(await database.query("SELECT id FROM person")).toEqual([{ id: 2 }]);
    });
  }
});
