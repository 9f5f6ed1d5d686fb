import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as revline from "../../src/index.ts";
import { createProject } from "../support/cli.ts";
import { forEachDatabase, type Family } from "../support/databases.ts";

const TABLES = `
  CREATE TABLE organisation (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, owner INTEGER);
  CREATE TABLE person (id INTEGER PRIMARY KEY, email VARCHAR(80) NOT NULL UNIQUE, organisation_id INTEGER, born DATE,
    CONSTRAINT fk_org FOREIGN KEY (organisation_id) REFERENCES organisation (id) ON DELETE SET NULL, CHECK (email <> ''));
  CREATE INDEX by_birth ON person (born, email);
  CREATE VIEW mail AS SELECT email FROM person WHERE born IS NOT NULL;`;

const MORE: Readonly<Record<Family, string>> = {
  sqlite:
    "CREATE TRIGGER t1 AFTER INSERT ON person BEGIN DELETE FROM organisation WHERE id < 0; END;",
  mysql:
    "CREATE TRIGGER t1 AFTER INSERT ON person FOR EACH ROW DELETE FROM organisation WHERE id < 0",
  mariadb:
    "CREATE TRIGGER t1 AFTER INSERT ON person FOR EACH ROW DELETE FROM organisation WHERE id < 0",
  postgresql:
    "ALTER TABLE organisation ADD CONSTRAINT fk_owner FOREIGN KEY (owner) REFERENCES person (id)",
};

forEachDatabase((db) => {
  it("writes one file for each table, which give the same database, told in the same bytes", async () => {
    const [from, to] = [await db.create(), await db.create()];
    await from.query(TABLES);
    await from.query(MORE[db.family]);
    const cwd = await createProject({ "migrations/versions/.keep": "" });
    const config = { objects: "all" } as const;
    const options = { cwd, url: from.url, config };
    const written = await revline.introspect({ ...options, out: "models", split: true });
    const names = written.files.map((file) => file.slice(cwd.length + 1)).toSorted();
    expect(names).toEqual(
      expect.arrayContaining([
        "models/index.ts",
        "models/mail.ts",
        "models/organisation.ts",
        "models/person.ts",
      ]),
    );
    const again = { ...options, url: to.url, config: { ...config, models: "models/index.ts" } };
    expect(await revline.check({ ...again, url: from.url })).toMatchObject({ operations: [] });
    await revline.revision({ ...again, message: "all", autogenerate: true });
    await revline.upgrade({ ...again, target: "head" });
    const second = await revline.introspect({ ...again, out: "second", split: true });
    expect(second.text).toBe(written.text);
    for (const name of names) {
      const copy = name.replace(/^models/, "second");
      expect(await readFile(join(cwd, copy), "utf8")).toBe(await readFile(join(cwd, name), "utf8"));
    }
  });

  it("keeps foreign keys to tables that are not in the models", async () => {
    if (db.family === "mysql" || db.family === "mariadb") return;
    // SQLite takes keys to tables that are not there at all
    const parent = db.family === "sqlite" ? "gone" : "other.theirs";
    const database = await db.create();
    if (db.family === "postgresql")
      await database.query(
        "CREATE SCHEMA other; CREATE TABLE other.theirs (id INTEGER PRIMARY KEY)",
      );
    await database.query(`CREATE TABLE ours (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER,
        CONSTRAINT fk FOREIGN KEY (a) REFERENCES ${parent} ON DELETE CASCADE, FOREIGN KEY (b) REFERENCES ${parent} (id))`);
    const cwd = await createProject({ "migrations/versions/.keep": "" });
    const options = { cwd, url: database.url, config: { models: "models.ts" } };
    const { text } = await revline.introspect({ ...options, out: "models.ts" });
    expect(text.match(/external: true/g)).toHaveLength(2);
    expect(await revline.check(options)).toMatchObject({ operations: [] });
    await database.query("DROP TABLE ours");
    await revline.revision({ ...options, message: "all", autogenerate: true });
    await revline.upgrade({ ...options, target: "head" });
    expect((await revline.introspect(options)).text).toBe(text);
    expect(await revline.check(options)).toMatchObject({ operations: [] });
  });

  it("says what the driver gives for types without a builder", async () => {
    const given: Readonly<Record<Family, readonly (readonly [sql: string, code: string])[]>> = {
      sqlite: [
        ["INT DEFAULT 1", 't.raw<number>("INT").default(1)'],
        ["NVARCHAR(9) DEFAULT 0", 't.raw<string>("NVARCHAR(9)").$as<unknown>().default(0)'],
        ["FLOATING POINT", 't.raw<number>("FLOATING POINT")'],
        ["POINT", 't.raw("POINT")'],
        ["TIMESTAMP", 't.raw("TIMESTAMP")'],
      ],
      postgresql: [
        ["inet", 't.raw<string>("inet")'],
        ["point", 't.raw("point")'],
      ],
      mysql: [["point", 't.raw("point")']],
      mariadb: [["point", 't.raw("point")']],
    };
    const columns = given[db.family];
    const database = await db.create();
    const sql = columns.map(([type], at) => `c${String(at)} ${type}`);
    await database.query(`CREATE TABLE odd (${sql.join(", ")})`);
    const cwd = await createProject({});
    const options = { cwd, url: database.url, config: { models: "models.ts" } };
    const { text } = await revline.introspect({ ...options, out: "models.ts" });
    const flat = text.replace(/\n\s+\./g, ".");
    for (const [at, [, code]] of columns.entries())
      expect(flat).toContain(`c${String(at)}: ${code},`);
    expect(await revline.check(options)).toMatchObject({ operations: [] });
  });

  it("overwrites nothing unasked, and says where files would go", async () => {
    const { url, query } = await db.create();
    await query("CREATE TABLE a (id INTEGER PRIMARY KEY)");
    const cwd = await createProject({ "models/a.ts": "export {};\n" });
    const options = { cwd, url, config: {}, split: true };
    await expect(revline.introspect(options)).rejects.toMatchObject({ code: "usage" });
    const out = { ...options, out: "models" };
    await expect(revline.introspect(out)).rejects.toMatchObject({ code: "file-exists" });
    expect(await readFile(join(cwd, "models/a.ts"), "utf8")).toBe("export {};\n");
    await revline.introspect({ ...out, force: true });
    expect(await readFile(join(cwd, "models/a.ts"), "utf8")).toContain("table(");
  });

  it("reads the schemas that are asked for, and no other", async () => {
    const database = await db.create();
    await database.query("CREATE TABLE here (id INTEGER PRIMARY KEY)");
    const cwd = await createProject({});
    const options = { cwd, url: database.url, config: {} };
    const missing = revline.introspect({ ...options, schemas: ["revline_nowhere"] });
    await expect(missing).rejects.toMatchObject({ code: "usage" });
    if (db.family !== "postgresql") return;
    await database.query("CREATE SCHEMA other; CREATE TABLE other.there (id INTEGER PRIMARY KEY)");
    const tables = async (...schemas: readonly string[]): Promise<readonly string[]> =>
      (await revline.introspect({ ...options, schemas })).tables;
    expect(await tables("other")).toEqual(["other.there"]);
    expect((await tables("public", "other")).toSorted()).toEqual(["here", "other.there"]);
  });
});
