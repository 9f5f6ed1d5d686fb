import { spawn } from "node:child_process";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { fileOf } from "../../src/dialects/url.ts";
import { createProject, environment, migrate } from "../support/cli.ts";
import { ask, createDatabase, forEachDatabase } from "../support/databases.ts";

const config = `import { defineConfig } from "revline";
export default defineConfig({ url: process.env.DATABASE_URL, models: "./models.ts" });
`;
const models = `import { table, t } from "revline/schema";
export const users = table("users", { id: t.integer().primaryKey() });
`;

/** A revision file; `body` is what its upgrade does. */
function revision(id: string, down: string | null, body: string): string {
  return `export const revision = "${id}";
export const downRevision = ${JSON.stringify(down)};
export async function upgrade(op) { ${body} }
export async function downgrade(op) {}
`;
}

async function project(revisions: Readonly<Record<string, string>> = {}): Promise<string> {
  const files = Object.entries(revisions).map(([name, text]): [string, string] => [
    `migrations/versions/${name}.ts`,
    text,
  ]);
  return createProject({
    "migrate.config.ts": config,
    "models.ts": models,
    "migrations/package.json": '{ "type": "module" }',
    ...Object.fromEntries(files),
  });
}

const create = 'op.createTable("a", (t) => ({ id: t.integer().primaryKey() }));';

it("colours only where it is wanted", async () => {
  const cwd = await project();
  const env = { DATABASE_URL: "sqlite::memory:" };
  const run = async (
    args: readonly string[],
    more: Readonly<Record<string, string>>,
  ): Promise<boolean> =>
    (await migrate(["check", ...args], { cwd, env: { ...env, ...more } })).stdout.includes(
      "\u001B[",
    );
  expect(await run([], {})).toBe(false);
  expect(await run([], { FORCE_COLOR: "1" })).toBe(true);
  expect(await run([], { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false);
  expect(await run(["--no-color"], { FORCE_COLOR: "1" })).toBe(false);
});

it("prints each statement with its time on stderr with -v, and nothing with -q", async () => {
  const cwd = await project({ a: revision("a1", null, create) });
  const env = { DATABASE_URL: "sqlite:./app.db" };
  const quiet = await migrate(["upgrade", "head", "-q", "--dry-run"], { cwd, env });
  expect(quiet.stderr).toBe("");
  const loud = await migrate(["upgrade", "head", "-v"], { cwd, env });
  expect(loud.stderr).toMatch(/CREATE TABLE "a" \([^;]*\);  -- \d+(\.\d)? ms/);
  expect(loud.stdout).toBe("Applied 1 revision: the database is at a1.\n");
});

it("does not crash when nobody reads to the end", async () => {
  const cwd = await project(
    Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [
        `r${at}`,
        revision(`r${at}`, at === 0 ? null : `r${at - 1}`, ""),
      ]),
    ),
  );
  const child = spawn(
    process.execPath,
    [join(await ask("build"), "bin/migrate.js"), "history", "-v"],
    { cwd, env: environment({ DATABASE_URL: "sqlite::memory:" }) },
  );
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  child.stdout.once("data", () => child.stdout.destroy());
  const code = await new Promise((done) => child.once("close", done));
  expect(stderr).toBe("");
  expect(code).toBe(0);
});

it("asks nothing without a terminal", async () => {
  const database = await createDatabase("sqlite");
  const cwd = await project();
  const env = { DATABASE_URL: database.url };
  await database.query("CREATE TABLE users (identifier INTEGER NOT NULL PRIMARY KEY)");
  const { code, stderr, stdout } = await migrate(["revision", "--autogenerate", "-m", "x"], {
    cwd,
    env,
  });
  expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
  await database.drop();
});

