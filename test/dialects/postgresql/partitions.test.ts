import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { forEachDatabase, type TestDatabase } from "../../support/databases.ts";
import { Flow } from "../../laws/flow.ts";
import { loadModels } from "../../../src/models/index.ts";
import { hazards } from "../../../src/operations/hazards.ts";
import { renderModels } from "../../../src/render/index.ts";
import {
  check,
  enumType,
  index,
  metaDataOf,
  primaryKey,
  sql,
  t,
  table,
  unique,
  type DeclaresTable,
  type MetaData,
  type Options,
  type TableItem,
} from "../../../src/schema/index.ts";

const columns = { id: t.integer().notNull(), at: t.timestamp({ tz: true }).notNull() };
const part = (name: string, postgresql: Options, schema?: string): DeclaresTable =>
  table(name, {}, { schema, postgresql });
const of = { partitionOf: "events" };
const in2024 = {
  ...of,
  // as a person writes it: the catalog says it with the time and the zone
  values: "for values from ('2024-01-01') to ('2025-01-01')",
};
const plain = table("events", columns, { postgresql: { partitionBy: "range (at)" } });
const rich = table(
  "events",
  { ...columns, kind: t.text().default("click") },
  {
    postgresql: { partitionBy: "RANGE (at)" },
    with: (c) => [
      primaryKey(c.id, c.at),
      check("events_id", sql`${c.id} > 0`),
      index("events_kind").on(c.kind),
    ],
  },
);
const alone = table("events_2024", columns);

// where models speak of no partitions at all, those of the database take no part
const spoken = table("spoken", { id: t.integer() }, { postgresql: { partitionBy: "HASH (id)" } });
const other = table("other", { a: t.integer() }, { postgresql: { inherits: "person" } });
const numbered = table("numbered", { id: t.bigint().identity().comment("the number") });
const worker = (inherits: string): DeclaresTable =>
  table("worker", { pay: t.integer() }, { postgresql: { inherits } });

const VERSIONS: readonly MetaData[] = [
  metaDataOf([plain]),
  metaDataOf([
    plain,
    part("events_2024", in2024),
    part("events_rest", { ...of, values: "DEFAULT" }),
  ]),
  // what the parent gets its partitions have; one has something of its own
  metaDataOf([
    rich,
    table(
      "events_2024",
      {},
      {
        postgresql: { ...in2024, fillfactor: 70 },
        with: () => [unique(["id"]), check("early", sql`id < 1000`), index("own").on("kind")],
      },
    ),
    part("events_rest", { ...of, values: "DEFAULT" }, "other"),
  ]),
  // other bounds, and partitions of partitions
  metaDataOf([
    rich,
    part("events_2024", {
      ...of,
      values: "FOR VALUES FROM ('2023-06-01') TO ('2025-01-01')",
    }),
    part("events_2025", {
      ...of,
      values: "FOR VALUES FROM ('2025-01-01') TO (MAXVALUE)",
      partitionBy: "HASH (id)",
    }),
  ]),
  metaDataOf([plain, part("events_2024", in2024)]),
  // let go
  metaDataOf([plain, alone]),
  // taken again
  metaDataOf([plain, part("events_2024", in2024)]),
  // the parent goes, the partition stays
  metaDataOf([alone, spoken]),
  metaDataOf([spoken]),
];

const person = table(
  "person",
  { id: t.integer().primaryKey(), name: t.text() },
  {
    with: (c) => [check("named", sql`${c.name} <> ''`)],
  },
);
const aged = table("aged", { birth: t.date() });
const heirs: readonly MetaData[] = [
  metaDataOf([
    person,
    aged,
    table("worker", { pay: t.integer() }, { postgresql: { inherits: "person" } }),
  ]),
  metaDataOf([
    person,
    aged,
    table(
      "worker",
      { pay: t.bigint().notNull().default(1) },
      {
        postgresql: { inherits: "person, aged" },
        with: () => [index("worker_name").on("name")],
      },
    ),
  ]),
  metaDataOf([
    table("person", { id: t.integer().primaryKey() }),
    aged,
    table("worker", { name: t.text() }, { postgresql: { inherits: "person, aged" } }),
  ]),
  metaDataOf([person, aged, other]),
  // of numbers that the database gives an heir has the column alone
  metaDataOf([person, numbered, worker("numbered")]),
  metaDataOf([person, numbered, worker("person")]),
  metaDataOf([person, numbered, worker("numbered")]),
];

