import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import {
  collector,
  createProject,
  downgrade,
  mark,
  rejection,
  upgrade,
  type Project,
} from "./project.ts";

let project: Project;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

const table = (name: string): string =>
  `  op.createTable("${name}", (t) => ({ id: t.integer().primaryKey(), name: t.varchar(50) }));`;
const drop = (name: string): string => `  op.dropTable("${name}");`;

async function rows(database: TestDatabase): Promise<readonly unknown[]> {
  const found = await database.query(
    "SELECT version_num FROM revline_version ORDER BY version_num",
  );
  return found.map((row) => row["version_num"]);
}

forEachDatabase((db) => {
  const transactional = db.family === "sqlite" || db.family === "postgresql";
  let database: TestDatabase;
  beforeEach(async () => {
    database ??= await db.create();
    await database.reset();
  });

  const tableIsThere = async (name: string): Promise<boolean> => {
    const answer = await rejection(database.query(`SELECT * FROM ${name}`));
    return !(answer instanceof Error);
  };

  describe("up and down a chain", () => {
    it("runs what is missing, one version row after the other", async () => {
      project.revision("a1", null, table("one"), drop("one"));
      project.revision("b2", "a1", table("two"), drop("two"));
      const { events, onEvent } = collector();
      const result = await upgrade(database.url, project, "head", { onEvent });
      expect(result).toMatchObject({ before: [], after: ["b2"], warnings: [] });
      expect(result.done.map(({ revision, statements }) => [revision.id, statements])).toEqual([
        ["a1", 1],
        ["b2", 1],
      ]);
      expect(
        events.map((event) => [event.kind, "step" in event ? `${event.step}/${event.of}` : ""]),
      ).toEqual([
        ["started", "1/2"],
        ["finished", "1/2"],
        ["started", "2/2"],
        ["finished", "2/2"],
      ]);
      expect(await rows(database)).toEqual(["b2"]);
      expect(await tableIsThere("two")).toBe(true);

      expect(await upgrade(database.url, project)).toMatchObject({
        before: ["b2"],
        after: ["b2"],
        done: [],
      });
      expect(await downgrade(database.url, project, "-1")).toMatchObject({ after: ["a1"] });
      expect(await tableIsThere("two")).toBe(false);
      expect(await downgrade(database.url, project, "base")).toMatchObject({ after: [] });
      expect(await rows(database)).toEqual([]);
      expect(await upgrade(database.url, project, "+1")).toMatchObject({ after: ["a1"] });
    });

    it("keeps a row for each head, and joins them in a merge", async () => {
      project.revision("a1", null, table("one"), drop("one"));
      project.revision("b2", "a1", table("two"), drop("two"));
      project.revision("c3", "a1", table("three"), drop("three"));
      expect(await rejection(upgrade(database.url, project, "head"))).toMatchObject({
        code: "multiple-heads",
      });
      await upgrade(database.url, project, "heads");
      expect(await rows(database)).toEqual(["b2", "c3"]);
      project.revision("d4", ["b2", "c3"], "", "");
      await upgrade(database.url, project, "head");
      expect(await rows(database)).toEqual(["d4"]);
      expect(await rejection(downgrade(database.url, project, "-1"))).toMatchObject({
        code: "relative-invalid",
      });
      await downgrade(database.url, project, "b2");
      expect(await rows(database)).toEqual(["b2", "c3"]);
      await downgrade(database.url, project, "base");
      expect(await rows(database)).toEqual([]);
    });

    it("has a version table of another name", async () => {
      project.revision("a1", null, table("one"), drop("one"));
      await upgrade(database.url, project, "head", { versionTable: { name: "alembic_version" } });
      expect(await database.query("SELECT version_num FROM alembic_version")).toEqual([
        { version_num: "a1" },
      ]);
    });
  });

  describe("queries in a revision", () => {
    it("see what was recorded before them, and values go in as parameters", async () => {
      project.revision(
        "a1",
        null,
        `${table("one")}
  op.bulkInsert("one", [{ id: 1, name: "it's" }, { id: 2, name: "b" }]);
  const found = await op.query<{ id: number; name: string }>(op.sql\`SELECT id, name FROM one ORDER BY id\`);
  for (const { id, name } of found) op.execute(op.sql\`UPDATE one SET name = \${name + "!"} WHERE id = \${id}\`);`,
      );
      await upgrade(database.url, project);
      const found = await database.query("SELECT name FROM one ORDER BY id");
      expect(found).toEqual([{ name: "it's!" }, { name: "b!" }]);
    });

    it("may be asked at the same time", async () => {
      project.revision(
        "a1",
        null,
        `${table("one")}
  op.bulkInsert("one", [{ id: 1, name: "x" }]);
  const [a, b] = await Promise.all([op.query("SELECT id FROM one"), op.query("SELECT name FROM one")]);
  if (a.length !== 1 || b.length !== 1) throw new Error("wrong");`,
      );
      await upgrade(database.url, project);
    });

    it("must be awaited", async () => {
      project.revision("a1", null, `${table("one")}\n  op.query("SELECT 1");`);
      expect(await rejection(upgrade(database.url, project))).toMatchObject({
        code: "query-not-awaited",
        hint: expect.stringContaining("await"),
      });
      expect(await tableIsThere("one")).toBe(false);
    });
  });

  describe("a statement that fails", () => {
    it("says where, why, and what state the database is in", async () => {
      project.revision("a1", null, table("one"), drop("one"));
      const path = project.revision(
        "b2",
        "a1",
        `${table("two")}\n  op.execute("INSERT INTO nowhere VALUES (1)");\n${table("three")}`,
        "",
      );
      const failure = await rejection(upgrade(database.url, project));
      expect(failure).toMatchObject({
        code: "revision-failed",
        message: expect.stringContaining(`${path}:11`),
      });
      expect(failure).toMatchObject({
        message: expect.stringContaining("b2 (do b2)"),
        details: expect.arrayContaining([expect.stringContaining("nowhere")]),
      });
      expect(await rows(database)).toEqual(["a1"]);
      expect(await tableIsThere("one")).toBe(true);
      expect(await tableIsThere("three")).toBe(false);
      if (transactional) {
        expect(failure).toMatchObject({
          details: expect.arrayContaining([
            expect.stringContaining("rolled back; the database is at a1"),
          ]),
        });
        expect(await tableIsThere("two")).toBe(false);
      } else {
        expect(failure).toMatchObject({
          details: expect.arrayContaining([
            expect.stringContaining("Statement 1 of 3 was applied and stays"),
            expect.stringMatching(/1\. applied: CREATE TABLE.*two/),
            expect.stringMatching(/2\. failed: INSERT INTO nowhere/),
            expect.stringMatching(/3\. not run: CREATE TABLE.*three/),
          ]),
          hint: expect.stringContaining("migrate stamp b2"),
        });
        expect(await tableIsThere("two")).toBe(true);
      }
    });

    it("leaves nothing, not even the version table, when it is the first", async () => {
      project.revision("a1", null, `  op.execute("SELEKT 1");`);
      expect(await rejection(upgrade(database.url, project))).toMatchObject({
        code: "revision-failed",
      });
      if (transactional) expect(await tableIsThere("revline_version")).toBe(false);
      project.revision("a1", null, table("one"));
      await upgrade(database.url, project);
      expect(await rows(database)).toEqual(["a1"]);
    });

    it("may be an error of the revision's own code", async () => {
      const path = project.revision(
        "a1",
        null,
        `${table("one")}\n  const x: { y: number } | undefined = undefined as never;\n  x.y;`,
      );
      const failure = await rejection(upgrade(database.url, project));
      expect(failure).toMatchObject({
        code: "revision-failed",
        message: expect.stringContaining(`${path}:12`),
      });
      expect(await tableIsThere("one")).toBe(false);
    });

    it("may be a query", async () => {
      const path = project.revision(
        "a1",
        null,
        `${table("one")}\n  await op.query("SELECT nothing FROM nowhere");`,
      );
      const failure = await rejection(upgrade(database.url, project));
      expect(failure).toMatchObject({
        code: "revision-failed",
        message: expect.stringContaining(`${path}:11`),
      });
      expect(await tableIsThere("one")).toBe(!transactional);
    });

    it("may be a file that does not load, or exports no function", async () => {
      project.revision("a1", null, "  this is no TypeScript");
      expect(await rejection(upgrade(database.url, project))).toMatchObject({
        code: "revision-invalid",
        message: expect.stringContaining("a1.ts"),
      });
      project.revision("a1", null, "", "", "export const other = 1;");
      expect(
        await rejection(upgrade(database.url, project, "head", { loadRevision: async () => ({}) })),
      ).toMatchObject({
        code: "revision-invalid",
        message: expect.stringContaining("upgrade"),
      });
    });
  });

  describe("the version table", () => {
    it("may hold a row that no file has", async () => {
      project.revision("a1", null, table("one"));
      await upgrade(database.url, project);
      await database.query("UPDATE revline_version SET version_num = 'newer'");
      for (const attempt of [
        () => upgrade(database.url, project),
        () => downgrade(database.url, project, "base"),
      ]) {
        expect(await rejection(attempt())).toMatchObject({
          code: "version-unknown",
          hint: expect.stringContaining("stamp --purge"),
        });
      }
      expect(await mark(database.url, project, ["head"], true)).toEqual({
        before: ["newer"],
        after: ["a1"],
      });
      expect(await rows(database)).toEqual(["a1"]);
    });

    it("is written by stamp, and not made for nothing", async () => {
      project.revision("a1", null, table("one"));
      project.revision("b2", "a1", table("two"));
      expect(await mark(database.url, project, ["base"])).toEqual({ before: [], after: [] });
      expect(await tableIsThere("revline_version")).toBe(false);
      await mark(database.url, project, ["head"]);
      expect(await rows(database)).toEqual(["b2"]);
      expect(await tableIsThere("one")).toBe(false);
      await mark(database.url, project, ["a1"]);
      expect(await rows(database)).toEqual(["a1"]);
      await mark(database.url, project, ["base"]);
      expect(await rows(database)).toEqual([]);
    });

    it("holds no id longer than its column", async () => {
      project.revision("x".repeat(40), null, table("one"));
      expect(await rejection(upgrade(database.url, project))).toMatchObject({
        code: "revision-invalid",
      });
      expect(await tableIsThere("one")).toBe(false);
    });
  });
});
