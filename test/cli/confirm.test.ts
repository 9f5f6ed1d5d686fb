import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { forEachDatabase } from "../support/databases.ts";
import { migrateHere } from "../support/in-process.ts";

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const revision = (
  id: string,
  down: string | null,
  up: string,
  back: string,
): string => `/** ${id} */
import type { Operations } from "revline";
export const revision = "${id}";
export const downRevision = ${JSON.stringify(down)};
export async function upgrade(op: Operations): Promise<void> {
${up}
}
export async function downgrade(op: Operations): Promise<void> {
${back}
}
`;

const TABLE = `  op.createTable("post", (t) => ({ id: t.integer().primaryKey(), title: t.varchar(20), body: t.varchar(50) }));`;
const COLUMN = `  op.addColumn("post", "more", (t) => t.integer());`;
const NOT_NULL = `  op.alterColumn("post", "title", (t) => ({ from: t.varchar(20), to: t.varchar(20).notNull() }));
  op.alterColumn("post", "body", (t) => ({ from: t.varchar(50), to: t.varchar(9) }));`;
const NULL = `  op.alterColumn("post", "body", (t) => ({ from: t.varchar(9), to: t.varchar(50) }));
  op.alterColumn("post", "title", (t) => ({ from: t.varchar(20).notNull(), to: t.varchar(20) }));`;

async function project(url: string, more = ""): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "revline-confirm-"));
  folders.push(folder);
  const versions = join(folder, "migrations", "versions");
  await mkdir(versions, { recursive: true });
  await writeFile(
    join(folder, "migrate.config.ts"),
    `export default { url: ${JSON.stringify(url)}, models: "./models.ts", ${more} };\n`,
  );
  await writeFile(
    join(folder, "models.ts"),
    `import { table, t } from "revline/schema";\nexport const other = table("other", { id: t.integer().primaryKey() });\n`,
  );
  await writeFile(join(versions, "a.ts"), revision("aaaa", null, TABLE, `  op.dropTable("post");`));
  await writeFile(
    join(versions, "b.ts"),
    revision("bbbb", "aaaa", COLUMN, `  op.dropColumn("post", "more");`),
  );
  await writeFile(join(versions, "c.ts"), revision("cccc", "bbbb", NOT_NULL, NULL));
  return folder;
}

forEachDatabase((db) => {
  describe("what destroys data", () => {
    it("is marked in every plan, with the rows it is about", async () => {
      const database = await db.create();
      const cwd = await project(database.url);
      const run = (...argv: string[]): ReturnType<typeof migrateHere> => migrateHere(argv, { cwd });
      await run("upgrade", "bbbb");
      await database.query(
        "INSERT INTO post (id, title, body) VALUES (1, 'a', 'b'), (2, NULL, 'c')",
      );
      const up = await run("upgrade", "head", "--dry-run");
      expect(up.stdout).toContain("(! fails where the column is null: 1 row now)");
      expect(up.stdout).toContain("(! values that do not fit varchar(9) fail or are cut)");
      const down = await run("downgrade", "base", "--dry-run");
      expect(down.stdout).toContain("(! drops the table's rows: 2 rows now)");
      expect(down.stdout).toContain("(! drops the column's data)");
      expect(down.stderr).toContain("Every revision is taken back");
      const json: unknown = JSON.parse(
        (await run("downgrade", "base", "--dry-run", "--json")).stdout,
      );
      expect(json).toMatchObject({
        revisions: [
          {
            id: "bbbb",
            operations: [{ hazards: [{ kind: "loss", text: "drops the column's data" }] }],
          },
          {
            id: "aaaa",
            operations: [
              { hazards: [{ kind: "loss", text: "drops the table's rows: 2 rows now" }] },
            ],
          },
        ],
      });
      for (const argv of [["check"], ["diff"]]) {
        const { stdout } = await run(...argv);
        expect(stdout).toContain("drop table post (! drops the table's rows)");
        expect((await run(...argv, "--json")).stdout).toContain(`"hazards": [`);
      }
      // nothing was done by any of this
      expect(await database.query("SELECT id FROM post ORDER BY id")).toHaveLength(2);
    });

    it("is done without a question where nobody is there, unless the config says otherwise", async () => {
      const { url } = await db.create();
      const cwd = await project(url);
      expect((await migrateHere(["upgrade", "head"], { cwd })).code).toBe(0);
      expect((await migrateHere(["downgrade", "base"], { cwd })).code).toBe(0);
    });

    it("needs --yes where the config says confirmDestructive", async () => {
      const { url, query } = await db.create();
      const cwd = await project(url, "confirmDestructive: true");
      const refused = await migrateHere(["upgrade", "head"], { cwd });
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/Nothing was done\. \[decision-missing\]/);
      expect(refused.stderr).toContain("cccc: post: alter column body");
      expect(refused.stderr).toContain("--yes");
      expect((await migrateHere(["upgrade", "bbbb"], { cwd })).code).toBe(0);
      expect((await migrateHere(["upgrade", "head", "--yes"], { cwd })).code).toBe(0);
      const down = await migrateHere(["downgrade", "base", "--json"], { cwd });
      expect(down.code).toBe(2);
      expect(JSON.parse(down.stdout)).toMatchObject({
        error: { code: "decision-missing", hint: expect.stringContaining("--yes") },
      });
      expect(await query("SELECT version_num FROM revline_version")).toEqual([
        { version_num: "cccc" },
      ]);
      expect((await migrateHere(["downgrade", "base", "-y"], { cwd })).code).toBe(0);
      expect(await query("SELECT version_num FROM revline_version")).toEqual([]);
    });

    it("is asked about on a terminal", async () => {
      const { url, query } = await db.create();
      const cwd = await project(url);
      const up = await migrateHere(["upgrade", "head"], { cwd, typed: [] });
      expect({ code: up.code, asked: up.stderr.includes("Go on?") }).toEqual({
        code: 0,
        asked: false,
      });
      const no = await migrateHere(["downgrade", "aaaa"], { cwd, typed: ["perhaps", "n"] });
      expect(no.code).toBe(2);
      expect(no.stderr).toContain("bbbb: post: drop column more (drops the column's data)");
      expect(await query("SELECT version_num FROM revline_version")).toEqual([
        { version_num: "cccc" },
      ]);
      const harmless = await migrateHere(["downgrade", "-1"], { cwd, typed: [] });
      expect({ code: harmless.code, asked: harmless.stderr.includes("Go on?") }).toEqual({
        code: 0,
        asked: false,
      });
      expect((await migrateHere(["downgrade", "base"], { cwd, typed: ["y"] })).code).toBe(0);
      expect(await query("SELECT version_num FROM revline_version")).toEqual([]);
    });
  });
});
