import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connect } from "../../../src/dialects/sqlite/driver.ts";
import { databaseOf } from "./support.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "revline-driver-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

function urlOf(name: string, query = ""): string {
  return `sqlite:///${join(folder, name)}${query}`;
}

describe("opening a file", () => {
  it("makes it by the first write, not by looking", async () => {
    const connection = await connect(urlOf("new.db"));
    expect(await connection.query("SELECT count(*) AS n FROM sqlite_schema")).toEqual([{ n: 0 }]);
    expect(existsSync(join(folder, "new.db"))).toBe(false);
    await connection.begin();
    await connection.execute("CREATE TABLE t (a)");
    await connection.commit();
    await connection.close();
    const again = await connect(urlOf("new.db"));
    expect(await again.query("SELECT name FROM sqlite_schema")).toEqual([{ name: "t" }]);
    await again.close();
  });

  it("makes it too when a query writes", async () => {
    const connection = await connect(urlOf("query.db"));
    expect(await connection.query("CREATE TABLE t (a)")).toEqual([]);
    expect(await connection.query("INSERT INTO t VALUES (1) RETURNING a")).toEqual([{ a: 1 }]);
    await connection.close();
    expect(existsSync(join(folder, "query.db"))).toBe(true);
  });

  it.each([
    ["in a directory that is not there", "none/app.db", "", "database-not-found"],
    ["that must exist", "none.db", "?mode=ro", "database-not-found"],
    ["that is a directory", "directory", "", "connection-failed"],
    ["that is no database", "text.db", "", "connection-failed"],
    ["with a wrong timeout", "x.db", "?timeout=soon", "url-invalid"],
  ])("fails for one %s", async (_what, name, query, code) => {
    await mkdir(join(folder, "directory"), { recursive: true });
    await writeFile(
      join(folder, "text.db"),
      "this is some text and no database at all\n".repeat(20),
    );
    await expect(connect(urlOf(name, query))).rejects.toMatchObject({
      code,
      hint: expect.any(String),
    });
  });

  it("says that a file is read only", async () => {
    const made = await connect(urlOf("ro.db"));
    await made.execute("CREATE TABLE t (a)");
    await made.close();
    const connection = await connect(urlOf("ro.db", "?mode=ro"));
    await connection.begin();
    await expect(connection.execute("DROP TABLE t")).rejects.toMatchObject({
      code: "database-read-only",
    });
    await connection.rollback();
    expect(connection.inTransaction).toBe(false);
    await connection.close();
  });

  it.skipIf(process.getuid?.() === 0)("says that a file's rights forbid to write", async () => {
    const made = await connect(urlOf("rights.db"));
    await made.execute("CREATE TABLE t (a)");
    await made.close();
    await chmod(join(folder, "rights.db"), 0o444);
    const connection = await connect(urlOf("rights.db"));
    await connection.begin();
    await expect(connection.execute("DROP TABLE t")).rejects.toMatchObject({
      code: "database-read-only",
    });
    await connection.close();
  });

  it("waits for another writer as long as the URL says, and then says so", async () => {
    const first = await connect(urlOf("busy.db"));
    await first.begin();
    await first.execute("CREATE TABLE t (a)");
    const second = await connect(urlOf("busy.db", "?timeout=50"));
    const start = Date.now();
    await expect(second.begin()).rejects.toMatchObject({
      code: "database-locked",
      hint: expect.stringContaining("timeout"),
    });
    expect(Date.now() - start).toBeGreaterThan(40);
    const patient = await connect(urlOf("busy.db"));
    const waiting = patient.begin();
    await new Promise((resolve) => setTimeout(resolve, 120));
    await first.commit();
    await waiting;
    await patient.rollback();
    await patient.close();
    await second.begin();
    expect(await second.query("SELECT name FROM sqlite_schema")).toEqual([{ name: "t" }]);
    await second.rollback();
    await first.close();
    await second.close();
  });
});