const leaf = (inherits: string): DeclaresTable => table("leaf", {}, { postgresql: { inherits } });
const base = table("base", {
  id: t.bigint().identity({ serial: true }).primaryKey(),
  at: t.date().check(sql`at > '1900-01-01'`),
  name: t.varchar(),
  length: t.integer().generatedAs(sql`length(name)`, { stored: true }),
});
const between = table("between", { note: t.text() }, { postgresql: { inherits: "base" } });
const spans = table("spans", { id: t.bigint().notNull(), length: t.interval().notNull() });
/** Columns that a table shares with its parent. */
const shared = (values: readonly string[], more: boolean): MetaData => {
  const mood = enumType("mood", values);
  const column = (first: string) => mood().default(first);
  const numbers = more ? { number: t.integer().identity() } : { note: t.text() };
  return metaDataOf([
    mood,
    table("person", { mood: column("b"), ...numbers }),
    table(
      "worker",
      { mood: column("c"), ...(more ? {} : { note: t.text() }) },
      { postgresql: { inherits: "person" } },
    ),
  ]);
};
const withShared: readonly MetaData[] = [
  shared(["a", "b", "c"], false),
  shared(["c", "b"], true),
  shared(["a", "c", "b"], false),
  shared(["b", "c"], false),
];
const otherParents: readonly MetaData[] = [
  metaDataOf([base, leaf("base")]),
  metaDataOf([base, between, leaf("between")]),
  metaDataOf([spans, leaf("spans")]),
  metaDataOf([aged, leaf("aged")]),
  metaDataOf([base, leaf("base")]),
  metaDataOf([aged, leaf("aged")]),
];

