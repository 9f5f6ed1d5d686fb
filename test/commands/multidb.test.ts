import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import * as revline from "../../src/index.ts";
import { createProject, migrate, writeFiles } from "../support/cli.ts";
import { createDatabase, forEachDatabase } from "../support/databases.ts";

const models = (table: string): string => `import { table, t } from "revline/schema";
export const it = table("${table}", { id: t.integer().identity().primaryKey(), name: t.varchar(30) });
`;

interface Project {
  readonly cwd: string;
  readonly config: revline.Config;
}

async function project(urls: Readonly<Record<string, string>>): Promise<Project> {
  const names = Object.keys(urls);
  const cwd = await createProject(
    Object.fromEntries(names.map((name) => [`models/${name}.ts`, models(`${name}_table`)])),
  );
  await revline.init({ cwd, template: "multidb" });
  const databases = Object.fromEntries(
    Object.entries(urls).map(([name, url]) => [name, { url, models: `models/${name}.ts` }]),
  );
  return { cwd, config: { multidb: true, databases } };
}

forEachDatabase((db) => {
  it("migrates all databases by one revision", async () => {
    const [one, two] = [await db.create(), await db.create()];
    const options = await project({ one: one.url, two: two.url });
    const made = await revline.revision({ ...options, autogenerate: true, message: "first" });
    const text = await readFile(made.path ?? "", "utf8");
    for (const name of ["one", "two"]) {
      expect(text).toContain(`export async function upgrade_${name}(op: Operations)`);
      expect(text).toContain(`export async function downgrade_${name}(op: Operations)`);
      expect(text).toContain(`op.createTable("${name}_table"`);
    }
    expect(text).not.toContain("function upgrade(");
    const up = await revline.upgrade({ ...options, target: "head" });
    expect(Object.keys(up.databases ?? {})).toEqual(["one", "two"]);
    expect(up.databases?.["two"]).toMatchObject({ from: [], to: [made.revision] });
    await one.query("SELECT id FROM one_table");
    await two.query("SELECT id FROM two_table");
    for (const section of ["one", "two"]) {
      expect(await revline.check({ ...options, section })).toMatchObject({ matches: true });
      expect((await revline.current({ ...options, section })).isAtHeads).toBe(true);
    }
    const empty = await revline.revision({ ...options, autogenerate: true, skipEmpty: true });
    expect(empty.path).toBeNull();
    // one alone, and then both: each has a version table of its own
    await revline.downgrade({ ...options, section: "one", target: "base" });
    const both = await revline.upgrade({ ...options, target: "head" });
    expect(both.databases?.["one"]?.revisions).toHaveLength(1);
    expect(both.databases?.["two"]?.revisions).toHaveLength(0);
    await revline.downgrade({ ...options, target: "base" });
    await expect(two.query("SELECT id FROM two_table")).rejects.toThrow();
  });

  it("rolls all back when one fails, as far as the databases can", async () => {
    const [one, two] = [await db.create(), await db.create()];
    const options = await project({ one: one.url, two: two.url });
    await writeFiles(options.cwd, {
      "migrations/versions/a.ts": `export const revision = "a1";
export const downRevision = null;
export function upgrade_one(op) { op.createTable("good", (t) => ({ id: t.integer() })); }
export function downgrade_one(op) {}
export function upgrade_two(op) { op.execute("SELECT * FROM no_such_table"); }
export function downgrade_two(op) {}
`,
    });
    const failed = await revline
      .upgrade({ ...options, target: "head" })
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: "revision-failed",
      message: expect.stringMatching(/^Database "two": .*a\.ts:5/),
    });
    const transactional = db.family === "sqlite" || db.family === "postgresql";
    const { details } = failed instanceof revline.RevlineError ? failed : { details: [] };
    expect(details).toContain(
      transactional ? "Rolled back: one, two." : "Done before, and stays: one.",
    );
    expect((await revline.current({ ...options, section: "one" })).rows).toEqual(
      transactional ? [] : ["a1"],
    );
    expect((await revline.current({ ...options, section: "two" })).rows).toEqual([]);
    if (transactional) await expect(one.query("SELECT * FROM good")).rejects.toThrow();
  });
});