describe("values", () => {
  it("keeps integers whole, numbers where they are safe, and the storage class", async () => {
    const connection = await databaseOf("CREATE TABLE t (a)");
    const values = [
      1,
      -0,
      2 ** 53 - 1,
      9007199254740993n,
      -(2n ** 63n),
      1.5,
      true,
      null,
      "x",
      new Uint8Array([1, 2]),
      new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 60)),
    ];
    for (const value of values) await connection.execute("INSERT INTO t VALUES (?)", [value]);
    const rows = await connection.query("SELECT a, typeof(a) AS type FROM t");
    expect(rows.map(({ a, type }) => [a instanceof Uint8Array ? [...a] : a, type])).toEqual([
      [1, "integer"],
      [0, "integer"],
      [2 ** 53 - 1, "integer"],
      [9007199254740993n, "integer"],
      [-(2n ** 63n), "integer"],
      [1.5, "real"],
      [1, "integer"],
      [null, "null"],
      ["x", "text"],
      [[1, 2], "blob"],
      ["2026-01-02 03:04:05.060", "text"],
    ]);
  });

  it("counts the rows a statement touched, and runs several statements in one text", async () => {
    const connection = await databaseOf(
      "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2); -- done",
    );
    expect(await connection.execute("UPDATE t SET a = a + 1")).toBe(2);
    expect(await connection.execute("DELETE FROM t WHERE a = 2 RETURNING a")).toBe(1);
    expect(await connection.execute("SELECT * FROM t")).toBe(0);
    expect(await connection.execute("-- nothing")).toBe(0);
  });

  it("gives SQLite's message, its code and the statement with an error", async () => {
    const connection = await databaseOf("CREATE TABLE t (a UNIQUE)", "INSERT INTO t VALUES (1)");
    await expect(connection.execute("INSERT INTO t VALUES (1)")).rejects.toMatchObject({
      code: "statement-failed",
      message: "SQLite: UNIQUE constraint failed: t.a",
      details: ["SQLite's code: SQLITE_CONSTRAINT_UNIQUE", "INSERT INTO t VALUES (1)"],
    });
  });

  it("tells every statement to its listener", async () => {
    const connection = await databaseOf();
    const heard: string[] = [];
    connection.onStatement = (sql) => heard.push(sql);
    await connection.begin();
    await connection.execute("CREATE TABLE t (a)");
    await connection.commit();
    expect(heard).toContain("BEGIN IMMEDIATE");
    expect(heard).toContain("CREATE TABLE t (a)");
    expect(heard).toContain("COMMIT");
  });
});

describe("foreign keys", () => {
  const TABLES = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p)";

  it("are not enforced inside a transaction, checked before its end, and enforced as before afterwards", async () => {
    const connection = await databaseOf(TABLES, "PRAGMA foreign_keys = ON");
    await connection.begin();
    await connection.execute("INSERT INTO c VALUES (7)");
    await expect(connection.commit()).rejects.toMatchObject({
      code: "foreign-key-violation",
      details: ['the row with rowid 1 of table "c" has no parent in table "p"'],
    });
    expect(connection.inTransaction).toBe(false);
    expect(await connection.query("SELECT * FROM c")).toEqual([]);
    expect(await connection.query("PRAGMA foreign_keys")).toEqual([{ foreign_keys: 1 }]);
  });

  it("that were broken before are no fault of the transaction", async () => {
    const connection = await databaseOf(
      "PRAGMA foreign_keys = OFF",
      TABLES,
      "INSERT INTO c VALUES (7)",
    );
    await connection.begin();
    await connection.execute("CREATE TABLE other (a)");
    await connection.commit();
    expect(await connection.query("PRAGMA foreign_keys")).toEqual([{ foreign_keys: 0 }]);
    await connection.begin();
    await connection.execute("INSERT INTO c VALUES (8)");
    await expect(connection.commit()).rejects.toMatchObject({ code: "foreign-key-violation" });
  });

  it("may not lose the unique columns that they point to", async () => {
    const connection = await databaseOf(
      "PRAGMA foreign_keys = OFF",
      "CREATE TABLE q (a UNIQUE); CREATE TABLE d (a REFERENCES q (a))",
    );
    await connection.begin();
    await connection.execute("DROP TABLE q");
    await connection.execute("CREATE TABLE q (a)");
    await expect(connection.commit()).rejects.toMatchObject({
      code: "foreign-key-violation",
      message: expect.stringContaining("mismatch"),
    });
  });

  it("without a unique parent do not stop the check of the others", async () => {
    const connection = await databaseOf(
      "PRAGMA foreign_keys = OFF",
      TABLES,
      "CREATE TABLE q (a); CREATE TABLE d (a REFERENCES q (a)); INSERT INTO d VALUES (1)",
    );
    await connection.begin();
    await connection.execute("CREATE TABLE other (a)");
    await connection.commit();
    await connection.begin();
    await connection.execute("INSERT INTO c VALUES (8)");
    await expect(connection.commit()).rejects.toMatchObject({ code: "foreign-key-violation" });
  });
});
