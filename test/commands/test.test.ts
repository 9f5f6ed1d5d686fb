import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import * as revline from "../../src/index.ts";
import {
  modelsMatch,
  revisionChecks,
  singleHead,
  upDownConsistency,
  upgradeFromBase,
} from "../../src/exports/testing.ts";
import { createProject, migrate, writeFiles } from "../support/cli.ts";
import { forEachDatabase } from "../support/databases.ts";

const MODELS = `import { table, t, index } from "revline/schema";
export const users = table("users", { id: t.integer().identity().primaryKey(), name: t.varchar(30) },
  { with: (c) => [index("ix_users_name").on(c.name)] });
`;

function revision(
  id: string,
  down: string | readonly string[] | null,
  up: string,
  back: string,
): string {
  return `export const revision = "${id}";
export const downRevision = ${JSON.stringify(down)};
export function upgrade(op) { ${up} }
export function downgrade(op) { ${back} }
`;
}

const CREATE = `op.createTable("users", (t) => ({ id: t.integer().identity().primaryKey(), name: t.varchar(30) }));`;
const INDEX = `op.createIndex("ix_users_name", "users", ["name"]);`;
const NO_INDEX = `op.dropIndex("ix_users_name", "users");`;
const ADD = `op.addColumn("users", "age", (t) => t.integer());`;

async function project(files: Readonly<Record<string, string>> = {}): Promise<string> {
  return createProject({
    "models.ts": MODELS,
    "migrations/versions/a.ts": revision("a1", null, CREATE, `op.dropTable("users");`),
    "migrations/versions/b.ts": revision("b2", "a1", INDEX, NO_INDEX),
    ...files,
  });
}

forEachDatabase((db) => {
  it("tests the newest revisions on a database that is gone afterwards", async () => {
    const { url, query } = await db.create();
    const databases = async (): Promise<unknown> =>
      db.family === "sqlite"
        ? []
        : query(
            db.family === "postgresql"
              ? "SELECT datname FROM pg_database WHERE datname LIKE 'revline_scratch%'"
              : "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'revline_scratch%'",
          );
    const options = { cwd: await project(), url, models: "models.ts" };
    const sound = await revline.test({ ...options, last: 2 });
    expect(sound).toMatchObject({ passed: true, applied: 2, tested: ["a1", "b2"], problems: [] });
    expect((await revline.current(options)).rows).toEqual([]);
    await writeFiles(options.cwd, {
      "migrations/versions/c.ts": revision(
        "c3",
        "b2",
        ADD,
        `op.renameColumn("users", "age", "years"); op.renameColumn("users", "years", "age");`,
      ),
    });
    // the way down leaves the column: the second way up fails
    await expect(revline.test(options)).rejects.toMatchObject({ code: "revision-failed" });
    await writeFiles(options.cwd, {
      "migrations/versions/c.ts": revision(
        "c3",
        "b2",
        ADD,
        `op.dropColumn("users", "age"); op.dropIndex("ix_users_name", "users");`,
      ),
      "migrations/versions/d.ts": revision("d4", "c3", "", ""),
    });
    const { passed, problems, tested } = await revline.test({ ...options, range: "c3:c3" });
    expect({ passed, tested }).toEqual({ passed: false, tested: ["c3"] });
    expect(problems).toMatchObject([
      {
        revision: "c3",
        problem: expect.stringContaining("does not give back"),
        differences: [expect.stringContaining("ix_users_name")],
      },
      { revision: "c3", problem: expect.stringContaining("second upgrade") },
      { revision: null, problem: expect.stringContaining("do not lead to the models") },
    ]);
    expect(await databases()).toEqual([]);
  });

  it("uses a database that it is given, and empties it", async () => {
    const { url } = await db.create();
    const scratch = await db.create();
    const options = { cwd: await project(), url, models: "models.ts" };
    const { url: used } = await revline.test({ ...options, scratchUrl: scratch.url });
    expect(used).toEqual(revlineUrl(scratch.url));
    expect((await revline.introspect({ cwd: options.cwd, url: scratch.url })).tables).toEqual([]);
    await scratch.query("CREATE TABLE mine (id INTEGER PRIMARY KEY)");
    await expect(
      revline.test({ ...options, config: { scratchUrl: scratch.url, models: "models.ts" } }),
    ).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("it holds mine"),
      hint: expect.stringContaining("--scratch-url"),
    });
    expect(await scratch.query("SELECT COUNT(*) AS n FROM mine")).toHaveLength(1);
  });

  it("has checks that throw", async () => {
    const { url } = await db.create();
    const options = { cwd: await project(), url, models: "models.ts" };
    for (const [, check] of revisionChecks(options)) await check();
    await writeFiles(options.cwd, {
      "migrations/versions/c.ts": revision("c3", "a1", ADD, ""),
    });
    await expect(singleHead(options)).rejects.toMatchObject({
      code: "check-failed",
      message: "There are 2 heads: b2, c3.",
      hint: expect.stringContaining("merge"),
    });
    await upgradeFromBase(options);
    await expect(upDownConsistency(options)).rejects.toMatchObject({ code: "revision-failed" });
    await expect(modelsMatch(options)).rejects.toMatchObject({
      code: "check-failed",
      message: expect.stringMatching(/do not lead to the models\.\n {2}.*age/),
    });
  });
});

