import { afterEach, beforeEach, expect, it } from "vitest";
import { reverseAll, type Operation } from "../../../src/operations/index.ts";
import {
  check,
  collect,
  enumType,
  index,
  sql,
  t,
  table,
  unique,
  type AnyColumnBuilder,
  type MetaData,
} from "../../../src/schema/index.ts";
import { forEachDatabase, type TestDatabase } from "../../support/databases.ts";
import { Bench, modelsOf } from "./support.ts";

const SEQUENCES = `SELECT c.relname AS name, format_type(s.seqtypid, NULL) AS type, s.seqmax::text AS max, d.deptype AS owned
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid LEFT JOIN pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.classid = 'pg_class'::regclass ORDER BY 1`;

interface Commented {
  comment(words: string): AnyColumnBuilder;
}

interface Key extends AnyColumnBuilder {
  primaryKey(): AnyColumnBuilder;
  references(target: string, options?: { onDelete?: "cascade" }): AnyColumnBuilder;
}

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

    /** From one state to the other, silent there, and back to the very catalog. */
    const thereAndBack = async (
      from: MetaData,
      to: MetaData,
      between: () => Promise<void> = async () => {},
    ): Promise<readonly Operation[]> => {
      const before = await bench.reflect();
      const operations = await bench.upgradeTo(to);
      expect(await bench.differences(to)).toEqual([]);
      await between();
      await bench.migrate(reverseAll(operations));
      expect(await bench.reflect()).toEqual(before);
      expect(await bench.differences(from)).toEqual([]);
      return operations;
    };

    const COUNTERS: Readonly<Record<string, () => AnyColumnBuilder>> = {
      plain: () => t.integer().notNull(),
      serial: () => t.integer().identity({ serial: true }),
      bigserial: () => t.bigint().identity({ serial: true }),
      identity: () => t.integer().identity(),
      always: () =>
        t.bigint().identity({
          always: true,
          start: 10,
          increment: 10,
          cache: 5,
          cycle: true,
          maxValue: 1_000_000,
        }),
      down: () => t.smallint().identity({ increment: -1 }),
      custom: () => t.integer().identity({ serial: true, start: 5, minValue: 2 }),
    };

    it(
      "every kind of counter becomes every other and goes back",
      { timeout: 180_000 },
      async () => {
        const models = (kind: string): MetaData =>
          modelsOf(table("t", { id: COUNTERS[kind]?.() ?? t.integer(), b: t.text() }));
        for (const from of Object.keys(COUNTERS)) {
          await database.reset();
          await bench.upgradeTo(models(from));
          const sequences = await database.query(SEQUENCES);
          for (const to of Object.keys(COUNTERS).filter((kind) => kind !== from)) {
            await thereAndBack(models(from), models(to));
            expect(await database.query(SEQUENCES)).toEqual(sequences);
          }
        }
      },
    );

    it("a counter goes on where it was", async () => {
      const models = (column: AnyColumnBuilder): MetaData =>
        modelsOf(table("t", { id: column, b: t.text() }));
      const next = async (): Promise<unknown> =>
        (await database.query("INSERT INTO t (b) VALUES ('x') RETURNING id"))[0]?.["id"];
      await bench.upgradeTo(models(t.integer().identity({ serial: true })));
      expect([await next(), await next()]).toEqual([1, 2]);
      await bench.upgradeTo(models(t.integer().identity()));
      expect(await next()).toBe(3);
      await bench.upgradeTo(models(t.integer().identity({ serial: true })));
      expect(await next()).toBe(4);
      await bench.upgradeTo(models(t.integer().notNull()));
      await bench.upgradeTo(models(t.integer().identity({ always: true })));
      expect(await next()).toBe(5);
      await bench.upgradeTo(models(t.integer().identity({ increment: 10 })));
      expect(await next()).toBe(15);
    });

    it("a renamed table or column takes its sequence along", async () => {
      await bench.upgradeTo(
        modelsOf(
          table("old", {
            id: t.integer().identity().primaryKey("pk"),
            n: t.integer().identity({ serial: true }),
          }),
        ),
      );
      const before = await database.query(SEQUENCES);
      const operations: readonly Operation[] = [
        { kind: "renameTable", from: { name: "old" }, to: { name: "new" } },
        { kind: "renameColumn", table: { name: "new" }, from: "n", to: "m" },
      ];
      await bench.migrate(operations);
      expect((await database.query(SEQUENCES)).map(({ name }) => name)).toEqual([
        "new_id_seq",
        "new_m_seq",
      ]);
      const models = modelsOf(
        table("new", {
          id: t.integer().identity().primaryKey("pk"),
          m: t.integer().identity({ serial: true }),
        }),
      );
      expect(await bench.differences(models)).toEqual([]);
      await bench.migrate(reverseAll(operations));
      expect(await database.query(SEQUENCES)).toEqual(before);
    });

    it("computed columns: added, changed, made plain, and what hangs on them", async () => {
      const models = (computed: Commented): MetaData =>
        modelsOf(
          table(
            "t",
            { a: t.integer(), c: computed.comment("computed") },
            {
              with: (c) => [
                index("ix_c").on(c.c),
                check("ck_c", sql`c > 0 OR a IS NULL`),
                unique("uq_c", [c.c]),
              ],
            },
          ),
        );
      const double = models(t.integer().generatedAs(sql`a * 2`));
      await bench.upgradeTo(double);
      await database.query("INSERT INTO t (a) VALUES (1), (2)");
      const rows = (): Promise<unknown> => database.query("SELECT * FROM t ORDER BY a");
      await thereAndBack(double, models(t.integer().generatedAs(sql`a * 3`)), async () =>
        expect(await rows()).toEqual([
          { a: 1, c: 3 },
          { a: 2, c: 6 },
        ]),
      );
      await thereAndBack(double, models(t.integer()), async () =>
        expect(await rows()).toEqual([
          { a: 1, c: 2 },
          { a: 2, c: 4 },
        ]),
      );
      await thereAndBack(double, models(t.bigint().generatedAs(sql`a * 2`)));
      expect(await rows()).toEqual([
        { a: 1, c: 2 },
        { a: 2, c: 4 },
      ]);
    });

    it("virtual columns where the server has them, a clear error where it has not", async () => {
      const models = (stored: boolean): MetaData =>
        modelsOf(
          table("t", { a: t.integer(), c: t.integer().generatedAs(sql`a * 2`, { stored }) }),
        );
      if (bench.connection.server.versionNumber < 180000) {
        await expect(bench.upgradeTo(models(false))).rejects.toMatchObject({ code: "unsupported" });
        return;
      }
      await bench.upgradeTo(models(false));
      await thereAndBack(models(false), models(true));
      await thereAndBack(models(false), modelsOf(table("t", { a: t.integer(), c: t.integer() })));
    });

    it("the type under computed columns changes", async () => {
      const models = (type: AnyColumnBuilder): MetaData =>
        modelsOf(
          table(
            "t",
            { a: type, c: t.text().generatedAs(sql`a::text || '!'`) },
            { with: (c) => [index("ix").on(c.c)] },
          ),
        );
      await bench.upgradeTo(models(t.integer()));
      await database.query("INSERT INTO t (a) VALUES (1)");
      await thereAndBack(models(t.integer()), models(t.bigint()));
      expect(await database.query("SELECT c FROM t")).toEqual([{ c: "1!" }]);
    });

    it("views, rules, triggers and policies on changed columns stay as they are", async () => {
      const models = (type: () => AnyColumnBuilder): MetaData =>
        modelsOf(
          table("a", { id: t.integer().primaryKey(), x: type() }),
          table(
            "b",
            { id: t.integer().primaryKey(), x: type() },
            { postgresql: { rowSecurity: true } },
          ),
        );
      await bench.upgradeTo(models(() => t.integer()));
      await database.query(`
        INSERT INTO a VALUES (1, 5); INSERT INTO b VALUES (1, 5);
        CREATE VIEW v1 WITH (security_barrier=true) AS SELECT a.id, a.x FROM a JOIN b ON a.x = b.x;
        CREATE VIEW v2 AS SELECT v1.*, 'it''s' AS "odd ""name" FROM v1;
        COMMENT ON VIEW v2 IS 'kept'; COMMENT ON COLUMN v2.id IS 'kept too'; GRANT SELECT ON v2 TO PUBLIC; GRANT SELECT (x) ON v1 TO PUBLIC;
        ALTER VIEW v1 ALTER COLUMN x SET DEFAULT 3;
        CREATE MATERIALIZED VIEW m AS SELECT x, count(*) FROM a GROUP BY x; CREATE UNIQUE INDEX m_x ON m (x);
        CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER tr AFTER UPDATE OF x ON a FOR EACH ROW WHEN (NEW.x IS NOT NULL) EXECUTE FUNCTION nothing();
        ALTER TABLE a DISABLE TRIGGER tr;
        CREATE POLICY p ON b AS RESTRICTIVE FOR SELECT TO PUBLIC USING (x IS NOT NULL);
        CREATE RULE r AS ON DELETE TO b WHERE OLD.x IS NULL DO INSTEAD NOTHING`);
      const rest = async (): Promise<unknown> =>
        database.query(`SELECT relname AS name, relkind AS kind, relacl::text AS acl, reloptions::text AS options, obj_description(oid) AS comment FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
          UNION ALL SELECT tgname, tgenabled, pg_get_triggerdef(oid), NULL, NULL FROM pg_trigger WHERE NOT tgisinternal
          UNION ALL SELECT attname, 'c', attacl::text, NULL, col_description(attrelid, attnum) FROM pg_attribute WHERE attrelid IN ('v1'::regclass, 'v2'::regclass) AND attnum > 0
          UNION ALL SELECT polname, polcmd, pg_get_expr(polqual, polrelid), polpermissive::text, polroles::text FROM pg_policy
          UNION ALL SELECT rulename, 'r', pg_get_ruledef(oid), NULL, NULL FROM pg_rewrite WHERE rulename = 'r'
          UNION ALL SELECT indexname, 'i', indexdef, NULL, NULL FROM pg_indexes WHERE tablename = 'm' ORDER BY 1, 2, 3`);
      const before = await rest();
      await thereAndBack(
        models(() => t.integer()),
        models(() => t.bigint()),
        async () => {
          expect(await rest()).toEqual(before);
          expect(
            await database.query('SELECT id, x::int AS x, "odd ""name" AS odd FROM v2'),
          ).toEqual([{ id: 1, x: 5, odd: "it's" }]);
        },
      );
      expect(await rest()).toEqual(before);
      await thereAndBack(
        models(() => t.integer()),
        models(() => t.text()),
      );
      expect(await rest()).toEqual(before);
    });

    it("both sides of foreign keys change their type, circles and other schemas too", async () => {
      const models = (type: () => Key): MetaData =>
        collect([
          table("parent", { id: type().primaryKey(), self: type().references("parent.id") }),
          table("child", {
            id: t.integer().primaryKey(),
            parent: type().references("parent.id", { onDelete: "cascade" }),
          }),
        ]);
      await bench.upgradeTo(models(() => t.integer()));
      await database.query(
        "INSERT INTO parent VALUES (1, NULL), (2, 1); INSERT INTO child VALUES (1, 2)",
      );
      await thereAndBack(
        models(() => t.integer()),
        models(() => t.varchar(36)),
      );
      await thereAndBack(
        models(() => t.integer()),
        models(() => t.bigint()),
      );
      await thereAndBack(
        models(() => t.integer()),
        models(() => t.numeric(10)),
      );
      expect(await database.query("SELECT parent FROM child")).toEqual([{ parent: 2 }]);
    });

    it("a shorter varchar refuses longer values instead of cutting them", async () => {
      const models = (length: number): MetaData => modelsOf(table("t", { a: t.varchar(length) }));
      await bench.upgradeTo(models(255));
      await database.query("INSERT INTO t VALUES ('more than ten letters')");
      await expect(bench.upgradeTo(models(10))).rejects.toMatchObject({ code: "statement-failed" });
      expect(await database.query("SELECT a FROM t")).toEqual([{ a: "more than ten letters" }]);
    });

    it("text becomes an enum with its default, and back", async () => {
      const mood = enumType("mood", ["low", "high"]);
      const text = modelsOf(
        table(
          "t",
          { a: t.text().notNull().default("low") },
          { with: () => [check("ck", sql`a <> 'high'`)] },
        ),
      );
      const typed = collect([
        table(
          "t",
          { a: mood().notNull().default("low") },
          { with: () => [check("ck", sql`a <> 'high'`)] },
        ),
      ]);
      await bench.upgradeTo(text);
      await database.query("INSERT INTO t DEFAULT VALUES");
      await thereAndBack(text, typed);
    });

    it("options, comments and logging of tables and indexes", async () => {
      const models = (given: {
        comment?: string;
        postgresql?: Record<string, string | number | boolean>;
      }): MetaData => modelsOf(table("t", { a: t.integer().primaryKey() }, given));
      const plain = models({});
      await bench.upgradeTo(plain);
      const operations = await thereAndBack(
        plain,
        models({
          comment: "it's",
          postgresql: { unlogged: true, fillfactor: 50, autovacuum_enabled: "off" },
        }),
      );
      expect(operations.map(({ kind }) => kind).toSorted()).toEqual([
        "setTableComment",
        "setTableOptions",
      ]);
    });

    it("rows are inserted in portions, with defaults for what a row does not say", async () => {
      await bench.upgradeTo(
        modelsOf(
          table("t", { id: t.integer().identity(), a: t.integer().default(7), b: t.text() }),
        ),
      );
      const rows = Array.from({ length: 40_000 }, (_, at) =>
        at % 2 === 0 ? { a: at, b: "x" } : { b: "it's" },
      );
      await bench.migrate([{ kind: "bulkInsert", table: { name: "t" }, rows }]);
      expect(bench.statements.length).toBe(2);
      expect(
        await database.query("SELECT count(*)::int AS n, sum((a = 7)::int)::int AS sevens FROM t"),
      ).toEqual([{ n: 40_000, sevens: 20_000 }]);
    });
  },
  { only: ["postgresql"] },
);
