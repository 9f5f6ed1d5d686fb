import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isRevlineError, type RevlineError } from "../../../src/errors.ts";
import { postgresql } from "../../../src/dialects/postgresql/index.ts";
import type { Connection } from "../../../src/dialects/contract.ts";
import { forEachDatabase, type TestDatabase } from "../../support/databases.ts";

async function failure(promise: Promise<unknown>): Promise<RevlineError> {
  try {
    await promise;
  } catch (error) {
    if (isRevlineError(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

it("a server that is not there is said with its address and no password", async () => {
  const refused = await failure(postgresql.connect("postgres://me:s3cret@127.0.0.1:1/db"));
  expect(refused.code).toBe("connection-failed");
  expect(refused.message).toContain("127.0.0.1:1");
  expect(`${refused.message} ${String(refused.hint)}`).not.toContain("s3cret");
  const unknown = await failure(postgresql.connect("postgres://me:s3cret@no-such-host.invalid/db"));
  expect(unknown.code).toBe("connection-failed");
  const socket = await failure(postgresql.connect("postgres://me@/db?host=/no/such/folder"));
  expect(socket).toMatchObject({
    code: "connection-failed",
    hint: expect.stringContaining("socket"),
  });
});

it("a server that never answers is given up", async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const address = silent.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const error = await failure(
    postgresql.connect(`postgres://me@127.0.0.1:${String(port)}/db?connect_timeout=1`),
  );
  expect(error.code).toBe("connection-failed");
  silent.close();
});

forEachDatabase(
  (db) => {
    let database: TestDatabase;
    let connection: Connection;
    beforeEach(async () => {
      database ??= await db.create();
      connection = await postgresql.connect(database.url);
    });
    afterEach(async () => {
      await connection.close();
      await database.reset();
    });

    it("says who is there, and is named in the server's list", async () => {
      const { server } = connection;
      expect(server.dialect).toBe("postgresql");
      expect(server.versionNumber).toBeGreaterThanOrEqual(120000);
      expect(server.defaultSchema).toBe("public");
      const [row] = await connection.query(
        "SELECT application_name AS name FROM pg_stat_activity WHERE pid = pg_backend_pid()",
      );
      expect(row).toEqual({ name: "revline" });
    });

    it("takes SQLAlchemy's spelling, and the driver's parameters", async () => {
      const url = database.url.replace(/^postgres(ql)?:/, "postgresql+psycopg2:");
      const other = await postgresql.connect(
        `${url}?application_name=mine&options=-c%20search_path%3Dpg_catalog`,
      );
      const [row] = await other.query(
        "SELECT current_setting('application_name') AS name, current_setting('search_path') AS path",
      );
      await other.close();
      expect(row).toEqual({ name: "mine", path: "pg_catalog" });
    });

    it("a database that is not there has a code of its own", async () => {
      const url = database.url.replace(/\/[^/]*$/, "/no_such_database");
      expect((await failure(postgresql.connect(url))).code).toBe("database-not-found");
    });

    it("reads numbers without losing a digit", async () => {
      const [row] = await connection.query(
        "SELECT 1::bigint AS small, 9223372036854775807::bigint AS big, 0.10::numeric(5,2) AS exact, count(*) AS rows FROM pg_class WHERE false",
      );
      expect(row).toEqual({ small: 1, big: 9223372036854775807n, exact: "0.10", rows: 0 });
    });

    it("shows where in a statement the error is, with the server's own words", async () => {
      const error = await failure(
        connection.execute("CREATE TABLE t (a integer);\nSELECT 1 FROM t\nWHERE größe > nothing"),
      );
      expect(error.code).toBe("statement-failed");
      expect(error.message).toContain("42703");
      const at = error.details.indexOf("WHERE größe > nothing");
      expect(error.details[at + 1]).toBe("      ^");
    });

    it("several statements in one text, parameters, and counted rows", async () => {
      await connection.execute(
        "CREATE TABLE t (a integer, b text); INSERT INTO t VALUES (1, 'x'), (2, 'y')",
      );
      expect(await connection.execute("UPDATE t SET b = $1 WHERE a > $2", ["z", 0])).toBe(2);
      expect(await connection.query("SELECT b FROM t WHERE a = $1", [2n])).toEqual([{ b: "z" }]);
    });

    it("knows whether a transaction is open, also after SQL of the user's own", async () => {
      await connection.begin();
      expect(connection.inTransaction).toBe(true);
      await connection.execute("ROLLBACK");
      expect(connection.inTransaction).toBe(false);
    });

    it("never takes a rolled back transaction for a committed one", async () => {
      await connection.begin();
      await failure(connection.execute("SELECT no_such_column"));
      expect(connection.inTransaction).toBe(true);
      expect((await failure(connection.commit())).message).toContain("rolled the transaction back");
      expect(connection.inTransaction).toBe(false);
    });

    it("a lost connection rejects what runs, and the process lives on", async () => {
      const [row] = await connection.query("SELECT pg_backend_pid() AS pid");
      const running = failure(connection.query("SELECT pg_sleep(30)"));
      await sleep(100);
      await database.query("SELECT pg_terminate_backend($1)", [row?.["pid"]]);
      expect((await running).code).toBe("connection-failed");
      expect((await failure(connection.query("SELECT 1"))).code).toBe("connection-failed");
      expect(connection.inTransaction).toBe(false);
    });

    it("stops a statement from outside", async () => {
      const running = failure(connection.query("SELECT pg_sleep(30)"));
      await sleep(100);
      await connection.cancel?.();
      expect((await running).message).toContain("57014");
      expect(await connection.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    });

    it("a table that somebody holds is a lock-timeout, a read-only session its own code", async () => {
      await database.query("CREATE TABLE t (a integer)");
      const other = await postgresql.connect(database.url);
      await other.begin();
      await other.execute("LOCK TABLE t");
      await connection.execute("SET lock_timeout = '100ms'");
      expect((await failure(connection.execute("ALTER TABLE t ADD b integer"))).code).toBe(
        "lock-timeout",
      );
      await other.rollback();
      await other.close();
      await connection.execute("SET default_transaction_read_only = on");
      expect((await failure(connection.execute("CREATE TABLE u (a integer)"))).code).toBe(
        "database-read-only",
      );
    });
  },
  { only: ["postgresql"] },
);
