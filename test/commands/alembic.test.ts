import { expect, it } from "vitest";
import * as revline from "../../src/index.ts";
import { createProject } from "../support/cli.ts";
import { forEachDatabase } from "../support/databases.ts";

const LONG = "2024_06_01_add_users_and_more_ab"; // 32 characters, as long as Alembic's column

const MODELS = `import { table, t } from "revline/schema";
export const users = table("users", { id: t.integer().primaryKey(), name: t.varchar(30) });
`;

function revision(id: string, down: string | null, body = ""): string {
  return `export const revision = "${id}";
export const downRevision = ${JSON.stringify(down)};
export function upgrade(op) { ${body} }
export function downgrade(op) {}
`;
}

const config: revline.Config = { versionTable: "alembic_version", models: "models.ts" };

forEachDatabase((db) => {
  async function alembic(...rows: readonly string[]): Promise<{
    url: string;
    query: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  }> {
    const { url, query } = await db.create();
    await query(
      "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
    );
    for (const row of rows)
      await query(`INSERT INTO alembic_version (version_num) VALUES ('${row}')`);
    await query("CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY)");
    return { url, query };
  }

  it("goes on where Alembic stopped, with its ids and its table", async () => {
    const { url, query } = await alembic(LONG);
    // an empty revision stands for all of the Python project's
    const cwd = await createProject({
      "models.ts": MODELS,
      "migrations/versions/base.ts": revision(LONG, null),
    });
    const options = { cwd, url, config };
    expect(await revline.current(options)).toMatchObject({ rows: [LONG], isAtHeads: true });
    // the version table takes no part in the comparison
    const { operations } = await revline.check(options);
    expect(operations.map(({ kind }) => kind)).toEqual(["addColumn"]);
    const made = await revline.revision({ ...options, autogenerate: true, message: "name" });
    await revline.upgrade({ ...options, target: "head" });
    expect(await query("SELECT version_num FROM alembic_version")).toEqual([
      { version_num: made.revision },
    ]);
    expect(await revline.check(options)).toMatchObject({ matches: true });
    await revline.downgrade({ ...options, target: "-1" });
    expect(await query("SELECT version_num FROM alembic_version")).toEqual([{ version_num: LONG }]);
    expect((await revline.status(options)).unknown).toEqual([]);
  });

  it("takes over several heads, and stamps over rows that no file has", async () => {
    const { url, query } = await alembic("ae1027a6acf", "27c6a30d7c24");
    const cwd = await createProject({
      "models.ts": MODELS,
      "migrations/versions/base.ts": revision("f00", null),
    });
    const options = { cwd, url, config };
    await expect(revline.upgrade({ ...options, target: "head" })).rejects.toMatchObject({
      code: "version-unknown",
      hint: expect.stringContaining("stamp"),
    });
    await revline.stamp({ ...options, revisions: ["head"], purge: true });
    expect(await query("SELECT version_num FROM alembic_version")).toEqual([
      { version_num: "f00" },
    ]);
    expect((await revline.current(options)).isAtHeads).toBe(true);
  });

  it("keeps ids that are longer where the table was made wider", async () => {
    const { url, query } = await alembic();
    const long = `${LONG}_too_long`;
    const cwd = await createProject({
      "models.ts": MODELS,
      "migrations/versions/base.ts": revision(long, null),
      "migrations/versions/next.ts": revision(`${long}er`, long),
    });
    const options = { cwd, url, config };
    if (db.family !== "sqlite") {
      for (const run of [
        () => revline.upgrade({ ...options, target: "head" }),
        () => revline.stamp({ ...options, revisions: ["head"] }),
      ]) {
        await expect(run()).rejects.toMatchObject({
          code: "revision-invalid",
          message: expect.stringContaining("the version table holds 32"),
        });
      }
      await query(
        db.family === "postgresql"
          ? "ALTER TABLE alembic_version ALTER COLUMN version_num TYPE VARCHAR(64)"
          : "ALTER TABLE alembic_version MODIFY version_num VARCHAR(64) NOT NULL",
      );
    }
    await revline.stamp({ ...options, revisions: [long] });
    await revline.upgrade({ ...options, target: "head" });
    expect((await revline.current(options)).rows).toEqual([`${long}er`]);
  });

  it("tells onVersionApply of each step in its transaction", async () => {
    const { url, query } = await alembic();
    await query("CREATE TABLE audit (line VARCHAR(80))");
    const cwd = await createProject({
      "models.ts": MODELS,
      "migrations/versions/a.ts": revision("a1", null),
      "migrations/versions/b.ts": revision("b2", "a1"),
    });
    let fails = false;
    const options = {
      cwd,
      url,
      config: {
        ...config,
        onVersionApply: async ({ direction, revision: id, before, after, connection }) => {
          const line = [direction, id ?? "-", before.join(" "), after.join(" ")].join(" | ");
          await connection.execute(`INSERT INTO audit (line) VALUES ('${line}')`);
          if (fails) throw new Error("no more");
        },
      } satisfies revline.Config,
    };
    await revline.upgrade({ ...options, target: "a1" });
    fails = true;
    await expect(revline.upgrade({ ...options, target: "head" })).rejects.toMatchObject({
      code: "revision-failed",
      message: expect.stringContaining("`onVersionApply` of the config threw: no more"),
    });
    await expect(revline.stamp({ ...options, revisions: ["b2"] })).rejects.toMatchObject({
      code: "config-failed",
    });
    expect((await revline.current(options)).rows).toEqual(["a1"]);
    fails = false;
    await revline.stamp({ ...options, revisions: ["b2"] });
    await revline.downgrade({ ...options, target: "-1" });
    const lines = (await query("SELECT line FROM audit")).map(({ line }) => line);
    expect(lines).toEqual([
      "upgrade | a1 |  | a1",
      "stamp | - | a1 | b2",
      "downgrade | b2 | b2 | a1",
    ]);
  });
});

it("tells of ids that the table does not hold before anything runs", async () => {
  const cwd = await createProject({
    "migrations/versions/a.ts": revision(
      `${LONG}_too_long`,
      null,
      'op.createTable("x", (t) => ({ id: t.integer() }));',
    ),
  });
  await expect(
    revline.upgrade({ cwd, config: { ...config, url: "sqlite::memory:" }, target: "head" }),
  ).rejects.toMatchObject({ code: "revision-invalid", message: expect.stringContaining("32") });
});
