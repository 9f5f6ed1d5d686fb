import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as revline from "../../src/index.ts";
import { verifyRevisions } from "../../src/exports/testing.ts";
import { createProject, writeFiles } from "../support/cli.ts";
import { forEachDatabase } from "../support/databases.ts";

const users = (columns: string): string => `import { table, t } from "revline/schema";
export const users = table("users", { id: t.integer().identity().primaryKey(), ${columns} });
`;

forEachDatabase((db) => {
  it("does the main job as functions", async () => {
    const { url } = await db.create();
    const cwd = await createProject({ "models.ts": users("name: t.varchar(30).notNull()") });
    const lines: string[] = [];
    const reporter = {
      progress: (line: string) => lines.push(line),
      warn: (line: string) => lines.push(line),
    };
    await revline.init({ cwd });
    const options = { cwd, url, reporter };
    const made = await revline.revision({ ...options, autogenerate: true, message: "initial" });
    expect(made.differences.map(({ symbol }) => symbol)).toEqual(["+"]);
    const up = await revline.upgrade({ ...options, target: "head" });
    expect(up).toMatchObject({
      from: [],
      to: [made.revision],
      revisions: [{ message: "initial" }],
    });
    expect(lines).toHaveLength(2);
    expect(await revline.check(options)).toMatchObject({ matches: true, pending: [] });

    await writeFiles(cwd, { "models.ts": users("name: t.varchar(40), age: t.integer()") });
    expect((await revline.check(options)).differences).toHaveLength(2);
    await revline.revision({ ...options, autogenerate: true, message: "age" });
    const plan = await revline.planUpgrade({ ...options, target: "head" });
    expect(plan.revisions).toHaveLength(1);
    expect(plan.revisions[0]?.statements.join("\n")).toContain("age");
    expect((await revline.current(options)).rows).toEqual([made.revision]);
    await revline.upgrade({ ...options, target: "head" });
    expect(await revline.status(options)).toMatchObject({
      drift: 0,
      pending: [],
      unknown: [],
      lock: { held: false },
    });
    await revline.downgrade({ ...options, target: "-1" });
    expect((await revline.history(options)).revisions.map(({ message }) => message)).toEqual([
      "age",
      "initial",
    ]);
    expect((await revline.current(options)).isAtHeads).toBe(false);

    const before = await revline.introspect(options);
    await writeFiles(cwd, { "live.ts": before.text });
    expect(await revline.diff({ ...options, from: url, to: "live.ts" })).toMatchObject({
      equal: true,
    });
    const difference = await revline.diff({ ...options, sql: true });
    expect(difference.equal).toBe(false);
    expect(difference.sql.length).toBeGreaterThan(0);
  });

  it("verifies revisions up, down and up again", async () => {
    const { url } = await db.create();
    const revision = (id: string, down: string | null, up: string, back: string): string =>
      `export const revision = "${id}";\nexport const downRevision = ${JSON.stringify(down)};\nexport async function upgrade(op) { ${up} }\nexport async function downgrade(op) { ${back} }\n`;
    const create =
      'op.createTable("users", (t) => ({ id: t.integer().identity().primaryKey(), name: t.varchar(30) }));';
    const cwd = await createProject({
      "models.ts": users("name: t.varchar(30)"),
      "migrations/versions/a.ts": revision("a1", null, create, 'op.dropTable("users");'),
      "migrations/versions/b.ts": revision(
        "b2",
        "a1",
        'op.createIndex("ix_name", "users", ["name"]);',
        "",
      ),
    });
    const problems = await verifyRevisions({ cwd, url, models: "models.ts" }).catch(
      (error: unknown) => error,
    );
    // the second upgrade makes the index again, and the database refuses
    expect(problems).toMatchObject({ code: "revision-failed" });
    const empty = await db.create();
    await writeFiles(cwd, {
      "migrations/versions/b.ts": revision(
        "b2",
        "a1",
        'op.createIndex("ix_name", "users", ["name"]);',
        'op.dropIndex("ix_name", "users");',
      ),
    });
    expect(await verifyRevisions({ cwd, url: empty.url, models: "models.ts" })).toEqual([
      expect.objectContaining({
        revision: null,
        differences: [expect.stringContaining("ix_name")],
      }),
    ]);
  });
});

describe("revision", () => {
  it("asks about tables first, then about columns, and once each", async () => {
    const cwd = await createProject({ "models.ts": users("name: t.text()") });
    await revline.init({ cwd });
    const options = { cwd, url: `sqlite:${join(cwd, "app.db")}`, autogenerate: true };
    await revline.revision(options);
    await revline.upgrade({ ...options, target: "head" });
    await writeFiles(cwd, {
      "models.ts": `import { table, t } from "revline/schema";
export const people = table("people", { id: t.integer().identity().primaryKey(), name: t.text() });
`,
    });
    const asked: string[] = [];
    const decideRename = async ({ flag }: { readonly flag: string }): Promise<boolean> =>
      asked.push(flag) > 0;
    const renamed = await revline.revision({ ...options, decideRename, message: "rename" });
    expect(asked).toEqual(["--rename users:people"]);
    expect(renamed.differences.map(({ text }) => text)).toEqual(["rename table users to people"]);
    expect(await readFile(renamed.path ?? "", "utf8")).toContain(
      'op.renameTable("users", "people")',
    );
  });

  it("writes no file twice", async () => {
    const cwd = await createProject();
    await revline.init({ cwd });
    const options = { cwd, revisionId: "a1", message: "same" };
    await revline.revision(options);
    await expect(revline.revision(options)).rejects.toMatchObject({ code: "revision-duplicate" });
    await expect(revline.init({ cwd })).rejects.toMatchObject({ code: "file-exists" });
  });
});

describe("the config", () => {
  it("filters and edits what is compared", async () => {
    const cwd = await createProject({ "models.ts": users("name: t.text(), age: t.integer()") });
    const config: revline.Config = {
      url: "sqlite::memory:",
      models: "models.ts",
      includeObject: ({ kind, name }) => !(kind === "column" && name === "age"),
      processRevisionDirectives: (directive) => ({
        ...directive,
        upgrade: directive.upgrade.filter(({ kind }) => kind !== "createIndex"),
      }),
    };
    const { operations } = await revline.check({ cwd, config });
    expect(operations).toMatchObject([
      { kind: "createTable", table: { columns: [{ name: "id" }, { name: "name" }] } },
    ]);
    const none = await revline.check({
      cwd,
      config: { ...config, processRevisionDirectives: () => null },
    });
    expect(none.matches).toBe(true);
  });
});
