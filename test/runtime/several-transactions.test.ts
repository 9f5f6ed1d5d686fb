import { afterAll, describe, expect, it } from "vitest";
import { dialectFor, type Dialect } from "../../src/dialects/index.ts";
import { ScriptDirectory } from "../../src/revisions/index.ts";
import { run, type RunResult } from "../../src/runtime/index.ts";
import { forEachDatabase } from "../support/databases.ts";
import { createProject, rejection, VERSION_TABLE, type Project } from "./project.ts";

/** As if the server had room for the locks of three statements. */
function cramped(dialect: Dialect): Dialect {
  return {
    ...dialect,
    plan: async (operations, context) =>
      (await dialect.plan(operations, context)).map((statement, at) =>
        at > 0 && at % 3 === 0 ? { ...statement, commitsBefore: true } : statement,
      ),
  };
}

const projects: Project[] = [];
afterAll(() => {
  for (const project of projects) project.remove();
});

forEachDatabase(
  (db) => {
    describe("a revision whose locks need several transactions", () => {
      const names = Array.from({ length: 8 }, (_, at) => `made_${String(at)}`);
      const count = "SELECT count(*)::int AS found FROM pg_tables WHERE tablename LIKE 'made_%'";

      async function migrate(
        url: string,
        project: Project,
        direction: "upgrade" | "downgrade",
      ): Promise<RunResult> {
        const dialect = cramped(dialectFor(url));
        const connection = await dialect.connect(url);
        try {
          return await run({
            connection,
            dialect,
            map: ScriptDirectory.open(project.folder).map,
            versionTable: VERSION_TABLE,
            lockTimeout: 20_000,
            direction,
            target: direction === "upgrade" ? "head" : "base",
          });
        } finally {
          await connection.close();
        }
      }

      function project(): Project {
        const made = createProject();
        projects.push(made);
        made.revision(
          "aaaa",
          null,
          [
            ...names.map((name) => `  op.createTable("${name}", (t) => ({ id: t.integer() }));`),
            `  op.execute("INSERT INTO elsewhere VALUES (1)");`,
          ].join("\n"),
          names.map((name) => `  op.dropTable("${name}");`).join("\n"),
        );
        return made;
      }

      it("keeps what is committed, and goes on with it", async () => {
        const { url, query } = await db.create();
        const made = project();
        expect(await rejection(migrate(url, made, "upgrade"))).toMatchObject({
          code: "revision-failed",
        });
        expect(await query(count)).toEqual([{ found: 6 }]);
        expect(await query("SELECT * FROM revline_version")).toEqual([]);
        await query("CREATE TABLE elsewhere (id int)");
        expect((await migrate(url, made, "upgrade")).after).toEqual(["aaaa"]);
        expect(await query(count)).toEqual([{ found: 8 }]);
        expect(await query("SELECT * FROM elsewhere")).toEqual([{ id: 1 }]);
        expect(await query("SELECT to_regclass('revline_journal') AS left")).toEqual([
          { left: null },
        ]);
        expect((await migrate(url, made, "downgrade")).after).toEqual([]);
        expect(await query(count)).toEqual([{ found: 0 }]);
      });

      it("goes on where the connection was lost", async () => {
        const { url, query } = await db.create();
        await query("CREATE TABLE elsewhere (id int)");
        const made = project();
        await query(
          `CREATE FUNCTION cut() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
             IF EXISTS (SELECT FROM pg_tables WHERE tablename = 'made_4') THEN
               PERFORM pg_terminate_backend(pg_backend_pid()); END IF; END $$;
           CREATE EVENT TRIGGER cut ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION cut()`,
        );
        expect(await rejection(migrate(url, made, "upgrade"))).toMatchObject({
          code: "connection-failed",
        });
        await query("DROP EVENT TRIGGER cut");
        expect(await query(count)).toEqual([{ found: 3 }]);
        expect((await migrate(url, made, "upgrade")).after).toEqual(["aaaa"]);
        expect(await query(count)).toEqual([{ found: 8 }]);
        expect(await query("SELECT * FROM elsewhere")).toEqual([{ id: 1 }]);
      });
    });
  },
  { only: ["postgresql"] },
);
