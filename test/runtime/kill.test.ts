import { afterEach, beforeEach, expect, it } from "vitest";
import { dialectFor } from "../../src/dialects/index.ts";
import { EMPTY_METADATA } from "../../src/schema/types.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { MortalConnection, type Death } from "./mortal.ts";
import {
  createProject,
  downgrade,
  mark,
  rejection,
  upgrade,
  VERSION_TABLE,
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
  ): Promise<{ readonly died: boolean }> => {
    const connection = new MortalConnection(
      await dialectFor(database.url).connect(database.url),
      death,
    );
    const answer = await rejection(work(database.url, project, target, { connection }));
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
        `  op.execute("CREATE TABLE one (id INT)");\n  op.execute("CREATE TABLE two (id INT)");`,
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
          expect.stringMatching(/1\. perhaps applied: CREATE TABLE one/),
          expect.stringMatching(/2\. not run: CREATE TABLE two/),
        ],
        hint: expect.stringContaining("migrate stamp"),
      });
      await database.query("CREATE TABLE two (id INT)");
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
      expect(await rejection(upgrade(database.url, project))).toMatchObject({
        details: expect.arrayContaining([
          expect.stringContaining("an earlier one did: statement 1 of 3"),
        ]),
        hint: expect.stringContaining("migrate stamp a1"),
      });
      await database.query("DROP TABLE one");
      project.revision("a1", null, `  op.createTable("one", (t) => ({ id: t.integer() }));`);
      expect(await upgrade(database.url, project)).toMatchObject({ after: ["a1"] });
      expect(
        await rejection(database.query("SELECT * FROM revline_journal")),
      ).toBeInstanceOf(Error);
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
});