forEachDatabase(
  (db) => {
    it("leaves no database behind at Ctrl-C", async () => {
      const { url, query } = await db.create();
      const cwd = await project({
        "migrations/versions/c.ts": revision(
          "c3",
          "b2",
          `op.execute("SELECT pg_sleep(2.125)");`,
          "",
        ),
      });
      const controller = new AbortController();
      const running = migrate(["test", "--url", url], { cwd, signal: controller.signal });
      const sleeping =
        "SELECT datname FROM pg_stat_activity WHERE datname LIKE 'revline_scratch%' AND query = 'SELECT pg_sleep(2.125)'";
      let [found] = await query(sleeping);
      while (found === undefined) {
        await sleep(50);
        [found] = await query(sleeping);
      }
      controller.abort();
      expect((await running).code).toBe(130);
      const left = await query(
        "SELECT datname FROM pg_database WHERE datname LIKE 'revline_scratch%'",
      );
      expect(left).not.toContainEqual(found);
    });
  },
  { only: ["postgresql"] },
);

/** As results tell it: without a password, a file's path absolute. */
function revlineUrl(url: string): unknown {
  return expect.stringContaining(url.replace(/^\w+:\/*/, "").replace(/^[^@]*@/, ""));
}

describe("migrate test", () => {
  it("answers with an exit code", async () => {
    const cwd = await project({
      "migrate.config.ts": 'export default { url: "sqlite:./app.db", models: "./models.ts" };\n',
    });
    const sound = await migrate(["test", "--last", "5"], { cwd });
    expect(sound).toMatchObject({ code: 0, stdout: "The revisions are sound.\n" });
    expect(sound.stderr).toContain(
      "2 revisions applied to an empty database, 2 taken down and up again.",
    );
    await writeFiles(cwd, { "migrations/versions/c.ts": revision("c3", "b2", NO_INDEX, INDEX) });
    const wrong = await migrate(["test", "--json"], { cwd });
    expect(wrong.code).toBe(2);
    expect(JSON.parse(wrong.stdout)).toMatchObject({ passed: false, tested: ["c3"] });
    expect((await migrate(["test", "--last", "two"], { cwd })).stderr).toContain("[usage]");
  });

  it("works in node:test, which knows nothing of it", async () => {
    const cwd = await project({
      "migrate.config.ts": 'export default { url: "sqlite:./app.db", models: "./models.ts" };\n',
      "revisions.test.mjs": `import { test } from "node:test";
import { revisionChecks } from "revline/testing";
for (const [name, check] of revisionChecks({ cwd: import.meta.dirname })) test(name, check);
`,
    });
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--test", "--test-reporter=tap", join(cwd, "revisions.test.mjs")],
      { cwd, env: { PATH: process.env["PATH"] ?? "" } },
    );
    expect(stdout).toMatch(/# pass 4\n# fail 0/);
  });
});
