import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileOf } from "../../src/dialects/url.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { createProject, rehearse, rejection, upgrade, type Project } from "./project.ts";

let project: Project;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

const CATALOG = {
  postgresql:
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
  mysql:
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY 1, 2",
  mariadb:
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY 1, 2",
};

forEachDatabase((db) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database ??= await db.create();
    await database.reset();
  });

  /** All that could have been changed: the file's bytes, or the catalog and the rows. */
  const picture = async (): Promise<unknown> => {
    if (db.family === "sqlite") return readFileSync(fileOf(database.url).path).toString("base64");
    const people = await database.query("SELECT * FROM people ORDER BY id");
    return {
      catalog: await database.query(CATALOG[db.family]),
      people,
      versions: await database.query("SELECT * FROM revline_version"),
    };
  };

  beforeEach(async () => {
    project.revision(
      "a1",
      null,
      `  op.createTable("people", (t) => ({ id: t.integer().primaryKey(), name: t.varchar(50) }));\n  op.bulkInsert("people", [{ id: 1, name: "ann" }]);`,
    );
    await upgrade(database.url, project);
  });

  it("shows what all pending revisions would do, and changes nothing", async () => {
    project.revision("b2", "a1", `  op.addColumn("people", "age", (t) => t.integer());`);
    project.revision(
      "c3",
      "b2",
      `  op.alterColumn("people", "age", (t) => ({ from: t.integer(), to: t.bigint() }));\n  op.renameTable("people", "persons");`,
    );
    project.revision(
      "d4",
      "c3",
      `  op.dropColumn("persons", "age");\n  op.createIndex("ix_name", "persons", ["name"]);`,
    );
    const before = await picture();
    const { revisions, before: rows, after } = await rehearse(database.url, project);
    expect(await picture()).toEqual(before);
    expect({ rows, after }).toEqual({ rows: ["a1"], after: ["d4"] });
    expect(
      revisions.map(({ revision, descriptions }) => [revision.id, descriptions.length]),
    ).toEqual([
      ["b2", 1],
      ["c3", 2],
      ["d4", 2],
    ]);
    for (const { statements, versionStatements, notes } of revisions) {
      expect(statements.length).toBeGreaterThan(0);
      expect(versionStatements).toHaveLength(1);
      expect(notes).toEqual([]);
    }
    // what was shown is what works
    await upgrade(database.url, project);
  });

  it("answers queries while nothing has been done, and takes back what they change", async () => {
    const change =
      db.family === "postgresql" || db.family === "sqlite"
        ? "UPDATE people SET name = 'bob' RETURNING name"
        : "UPDATE people SET name = 'bob'";
    project.revision(
      "b2",
      "a1",
      `  const [row] = await op.query<{ name: string }>("SELECT name FROM people");
  await op.query("${change}");
  if (row !== undefined) op.execute(op.sql\`UPDATE people SET name = \${row.name + "!"}\`);`,
    );
    const before = await picture();
    const { revisions } = await rehearse(database.url, project);
    expect(revisions[0]?.statements).toHaveLength(1);
    expect(revisions[0]?.notes).toEqual([]);
    expect(await picture()).toEqual(before);
  });

  it("says where the rest depends on data", async () => {
    project.revision(
      "b2",
      "a1",
      `  op.addColumn("people", "age", (t) => t.integer());\n  const rows = await op.query("SELECT age FROM people");\n  op.execute("DELETE FROM people");`,
    );
    project.revision(
      "c3",
      "b2",
      `  const [row] = await op.query<{ name: string }>("SELECT name FROM people");\n  op.execute("DELETE FROM people");\n  row!.name;`,
    );
    const { revisions } = await rehearse(database.url, project);
    expect(revisions.map(({ descriptions }) => descriptions.length)).toEqual([2, 1]);
    expect(revisions[0]?.notes).toEqual([expect.stringContaining("SELECT age FROM people")]);
    expect(revisions[1]?.notes).toEqual([
      expect.stringContaining("SELECT name FROM people"),
      expect.stringContaining("stops here"),
    ]);
  });

  it("fails as the run would", async () => {
    project.revision("b2", "a1", `  throw new Error("no way");`);
    expect(await rejection(rehearse(database.url, project))).toMatchObject({
      code: "revision-failed",
      message: expect.stringContaining("no way"),
      details: ["Nothing was run."],
    });
    expect(await rejection(rehearse(database.url, project, "nowhere"))).toMatchObject({
      code: "revision-not-found",
    });
  });

  it("makes no version table", async () => {
    await database.reset();
    if (db.family === "sqlite") await database.query("CREATE TABLE people (id INTEGER)");
    const { revisions } = await rehearse(database.url, project);
    const { preparation = [], versionStatements = [] } = revisions[0] ?? {};
    expect(preparation.map(({ sql }) => sql.slice(0, 12))).toEqual(["CREATE TABLE"]);
    expect(versionStatements.map(({ sql }) => sql.slice(0, 12))).toEqual(["INSERT INTO "]);
    expect(await rejection(database.query("SELECT * FROM revline_version"))).toBeInstanceOf(Error);
  });
});
