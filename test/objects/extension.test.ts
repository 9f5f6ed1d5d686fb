import { afterEach, beforeEach, expect, it } from "vitest";
import { forEachDatabase } from "../support/databases.ts";
import { openRaw, type RawConnection } from "../support/raw.ts";
import { Flow } from "../laws/flow.ts";
import { hazards } from "../../src/operations/hazards.ts";
import {
  check,
  domain,
  extension,
  index,
  metaDataOf,
  sql,
  sqlFunction,
  t,
  table,
  view,
  type MetaData,
} from "../../src/schema/index.ts";

const plain = table("places", { id: t.integer().primaryKey(), name: t.text() });
const rich = table(
  "places",
  { id: t.integer().primaryKey(), name: t.text(), more: t.raw("hstore") },
  {
    with: (c) => [
      index("places_name_idx").using("gin").on({ column: "name", operatorClass: "gin_trgm_ops" }),
      index("places_more_idx").using("gin").on(c.more),
    ],
  },
);

const VERSIONS = [
  metaDataOf([plain]),
  metaDataOf([rich, extension("hstore"), extension("pg_trgm")]),
  // one stands on the other, whatever the names say
  metaDataOf([plain, extension("earthdistance"), extension("cube")]),
  metaDataOf([plain, extension("pg_trgm", { schema: "other" })]),
  metaDataOf([plain, extension("pg_trgm")]),
  metaDataOf([]),
];

forEachDatabase(
  (db) => {
    let flow: Flow;
    let raw: RawConnection;
    beforeEach(async () => {
      const { url } = await db.create();
      flow = await Flow.open(url, ["other"]);
      raw = await openRaw("postgresql", url);
    });
    afterEach(async () => {
      await raw.close();
      await flow.close();
    });

    async function walk(versions: readonly MetaData[]): Promise<void> {
      let before = metaDataOf([]);
      for (const models of versions) {
        await flow.autogenerate(models);
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
        await flow.downgrade();
        expect(await flow.check(before)).toEqual([]);
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
        before = models;
      }
    }

    it("come before the tables, move, and go after them", async () => {
      await walk(VERSIONS);
    });

    it("take along what speaks of their types and functions", async () => {
      const speaking = (schema: string | undefined, more: boolean): MetaData => {
        const at = schema === undefined ? "" : `${schema}.`;
        const [type, result] = [`${at}citext`, more ? "who || 'x'" : "who"];
        return metaDataOf([
          ...["citext", "pg_trgm", "uuid-ossp"].map((name) =>
            extension(name, schema === undefined ? {} : { schema }),
          ),
          domain("email", { baseType: type, ...(more ? { notNull: true } : {}) }),
          sqlFunction("found", {
            parameters: [{ name: "who", type }],
            returns: type,
            body: sql.raw(`SELECT ${result}`),
            ...(more ? { comment: "finds" } : {}),
          }),
          table(
            "people",
            {
              name: more ? t.raw(type).notNull() : t.raw(type),
              mail: t.raw("email"),
              code: t
                .raw("uuid")
                .notNull()
                .default(sql.raw(`${at}uuid_generate_v4()`)),
              note: t.text(),
            },
            {
              with: (c) => [
                index("people_name").on(c.name),
                index("people_note")
                  .using("gin")
                  .on({ column: "note", operatorClass: `${at}gin_trgm_ops` }),
                check(sql.raw(`${at}similarity(note, note) IS NOT NULL`)),
              ],
            },
          ),
          view("all_found", { query: sql`SELECT found(name) AS who FROM people` }),
          view("nearest", {
            query: sql.raw(
              `SELECT ${at}similarity(note, 'a') AS near${more ? ", note" : ""} FROM people`,
            ),
          }),
        ]);
      };
      await walk([
        speaking(undefined, false),
        speaking("other", false),
        speaking(undefined, true),
        speaking("other", false),
      ]);
    });

    it("have their version compared only where it is said", async () => {
      await raw.query("CREATE EXTENSION pg_trgm VERSION '1.3'");
      expect((await flow.reflect()).objects).toEqual([
        { kind: "extension", name: "pg_trgm", version: "1.3" },
      ]);
      expect(await flow.check(metaDataOf([extension("pg_trgm")]))).toEqual([]);
      expect(await flow.check(metaDataOf([extension("pg_trgm", { version: "1.3" })]))).toEqual([]);
      const newer = metaDataOf([extension("pg_trgm", { version: "1.4" })]);
      await flow.autogenerate(newer);
      await flow.upgrade();
      expect(await flow.check(newer)).toEqual([]);
      await flow.downgrade();
      expect(await flow.check(metaDataOf([extension("pg_trgm", { version: "1.3" })]))).toEqual([]);
      await flow.upgrade();
      const { operations } = await flow.autogenerate(metaDataOf([]));
      expect(operations.flatMap((operation) => hazards(operation))).toHaveLength(1);
    });
  },
  { only: ["postgresql"] },
);
