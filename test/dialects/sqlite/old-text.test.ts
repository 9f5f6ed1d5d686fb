import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "../../../src/dialects/contract.ts";
import { connect } from "../../../src/dialects/sqlite/driver.ts";
import { text } from "../../../src/schema/expression.ts";
import { differences, migrated, reflected } from "./support.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "revline-old-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A file with texts that this SQLite does not take, as older ones left them. */
async function oldFile(name: string, texts: Readonly<Record<string, string>>): Promise<Connection> {
  const file = join(folder, name);
  const database = new Database(file);
  database.exec(
    "CREATE TABLE t (a text, b int); CREATE TABLE u (x int, y int); CREATE INDEX i ON t (a); INSERT INTO t VALUES ('x', 1)",
  );
  database.unsafeMode(true);
  database.pragma("writable_schema = ON");
  for (const [object, sql] of Object.entries(texts)) {
    database.prepare("UPDATE sqlite_schema SET sql = ? WHERE name = ?").run(sql, object);
  }
  database.close();
  return connect(`sqlite:///${file}`);
}

const TEXTS = {
  t: 'CREATE TABLE t (a text CONSTRAINT "ck a" CHECK ("a" IN ("x","it""s")), b int CHECK (b <> "b c"))',
  i: 'CREATE INDEX i ON t (a) WHERE a <> "z"',
};

describe("strings in double quotes", () => {
  it("are read as strings, and stop nothing", async () => {
    const connection = await oldFile("a.db", TEXTS);
    const { tables } = await reflected(connection);
    expect(tables[0]?.constraints).toEqual([
      { kind: "check", name: "ck a", expression: text(`"a" IN ('x','it"s')`) },
      { kind: "check", expression: text("b <> 'b c'") },
    ]);
    expect(tables[0]?.indexes[0]?.where).toEqual(text("a <> 'z'"));
    expect(
      await differences(connection, { tables, objects: [], schemas: [], skipped: [] }),
    ).toEqual([]);
    await migrated(connection, [
      { kind: "renameColumn", table: { name: "u" }, from: "x", to: "z" },
    ]);
    await migrated(connection, [{ kind: "dropColumn", table: { name: "u" }, name: "y" }]);
    await migrated(connection, [
      { kind: "renameColumn", table: { name: "t" }, from: "b", to: "c" },
    ]);
    expect(await connection.query("SELECT a, c FROM t")).toEqual([{ a: "x", c: 1 }]);
    await expect(connection.execute("INSERT INTO t VALUES ('no', 1)")).rejects.toMatchObject({
      message: expect.stringContaining("ck a"),
    });
    await connection.close();
  });

  it("do not stop a rebuild or a dropped column", async () => {
    const connection = await oldFile("b.db", TEXTS);
    await migrated(connection, [{ kind: "dropColumn", table: { name: "u" }, name: "y" }]);
    const a = (await reflected(connection)).tables[0]?.columns[0];
    if (a === undefined) throw new Error("no column");
    await migrated(connection, [
      { kind: "alterColumn", table: { name: "t" }, from: a, to: { ...a, nullable: false } },
    ]);
    expect(await connection.query("SELECT a, b FROM t")).toEqual([{ a: "x", b: 1 }]);
    await connection.close();
  });
});
