import { expect, it } from "vitest";
import { onBothServers, open } from "./helpers.ts";
import { mysql } from "../../../src/dialects/mysql/index.ts";

onBothServers((db) => {
  it("says which server it is", async () => {
    const connection = await open(await db.create());
    expect(connection.server.dialect).toBe(db.family);
    expect(connection.server.versionNumber).toBeGreaterThan(80_000);
    await connection.close();
  });

  it("says what is wrong with a URL, and never the password", async () => {
    const { url } = await db.create();
    const wrong = (change: (url: URL) => void): string => {
      const changed = new URL(url.replace(/^mariadb:/, "mysql:"));
      change(changed);
      return changed.href;
    };
    const failure = async (given: string): Promise<{ code?: unknown; text: string }> => {
      try {
        const connection = await mysql.connect(given);
        await connection.close();
        return { text: "" };
      } catch (error) {
        return {
          code: error instanceof Error && "code" in error ? error.code : undefined,
          text: String(error),
        };
      }
    };
    const user = await failure(
      wrong((given) => Object.assign(given, { username: "nobody_here", password: "s3cret" })),
    );
    expect(user.code).toBe("authentication-failed");
    expect(user.text).not.toContain("s3cret");
    expect(
      (await failure(wrong((given) => Object.assign(given, { pathname: "/revline_absent" })))).code,
    ).toBe("database-not-found");
    expect((await failure(wrong((given) => Object.assign(given, { port: "1" })))).code).toBe(
      "connection-failed",
    );
    expect((await failure(wrong((given) => Object.assign(given, { pathname: "/" })))).code).toBe(
      "url-invalid",
    );
    expect(
      (await failure(wrong((given) => Object.assign(given, { hostname: "no-such-host.invalid" }))))
        .code,
    ).toBe("connection-failed");
  });

  it("reports a statement that fails with the server's words and the statement", async () => {
    const connection = await open(await db.create());
    await expect(connection.execute("SELECT nonsense FROM nowhere")).rejects.toMatchObject({
      code: "statement-failed",
      message: expect.stringMatching(/nowhere.*error 1146.*42S02/),
      details: ["SELECT nonsense FROM nowhere"],
    });
    await expect(connection.execute("SELECT 1; SELECT 2")).rejects.toMatchObject({
      code: "statement-failed",
    });
    await connection.close();
  });

  it("keeps question marks in text apart from parameters", async () => {
    const connection = await open(await db.create());
    expect(
      await connection.query("SELECT '?' AS a, ? AS b, `x?`.c AS c FROM (SELECT ? AS c) AS `x?`", [
        "it's \\ ?",
        7,
      ]),
    ).toEqual([{ a: "?", b: "it's \\ ?", c: 7 }]);
    await connection.close();
  });

  it("tells when data definition has ended the transaction", async () => {
    const connection = await open(await db.create());
    await connection.begin();
    expect(connection.inTransaction).toBe(true);
    await connection.execute("CREATE TABLE a (id int)");
    expect(connection.inTransaction).toBe(false);
    await connection.begin();
    await connection.execute("INSERT INTO a VALUES (1)");
    await connection.rollback();
    expect(await connection.query("SELECT count(*) AS n FROM a")).toEqual([{ n: 0 }]);
    await connection.close();
  });

  it("stops a running statement", async () => {
    const connection = await open(await db.create());
    // far longer than a test may take: only a stopped statement lets it go on
    const running = connection
      .query("SELECT SLEEP(600) AS slept UNION ALL SELECT SLEEP(600)")
      .catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await connection.cancel?.();
    await running;
    expect(await connection.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await connection.close();
  });

  it("rejects when the session is lost, and closes without complaint", async () => {
    const database = await db.create();
    const connection = await open(database);
    const [row] = await connection.query("SELECT CONNECTION_ID() AS id");
    const waiting = connection.query("SELECT SLEEP(20)").catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await database.query(`KILL ${String(row?.["id"])}`);
    expect(await waiting).toMatchObject({
      code: expect.stringMatching(/connection-failed|statement-failed/),
    });
    await expect(connection.query("SELECT 1")).rejects.toMatchObject({ code: "connection-failed" });
    await connection.close();
  });

  it("works the same whatever the server's sql_mode is", async () => {
    const database = await db.create();
    const connection = await open(database);
    const [row] = await connection.query("SELECT @@sql_mode AS mode");
    expect(String(row?.["mode"])).not.toMatch(/ANSI_QUOTES|NO_BACKSLASH_ESCAPES|PIPES_AS_CONCAT/);
    await connection.close();
  });
});