it("reads -x in the config and in revisions", async () => {
  const cwd = await createProject({
    "migrate.config.ts": "export default ({ x }) => ({ url: `sqlite:./${x.tenant}.db` });",
    "migrations/versions/a.ts":
      'export const revision = "a1"; export const downRevision = null;\nexport async function upgrade(op, { x, tag }) { op.execute(`CREATE TABLE ${x.tenant}_${tag} (id INTEGER)`); }\nexport async function downgrade(op) {}',
  });
  const { code, stderr } = await migrate(
    ["-x", "tenant=acme", "upgrade", "head", "--tag", "blue", "-v"],
    { cwd },
  );
  expect(stderr).toContain("CREATE TABLE acme_blue");
  expect(code).toBe(0);
});

it("waits for SQLite's lock as long as it is told, then says who is in the way", async () => {
  const database = await createDatabase("sqlite");
  const cwd = await project({ a: revision("a1", null, create) });
  const holder = new Database(fileOf(database.url).path);
  holder.exec("CREATE TABLE held (id INTEGER); BEGIN IMMEDIATE");
  const { code, stdout } = await migrate(["upgrade", "head", "--lock-timeout", "0", "--json"], {
    cwd,
    env: { DATABASE_URL: database.url },
  });
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: "database-locked", hint: expect.stringMatching(/./) },
  });
  expect(code).toBe(1);
  holder.close();
  expect(await database.query("SELECT name FROM sqlite_schema WHERE name = 'a'")).toEqual([]);
  await database.drop();
});

it("refuses to write a read-only SQLite file", async () => {
  const database = await createDatabase("sqlite");
  await database.query("CREATE TABLE held (id INTEGER)");
  const cwd = await project({ a: revision("a1", null, create) });
  const { code, stdout } = await migrate(["upgrade", "head", "--json"], {
    cwd,
    env: { DATABASE_URL: `${database.url}?mode=ro` },
  });
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: "database-read-only" } });
  expect(code).toBe(1);
  await database.drop();
});

/** Runs `upgrade head`, and sends signals when it tells of the given step. */
async function upgradeUntil(
  step: string,
  signals: readonly NodeJS.Signals[],
  { cwd, url }: { readonly cwd: string; readonly url: string },
): Promise<{ readonly code: unknown; readonly stdout: string }> {
  const child = spawn(
    process.execPath,
    [join(await ask("build"), "bin/migrate.js"), "upgrade", "head", "--json"],
    { cwd, env: environment({ DATABASE_URL: url }) },
  );
  let stdout = "";
  child.stdout.on("data", (text: Buffer) => (stdout += text.toString()));
  const left = [...signals];
  child.stderr.on("data", (text: Buffer) => {
    if (text.toString().includes(step)) child.kill(left.shift());
    else if (text.toString().includes("Stopping")) child.kill(left.shift() ?? 0);
  });
  const code = await new Promise((done) => child.once("close", done));
  return { code, stdout };
}