describe("the multidb template", () => {
  it("does the main job, with SQL and answers for each database", async () => {
    const cwd = await createProject({
      "models/engine1.ts": models("alpha"),
      "models/engine2.ts": models("beta"),
    });
    const run = async (...args: string[]): Promise<Awaited<ReturnType<typeof migrate>>> =>
      migrate(args, { cwd });
    expect((await run("init", "-t", "multidb")).code).toBe(0);
    expect((await run("revision", "--autogenerate", "-m", "first", "--rev-id", "a1")).code).toBe(0);
    const sql = await run("upgrade", "head", "--sql");
    expect(sql.stdout).toMatch(/-- engine1\n[\s\S]*alpha[\s\S]*-- engine2\n[\s\S]*beta/);
    const alone = await run("upgrade", "head", "--sql", "-n", "engine2");
    expect(alone.stdout).not.toContain("alpha");
    const up = await run("upgrade", "head");
    expect(up.stdout).toBe(
      "engine1: Applied 1 revision: the database is at a1.\nengine2: Applied 1 revision: the database is at a1.\n",
    );
    expect(up.stderr).toContain("engine2: [1/1] upgrade");
    expect(await run("check")).toMatchObject({ code: 0 });
    const current = await run("current", "--check-heads", "--json");
    expect(JSON.parse(current.stdout)).toMatchObject({
      databases: { engine1: { rows: ["a1"] }, engine2: { isAtHeads: true } },
    });
    await writeFiles(cwd, { "models/engine2.ts": models("gamma") });
    const check = await run("check");
    expect(check).toMatchObject({ code: 2, stdout: expect.stringMatching(/-- engine2\n.*gamma/s) });
    expect((await run("stamp", "base")).code).toBe(0);
    expect((await run("current", "-n", "engine1")).stdout).toBe("");
    expect((await run("heads")).stdout).toContain("a1");
    expect((await run("introspect")).stderr).toContain("Choose one with -n: engine1, engine2.");
  });

  it("is refused without databases, or with names that no function can have", async () => {
    const cwd = await createProject();
    for (const config of [{ multidb: true }, { multidb: true, databases: { "a b": {} } }]) {
      await expect(revline.heads({ cwd, config })).rejects.toMatchObject({
        code: "config-invalid",
        hint: expect.stringContaining("letters, digits"),
      });
    }
  });

  it("takes one pair of functions for all, and tells them the database", async () => {
    const options = await project({ one: "sqlite:1.db", two: "sqlite:2.db" });
    await writeFiles(options.cwd, {
      "migrations/versions/a.ts": `export const revision = "a1";
export const downRevision = null;
export function upgrade(op, { database }) { op.createTable("of_" + database, (t) => ({ id: t.integer() })); }
`,
    });
    await revline.upgrade({ ...options, target: "head" });
    const { tables } = await revline.introspect({ ...options, section: "two" });
    expect(tables).toEqual(["of_two"]);
    await expect(revline.downgrade({ ...options, target: "base" })).rejects.toMatchObject({
      code: "revision-invalid",
      message: expect.stringContaining("downgrade"),
    });
  });
});

forEachDatabase(
  (db) => {
    it("lets those that commit at once come last", async () => {
      const [server, file] = [await db.create(), await createDatabase("sqlite")];
      const options = await project({ server: server.url, file: file.url });
      const revision = (ofServer: string, ofFile: string): string =>
        `export const revision = "a1";
export const downRevision = null;
export function upgrade_server(op) { ${ofServer} }
export function upgrade_file(op) { ${ofFile} }
`;
      const create = 'op.createTable("made", (t) => ({ id: t.integer() }));';
      const wrong = 'op.execute("SELECT * FROM no_such_table");';
      const path = "migrations/versions/a.ts";
      const upgrade = (): Promise<unknown> => revline.upgrade({ ...options, target: "head" });
      // the file is asked first, though it stands last: the server has not been touched
      await writeFiles(options.cwd, { [path]: revision(create, wrong) });
      await expect(upgrade()).rejects.toMatchObject({
        message: expect.stringContaining('Database "file"'),
        details: expect.arrayContaining(["Rolled back: file."]),
      });
      await expect(server.query("SELECT * FROM made")).rejects.toThrow();
      await writeFiles(options.cwd, { [path]: revision(wrong, create) });
      await expect(upgrade()).rejects.toMatchObject({
        message: expect.stringContaining('Database "server"'),
        details: expect.arrayContaining(["Rolled back: file."]),
      });
      expect((await revline.current({ ...options, section: "file" })).rows).toEqual([]);
      await writeFiles(options.cwd, { [path]: revision(create, create) });
      await upgrade();
      expect(await server.query("SELECT * FROM made")).toEqual([]);
      await file.drop();
    });
  },
  { only: ["mysql", "mariadb"] },
);