forEachDatabase(
  (db) => {
    let flow: Flow;
    let database: TestDatabase;
    beforeEach(async () => {
      database = await db.create();
      flow = await Flow.open(database.url, ["other"]);
    });
    afterEach(() => flow.close());

    async function introspected(): Promise<MetaData> {
      const folder = await mkdtemp(join(tmpdir(), "revline-partitions-"));
      try {
        await writeFile(join(folder, "models.ts"), renderModels(await flow.reflect()));
        return await loadModels("models.ts", folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }

    async function walk(versions: readonly MetaData[]): Promise<void> {
      let before = metaDataOf([]);
      for (const models of versions) {
        await flow.autogenerate(models);
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
        if (models.tables.length > 0) expect(await flow.check(await introspected())).toEqual([]);
        await flow.downgrade();
        expect(await flow.check(before)).toEqual([]);
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
        before = models;
      }
    }

    it("partitions come, change with their parent, move and go", () => walk(VERSIONS));

    it("inheriting tables come, change with their parents and go", () => walk(heirs));

    it("a table goes from parents to others that have all of theirs, or little", () =>
      walk(otherParents));

    it("columns that a table shares with its parent change, come and go with those", async () => {
      await walk(withShared);
      await database.query("INSERT INTO worker DEFAULT VALUES");
      expect(await database.query("SELECT mood FROM worker")).toEqual([{ mood: "c" }]);
    });

    it("rows stay where a partition is let go and taken again", async () => {
      const [, , , , together, apart] = VERSIONS;
      if (together === undefined || apart === undefined) throw new Error("no versions");
      await flow.autogenerate(together);
      await flow.upgrade();
      await database.query("INSERT INTO events (id, at) VALUES (1, '2024-05-05')");
      await flow.autogenerate(apart);
      await flow.upgrade();
      expect(await database.query("SELECT id FROM events_2024")).toEqual([{ id: 1 }]);
      expect(await database.query("SELECT id FROM events")).toEqual([]);
      await flow.downgrade();
      expect(await database.query("SELECT id FROM events")).toEqual([{ id: 1 }]);
    });

    it("a column takes a new name in heirs and partitions, with what they have of their own on it", async () => {
      const models = (name: string): MetaData =>
        metaDataOf([
          table(
            "events",
            { at: t.date(), [name]: t.integer() },
            { postgresql: { partitionBy: "RANGE (at)" } },
          ),
          table(
            "events_2024",
            {},
            {
              with: () => [
                index("ix_events_2024").on(name),
                check("ck_events_2024", sql`${sql.identifier(name)} > 3`),
              ],
              postgresql: { ...of, values: "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')" },
            },
          ),
          table("person", { [name]: t.text() }),
          table(
            "worker",
            { [name]: t.text(), pay: t.integer() },
            { with: () => [index("ix_worker").on(name)], postgresql: { inherits: "person" } },
          ),
        ]);
      const [before, after] = [models("a"), models("b")];
      await flow.autogenerate(before);
      await flow.upgrade();
      await database.query("INSERT INTO worker VALUES ('x', 1)");
      const { operations } = await flow.autogenerate(after, ["events.a:b", "person.a:b"]);
      expect(operations.map(({ kind }) => kind)).toEqual(["renameColumn", "renameColumn"]);
      await flow.upgrade();
      expect(await flow.check(after)).toEqual([]);
      await flow.downgrade();
      expect(await flow.check(before)).toEqual([]);
      await flow.upgrade();
      expect(await database.query("SELECT b, pay FROM person NATURAL JOIN worker")).toEqual([
        { b: "x", pay: 1 },
      ]);
    });

    it("a table whose rows are parted in another way is made anew, with a warning", async () => {
      const key = table("keys", { id: t.integer().primaryKey() });
      const keyed = table(
        "keys",
        { id: t.integer().primaryKey() },
        { postgresql: { partitionBy: "HASH (id)" } },
      );
      const user = table("users", { key: t.integer().references("keys.id") });
      await flow.autogenerate(metaDataOf([key, user]));
      await flow.upgrade();
      const { operations } = await flow.autogenerate(metaDataOf([keyed, user]));
      expect(operations.flatMap((operation) => hazards(operation))).toContainEqual({
        kind: "loss",
        text: "drops the table's rows",
      });
      await flow.upgrade();
      expect(await flow.check(metaDataOf([keyed, user]))).toEqual([]);
      await flow.downgrade();
      expect(await flow.check(metaDataOf([key, user]))).toEqual([]);
    });

    it("tells what a partition has changed of its parent's columns", async () => {
      await database.query(`CREATE TABLE m (a integer, b integer) PARTITION BY LIST (a);
        CREATE TABLE m1 PARTITION OF m (b DEFAULT 5) FOR VALUES IN (1)`);
      const { tables, skipped } = await flow.reflect();
      expect(tables).toHaveLength(2);
      expect(skipped).toEqual([
        expect.objectContaining({ kind: "inherited column", table: "m1", name: "b" }),
      ]);
    });

    it("what the models do not speak of takes no part and stays", async () => {
      await database.query(`CREATE TABLE events (id integer NOT NULL, at timestamptz NOT NULL) PARTITION BY RANGE (at);
        CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
        CREATE TABLE person (id integer); CREATE TABLE heir () INHERITS (person)`);
      flow.kinds = undefined;
      const person = table("person", { id: t.integer() });
      const heir = table("heir", { id: t.integer() });
      const unknowing = table("events", columns);
      const kinds = async (models: MetaData): Promise<readonly string[]> => {
        const { operations, skipped } = await flow.difference(models);
        expect(operations).toEqual([]);
        return skipped.map(({ kind, name }) => `${kind} ${name}`);
      };
      expect(await kinds(metaDataOf([person]))).toEqual([
        "partitioned table events",
        "partition events_2024",
        "inherited table heir",
      ]);
      expect(await kinds(metaDataOf([person, heir, unknowing]))).toContain("table events");
      // a job of the database's own may make them
      expect(await kinds(metaDataOf([person, plain]))).toContain("partition events_2024");
    });

    it("what whole models do not speak of goes, and comes again", async () => {
      await database.query(`CREATE TABLE events (id integer NOT NULL) PARTITION BY RANGE (id);
        CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (2);
        CREATE TABLE person (id integer CHECK (id > 0)); CREATE TABLE heir (name text) INHERITS (person)`);
      const before = await introspected();
      const models = metaDataOf([
        table("person", { id: t.integer() }, { with: (c) => [check(sql`${c.id} > 0`)] }),
        table("heir", { id: t.integer(), name: t.text() }),
      ]);
      await flow.autogenerate(models);
      await flow.upgrade();
      expect(await flow.check(models)).toEqual([]);
      await flow.downgrade();
      expect(await flow.check(before)).toEqual([]);
    });

    it("replica identity follows the models", async () => {
      const models = (replicaIdentity?: string): MetaData =>
        metaDataOf([
          table(
            "r",
            { id: t.integer().notNull() },
            {
              with: (c) => [index("r_id").on(c.id).unique()],
              ...(replicaIdentity === undefined ? {} : { postgresql: { replicaIdentity } }),
            },
          ),
        ]);
      await walk([models(), models("full"), models("r_id"), models("nothing"), models()]);
    });

    it("an index or key that tells rows comes, is made anew and goes with that", async () => {
      const models = (postgresql: Options, ...items: readonly TableItem[]): MetaData =>
        metaDataOf([
          table(
            "r",
            { id: t.integer().notNull(), at: t.date().notNull() },
            { with: () => items, postgresql },
          ),
        ]);
      const key = unique("r_key", ["id"]);
      const byId = index("r_by").on("id").unique();
      const byBoth = index("r_by").on("id", "at").unique();
      await walk([
        models({}),
        models({ replicaIdentity: "r_by", fillfactor: 70 }, byId),
        models({ replicaIdentity: "r_by" }, byBoth),
        models({ replicaIdentity: "r_key", fillfactor: 80 }, key),
        models({ replicaIdentity: "full" }),
        models({ replicaIdentity: "r_by" }, byId, key),
        models({ replicaIdentity: "r_key" }, byId, key),
      ]);
    });
  },
  { only: ["postgresql"] },
);