it.each([
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("stops in order at %s too, with the exit code %i", async (signal, code) => {
  const database = await createDatabase("sqlite");
  const wait = "await new Promise((done) => setTimeout(done, 500));";
  const cwd = await project({
    a: revision("a1", null, create),
    b: revision("b2", "a1", `${wait} op.createTable("b", (t) => ({ id: t.integer() }));`),
  });
  const answer = await upgradeUntil("a1 -> b2", [signal], { cwd, url: database.url });
  expect(answer.code).toBe(code);
  expect(JSON.parse(answer.stdout)).toMatchObject({ error: { code: "interrupted" } });
  expect(await database.query("SELECT version_num FROM revline_version")).toEqual([
    { version_num: "a1" },
  ]);
  await database.drop();
});

it("stops at once at the second signal", async () => {
  const database = await createDatabase("sqlite");
  const cwd = await project({
    a: revision("a1", null, `${create} await new Promise((done) => setTimeout(done, 30_000));`),
  });
  const begun = performance.now();
  const answer = await upgradeUntil("-> a1", ["SIGINT", "SIGTERM"], { cwd, url: database.url });
  expect(answer).toEqual({ code: 143, stdout: "" });
  expect(performance.now() - begun).toBeLessThan(30_000);
  await database.drop();
});

forEachDatabase((db) => {
  it("stops at Ctrl-C before the next revision, and goes on afterwards", async () => {
    const database = await db.create();
    const wait = "await new Promise((done) => setTimeout(done, 3000));";
    const cwd = await project({
      a: revision("a1", null, create),
      b: revision(
        "b2",
        "a1",
        `${wait} op.createTable("b", (t) => ({ id: t.integer().primaryKey() }));`,
      ),
      c: revision("c3", "b2", 'op.createTable("c", (t) => ({ id: t.integer().primaryKey() }));'),
    });
    const env = { DATABASE_URL: database.url };
    const { code, stdout } = await upgradeUntil("a1 -> b2", ["SIGINT"], { cwd, url: database.url });
    expect({ code, error: JSON.parse(stdout) }).toMatchObject({
      code: 130,
      error: { error: { code: "interrupted" } },
    });
    expect((await migrate(["current"], { cwd, env })).stdout).toBe("a1\n");
    const again = await migrate(["upgrade", "head", "-q"], { cwd, env });
    expect(again.stdout).toBe("Applied 2 revisions: the database is at c3.\n");
  });

  it("keeps names with quotes, dots, spaces, unicode and reserved words", async () => {
    const database = await db.create();
    const odd = `import { table, t } from "revline/schema";
export const a = table("select", { "from": t.integer().primaryKey(), "a.b": t.varchar(20), "it's \\"so\\"": t.varchar(20).notNull().unique(), "naïve 表": t.integer() });
export const b = table("Odd Table.x", { "id": t.integer().primaryKey(), "ref": t.integer().references(() => a.from) });
`;
    const cwd = await createProject({
      "migrate.config.ts": config,
      "models.ts": odd,
      "migrations/versions/.keep": "",
    });
    const env = { DATABASE_URL: database.url };
    for (const args of [
      ["revision", "--autogenerate", "-m", "odd"],
      ["upgrade", "head"],
      ["check"],
      ["introspect", "--out", "again.ts"],
      ["check", "--models", "again.ts"],
      ["downgrade", "base"],
      ["upgrade", "head"],
      ["check"],
    ]) {
      const { code, stdout, stderr } = await migrate(args, { cwd, env });
      expect({ args, code, stdout, stderr }).toMatchObject({ code: 0 });
    }
  });

  it("refuses names that are too long before anything is written", async () => {
    const database = await db.create();
    const long = `import { table, t } from "revline/schema";\nexport const a = table("${"n".repeat(70)}", { id: t.integer().primaryKey() });\n`;
    const cwd = await createProject({
      "migrate.config.ts": config,
      "models.ts": long,
      "migrations/versions/.keep": "",
    });
    const { code, stdout } = await migrate(["revision", "--autogenerate", "-m", "long", "--json"], {
      cwd,
      env: { DATABASE_URL: database.url },
    });
    if (db.family === "sqlite") expect(code).toBe(0);
    else
      expect({ code, result: JSON.parse(stdout) }).toMatchObject({
        code: 1,
        result: { error: { code: "name-too-long" } },
      });
  });

  it("shows no password anywhere", async () => {
    if (db.family === "sqlite") return;
    const { url } = await db.create();
    const secret = new URL(url);
    secret.password = "tiger5";
    secret.username = "no_such_scott";
    const cwd = await project();
    for (const args of [
      ["current"],
      ["current", "--json"],
      ["current", "--raiseerr", "-v"],
      ["status"],
      ["introspect"],
      ["upgrade", "head"],
    ]) {
      const { stdout, stderr } = await migrate([...args, "--url", secret.href], { cwd });
      expect(stdout + stderr).not.toContain("tiger5");
    }
  });

  it("says that a database is absent, with the code", async () => {
    if (db.family === "sqlite") return;
    const { url } = await db.create();
    const absent = new URL(url);
    absent.pathname = "/surely_absent_database";
    const { code, stdout } = await migrate(["current", "--json", "--url", absent.href], {
      cwd: await project(),
    });
    expect({ code, result: JSON.parse(stdout) }).toMatchObject({
      code: 1,
      result: { error: { code: "database-not-found", hint: expect.stringMatching(/./) } },
    });
  });
});
