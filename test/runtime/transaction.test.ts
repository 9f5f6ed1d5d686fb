import { describe, expect, it } from "vitest";
import { forEachDatabase } from "../support/databases.ts";
import { createProject, downgrade, rejection, upgrade } from "./project.ts";

const TOGETHER = { transactionPerMigration: false };

forEachDatabase((db) => {
  const commitsEach = db.family === "mysql" || db.family === "mariadb";

  describe("one transaction around all revisions", () => {
    it("holds all of them or none, where the database has such", async () => {
      const project = createProject();
      const database = await db.create();
      project.revision(
        "a1",
        null,
        `op.createTable("a", (t) => ({ id: t.integer().primaryKey() }));`,
        `op.dropTable("a");`,
      );
      project.revision("a2", "a1", `op.execute("INSERT INTO a (id) VALUES (1)");`);
      const path = project.revision("a3", "a2", `op.execute("INSERT INTO nowhere VALUES (1)");`);
      const error = await rejection(upgrade(database.url, project, "head", TOGETHER));
      expect(error).toMatchObject({
        code: "revision-failed",
        details: expect.arrayContaining([
          commitsEach
            ? "No statement of the revision was applied; the database is at a2."
            : "All revisions of this run were rolled back; the database is at base (no revision is applied).",
        ]),
      });
      const tables = await rejection(database.query("SELECT id FROM a"));
      expect(tables instanceof Error).toBe(!commitsEach);

      if (db.family === "sqlite") {
        const child = `op.createTable("b", (t) => ({ a: t.integer().references("a.id") }));`;
        project.revision("a3", "a2", `${child} op.execute("INSERT INTO b VALUES (9)");`);
        expect(await rejection(upgrade(database.url, project, "head", TOGETHER))).toMatchObject({
          code: "foreign-key-violation",
          details: expect.arrayContaining([expect.stringContaining("All revisions of this run")]),
        });
      }

      project.revision("a3", "a2", `op.execute("INSERT INTO a (id) VALUES (2)");`);
      expect(path).toContain("a3");
      const { before, after, done } = await upgrade(database.url, project, "head", TOGETHER);
      expect({ before, after }).toEqual({ before: commitsEach ? ["a2"] : [], after: ["a3"] });
      expect(done.map(({ revision }) => revision.id)).toEqual(
        commitsEach ? ["a3"] : ["a1", "a2", "a3"],
      );
      expect(await database.query("SELECT id FROM a ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }]);
      await downgrade(database.url, project, "base", TOGETHER);
      expect(await rejection(database.query("SELECT id FROM a"))).toBeInstanceOf(Error);
      expect(await database.query("SELECT version_num FROM revline_version")).toEqual([]);
      expect((await upgrade(database.url, project, "base", TOGETHER)).done).toEqual([]);
      project.remove();
    });
  });
});
