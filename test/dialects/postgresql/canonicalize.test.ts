import { afterEach, beforeEach, expect, it } from "vitest";
import { postgresql } from "../../../src/dialects/postgresql/index.ts";
import { check, collect, enumType, index, sql, t, table } from "../../../src/schema/index.ts";
import { forEachDatabase, type TestDatabase } from "../../support/databases.ts";
import { Bench, modelsOf } from "./support.ts";

/** Every catalog in which something could be left behind. */
const CATALOG = [
  "pg_class",
  "pg_type",
  "pg_constraint",
  "pg_namespace",
  "pg_attrdef",
  "pg_depend",
  "pg_enum",
];

forEachDatabase(
  (db) => {
    let database: TestDatabase;
    let bench: Bench;
    beforeEach(async () => {
      database ??= await db.create();
      bench = await Bench.open(database);
    });
    afterEach(async () => {
      await bench.close();
      await database.reset();
    });

    const counts = async (): Promise<unknown> =>
      database.query(
        CATALOG.map((name) => `SELECT '${name}' AS name, count(*)::int AS count FROM ${name}`).join(
          " UNION ALL ",
        ),
      );
    const role = enumType("role", ["new", "a", "b"]);
    const models = collect(
      [
        table(
          "t",
          {
            a: t.integer(),
            b: t.varchar(10).default(sql`lower('X')`),
            r: role().default("new"),
            g: t.integer().generatedAs(sql`a*2`),
          },
          {
            with: () => [
              check("ck", sql`a in (1,2)`),
              check("ck_r", sql`r <> 'new'`),
              index("ix")
                .on(sql`upper(b)`)
                .where(sql`a!=3`),
            ],
          },
        ),
      ],
      [],
    );
    const CREATE = `CREATE TYPE role AS ENUM ('a', 'b');
      CREATE TABLE t (a integer, b varchar(10) DEFAULT lower('X'), r role DEFAULT 'a', g integer GENERATED ALWAYS AS (a * 2) STORED,
        CONSTRAINT ck CHECK (a = 1 OR a = 2), CONSTRAINT ck_r CHECK (r <> 'a')); CREATE INDEX ix ON t (upper(b)) WHERE a <> 3`;

    it("asks the database and leaves no trace, in a transaction and outside", async () => {
      await database.query(CREATE);
      const before = await counts();
      const settings = await bench.connection.query("SHOW search_path");
      const outside = await bench.canonical(models);
      expect(bench.connection.inTransaction).toBe(false);
      await bench.connection.begin();
      expect(await bench.canonical(models)).toEqual(outside);
      expect(bench.connection.inTransaction).toBe(true);
      await bench.connection.commit();
      expect(await counts()).toEqual(before);
      expect(await bench.connection.query("SHOW search_path")).toEqual(settings);
      const [found] = outside.models.tables;
      expect(
        found?.constraints.map((constraint) =>
          constraint.kind === "check" ? constraint.expression.parts : [],
        ),
      ).toEqual([["a = ANY (ARRAY[1, 2])"], ["r <> 'new'::role"]]);
      expect(found?.columns.find(({ name }) => name === "r")?.default).toEqual({ value: "new" });
    });

    it("what the database does not take stays as it is, and the rest is decided", async () => {
      await database.query(
        "CREATE TABLE t (a integer, CONSTRAINT ok CHECK (a <> 3), CONSTRAINT odd CHECK (a > 0))",
      );
      const odd = modelsOf(
        table(
          "t",
          { a: t.integer() },
          { with: () => [check("ok", sql`a != 3`), check("odd", sql`no_such_function(a)`)] },
        ),
      );
      const operations = await bench.differences(odd);
      expect(
        operations.map((operation) => ("name" in operation ? operation.name : operation.kind)),
      ).toEqual(["odd", "addConstraint"]);
    });

    it("a user who may not make temporary tables is told what could not be compared", async () => {
      await database.query(CREATE);
      const [row] = await database.query("SELECT current_database() AS name");
      const role_ = `revline_reader_${String(process.pid)}_${db.kind}`;
      await database.query(
        `CREATE ROLE ${role_}; REVOKE TEMPORARY ON DATABASE ${String(row?.["name"])} FROM PUBLIC`,
      );
      try {
        await bench.connection.execute(`SET ROLE ${role_}`);
        const {
          skipped,
          models: canonical,
          database: live,
        } = await bench.canonical(
          modelsOf(table("t", { a: t.integer() }, { with: () => [check("ck", sql`a in (1,2)`)] })),
        );
        expect(skipped.map(({ kind, name }) => `${kind} ${name}`)).toEqual(["check constraint ck"]);
        expect(skipped[0]?.reason).toContain("could not be asked");
        const checks = live.tables[0]?.constraints.filter(({ name }) => name === "ck");
        expect(canonical.tables[0]?.constraints).toEqual(checks);
      } finally {
        await bench.connection.execute("RESET ROLE");
        await database.query(`DROP ROLE ${role_}`);
      }
    });

    it("reflects 1,000 tables with as many queries as 3", async () => {
      const seen: number[] = [];
      for (const count of [3, 1000]) {
        const tables = Array.from(
          { length: count },
          (_, at) =>
            `CREATE TABLE IF NOT EXISTS r${String(at)} (a integer PRIMARY KEY, b integer DEFAULT 1, CHECK (a > 1))`,
        );
        // in portions: every table of one transaction takes locks, and their number is limited
        for (let at = 0; at < count; at += 200) {
          await database.query(tables.slice(at, at + 200).join("; "));
        }
        let queries = 0;
        bench.connection.onStatement = () => (queries += 1);
        const { tables: found } = await postgresql.reflect(bench.connection, {});
        expect(found.length).toBeGreaterThanOrEqual(count);
        seen.push(queries);
      }
      expect(seen[0]).toBe(seen[1]);
    });

    it("asks the same number of queries for 3 and for 300 tables", async () => {
      const seen: number[] = [];
      for (const count of [3, 300]) {
        const names = Array.from({ length: count }, (_, at) => `t${String(at)}`);
        await database.query(
          names
            .map(
              (name) =>
                `CREATE TABLE IF NOT EXISTS ${name} (a integer PRIMARY KEY, b text DEFAULT 'x', CHECK (a > 1))`,
            )
            .join("; "),
        );
        const given = modelsOf(
          ...names.map((name) =>
            table(
              name,
              { a: t.integer().primaryKey(), b: t.text().default("x") },
              { with: () => [check(sql`a>1`)] },
            ),
          ),
        );
        const statements: string[] = [];
        bench.connection.onStatement = (statement) => statements.push(statement);
        expect(await bench.differences(given)).toEqual([]);
        seen.push(statements.length);
      }
      expect(seen[0]).toBe(seen[1]);
      expect(seen[0]).toBeLessThanOrEqual(19);
    });

    it("refuses a name that PostgreSQL would cut off", async () => {
      await expect(
        bench.differences(modelsOf(table("ü".repeat(32), { a: t.integer() }))),
      ).rejects.toMatchObject({ code: "name-too-long" });
    });

    it("a table that is a view, or partitioned where the models have no partitions, takes no part", async () => {
      await database.query(
        "CREATE TABLE p (a integer) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE VIEW v AS SELECT 1 AS a",
      );
      const { skipped, database: live } = await bench.canonical(
        modelsOf(table("p", { a: t.integer() }), table("v", { a: t.integer() })),
      );
      expect(skipped.map(({ name }) => name)).toEqual(["p", "v"]);
      expect(live.skipped.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
        "view v",
        "partitioned table p",
        "partition p1",
      ]);
      expect(await bench.differences(modelsOf(table("p", { a: t.integer() })))).toEqual([]);
    });
  },
  { only: ["postgresql"] },
);
