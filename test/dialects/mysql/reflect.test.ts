import { expect, it } from "vitest";
import { differences, models, onBothServers, open, roundTrip, upgrade } from "./helpers.ts";
import { mysql } from "../../../src/dialects/mysql/index.ts";
import { check, index, sql, t, table, unique } from "../../../src/schema/index.ts";

onBothServers((db) => {
  it("asks the same number of questions about 3 tables and about 300", async () => {
    const database = await db.create();
    const connection = await open(database);
    let questions = 0;
    connection.onStatement = () => {
      questions += 1;
    };
    const count = async (): Promise<number> => {
      questions = 0;
      await mysql.reflect(connection, {});
      return questions;
    };
    const make = (from: number, to: number): string =>
      Array.from(
        { length: to - from },
        (_, at) =>
          `CREATE TABLE t${String(from + at)} (id int primary key, a varchar(10) default 'x', key (a), check (id > 0))`,
      ).join(";");
    await database.query(make(0, 3));
    const few = await count();
    await database.query(make(3, 300));
    expect(await count()).toBe(few);
    expect((await mysql.reflect(connection, {})).tables).toHaveLength(300);
    await connection.close();
  });

  it("knows a check again that the server has spelled anew", async () => {
    const database = await db.create();
    const connection = await open(database);
    const given = models(
      table(
        "t",
        { id: t.integer().primaryKey(), n: t.bigint() },
        { with: () => [check("ck", sql`n BETWEEN -99999 AND 5`)] },
      ),
    );
    await upgrade(connection, given);
    expect(await differences(connection, given)).toEqual([]);
    await database.query("ALTER TABLE t FORCE");
    expect(await differences(connection, given)).toEqual([]);
    await connection.close();
  });

  it("says what it does not compare", async () => {
    const database = await db.create();
    await database.query(`
      CREATE TABLE plain (id int primary key, n int);
      CREATE VIEW seen AS SELECT id FROM plain;
      CREATE TRIGGER watched BEFORE INSERT ON plain FOR EACH ROW SET NEW.n = 1;
      CREATE PROCEDURE work() SELECT 1;
      CREATE EVENT tick ON SCHEDULE EVERY 1 YEAR DO SELECT 1`);
    if (db.family === "mariadb") await database.query("CREATE SEQUENCE numbers");
    const connection = await open(database);
    const { tables, skipped } = await mysql.reflect(connection, {});
    expect(tables.map(({ name }) => name)).toEqual(["plain"]);
    expect(skipped.map(({ kind, name }) => `${kind} ${name}`).toSorted()).toEqual(
      [
        "event tick",
        "procedure work",
        "trigger watched",
        "view seen",
        ...(db.family === "mariadb" ? ["sequence numbers"] : []),
      ].toSorted(),
    );
    await connection.close();
  });

  it("reads only what the filter names, and not what it excludes", async () => {
    const database = await db.create();
    await database.query(
      "CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE c (id int)",
    );
    const connection = await open(database);
    expect(
      (await mysql.reflect(connection, { tables: [{ name: "b" }, { name: "zz" }] })).tables.map(
        ({ name }) => name,
      ),
    ).toEqual(["b"]);
    expect(
      (await mysql.reflect(connection, { exclude: [{ name: "b" }] })).tables.map(
        ({ name }) => name,
      ),
    ).toEqual(["a", "c"]);
    await connection.close();
  });

  it("reads and makes tables of another database of the server", async () => {
    const [database, second] = [await db.create(), await db.create()];
    const [row] = await second.query("SELECT DATABASE() AS name");
    const schema = String(row?.["name"]);
    const connection = await open(database);
    const wanted = models(
      table("here", {
        id: t.integer().primaryKey(),
        there: t.integer().references(`${schema}.there.id`, { name: "fk" }),
      }),
      table("there", { id: t.integer().primaryKey() }, { schema }),
    );
    const live = await mysql.reflect(connection, { schemas: [undefined, schema] });
    expect(live.schemas).toEqual([schema]);
    const { compare } = await import("../../../src/compare/index.ts");
    const { apply } = await import("./helpers.ts");
    await apply(
      connection,
      compare(await mysql.canonicalize(connection, live, wanted), { dialect: mysql }).operations,
    );
    const again = await mysql.reflect(connection, { schemas: [undefined, schema] });
    expect(
      compare(await mysql.canonicalize(connection, again, wanted), { dialect: mysql }).operations,
    ).toEqual([]);
    await connection.execute("DROP TABLE here");
    await connection.close();
  });

  it("leaves no trace when it asks the server", async () => {
    const database = await db.create();
    const connection = await open(database);
    const wanted = models(
      table(
        "a",
        { id: t.integer().primaryKey(), n: t.integer().default(sql`(1+2)`) },
        { with: () => [check("ck", sql`n > 1 and not (n = 3)`)] },
      ),
    );
    await upgrade(connection, wanted);
    await connection.begin();
    await connection.execute("INSERT INTO a VALUES (1, 5)");
    expect(await differences(connection, wanted)).toEqual([]);
    expect(connection.inTransaction).toBe(true);
    await connection.rollback();
    expect(await connection.query("SELECT count(*) AS n FROM a")).toEqual([{ n: 0 }]);
    expect(
      await database.query(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
      ),
    ).toEqual([{ name: "a" }]);
    await connection.close();
  });

  it("takes any name", async () => {
    const names = [
      "select",
      "we`ird",
      "dot.ted",
      "sp ace",
      'quo"te',
      "it's",
      "ünïcödé",
      "back\\slash",
      "100%",
      "x".repeat(64),
      "q?",
    ];
    const columns = Object.fromEntries(names.map((name) => [name, t.integer()]));
    const wanted = models(
      ...names.map((name) => table(name, { id: t.integer().primaryKey() })),
      table("odd", columns, {
        with: () => [
          index("we`ird ix").on("we`ird", "dot.ted"),
          unique("it's", ['quo"te']),
          check("ch`eck", sql`${sql.identifier("we`ird")} > 0 and ${sql.identifier("sp ace")} < 3`),
        ],
      }),
    );
    await roundTrip(db, models(), wanted);
    await roundTrip(db, wanted, models());
  });

  it("knows a column by its name in any case, and renames it to the models' case", async () => {
    const database = await db.create();
    await database.query(
      "CREATE TABLE a (Id int primary key, UserName varchar(10), UNIQUE KEY u (UserName)); INSERT INTO a VALUES (1, 'x')",
    );
    const wanted = models(
      table(
        "a",
        { id: t.integer().primaryKey(), username: t.varchar(10) },
        { with: () => [unique("u", ["username"])] },
      ),
    );
    const connection = await open(database);
    expect((await upgrade(connection, wanted)).map(({ kind }) => kind)).toEqual([
      "renameColumn",
      "renameColumn",
    ]);
    expect(await database.query("SELECT * FROM a")).toEqual([{ id: 1, username: "x" }]);
    expect(await differences(connection, wanted)).toEqual([]);
    await connection.close();
  });

  it("refuses what the server does not have", async () => {
    const connection = await open(await db.create());
    const failing = async (declared: Parameters<typeof models>[0]): Promise<unknown> =>
      differences(connection, models(declared)).catch((error: unknown) => error);
    expect(await failing(table("a", { id: t.varchar() }))).toMatchObject({ code: "model-invalid" });
    expect(await failing(table("a", { id: t.array(t.integer()) }))).toMatchObject({
      code: "unsupported",
    });
    expect(await failing(table("a", { id: t.interval() }))).toMatchObject({ code: "unsupported" });
    expect(await failing(table("x".repeat(65), { id: t.integer() }))).toMatchObject({
      code: "name-too-long",
    });
    expect(
      await failing(
        table(
          "a",
          { id: t.integer() },
          {
            with: () => [
              index("i")
                .on("id")
                .where(sql`id > 1`),
            ],
          },
        ),
      ),
    ).toMatchObject({ code: "unsupported" });
    await connection.close();
  });
});

onBothServers((db) => {
  it("says so when it may not ask the server, and then guesses no difference", async () => {
    const database = await db.create();
    const admin = await open(database);
    const wanted = models(
      table(
        "a",
        {
          id: t.integer().primaryKey(),
          n: t.integer(),
          twice: t.integer().generatedAs(sql`n * 2 + 1`),
        },
        { with: () => [check("ck", sql`n > 1 and not (n = 3)`)] },
      ),
    );
    await upgrade(admin, wanted);
    const user = `rl_${String(process.pid)}_${db.family}`;
    await database.query(
      `CREATE USER '${user}'@'%' IDENTIFIED BY 's3cret'; GRANT SELECT, ALTER, CREATE ON \`${admin.server.database}\`.* TO '${user}'@'%'`,
    );
    try {
      const connection = await mysql.connect(
        Object.assign(new URL(database.url.replace(/^mariadb:/, "mysql:")), {
          username: user,
          password: "s3cret",
        }).href,
      );
      expect(await differences(connection, wanted)).toEqual([]);
      const { skipped } = await mysql.canonicalize(
        connection,
        await mysql.reflect(connection, {}),
        wanted,
      );
      expect(skipped).toMatchObject([{ kind: "expressions", table: "a" }]);
      await expect(connection.execute("DROP TABLE a")).rejects.toMatchObject({
        code: "permission-denied",
      });
      await connection.close();
    } finally {
      await database.query(`DROP USER '${user}'@'%'`);
      await admin.close();
    }
  });
});
