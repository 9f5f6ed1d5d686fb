import { compare } from "../src/compare/index.ts";
import { dialectFor } from "../src/dialects/index.ts";
import { metadata, table, t, index } from "../src/exports/schema.ts";
import { metaDataOf } from "../src/schema/metadata.ts";
import type { Family } from "../test/support/kinds.ts";
import { openRaw } from "../test/support/raw.ts";
import type { BenchDatabase } from "./database.ts";
import { inTurns, timed, type Row } from "./measure.ts";

const SIZES = [10, 100, 1000];
const ROUNDS = 5;

// What a person would ask the catalog for by hand: columns, keys, indexes.
const catalog: Readonly<Record<Family, readonly string[]>> = {
  sqlite: [
    "SELECT m.name AS tbl, m.sql, c.* FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table'",
    "SELECT m.name AS tbl, k.* FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k WHERE m.type = 'table'",
    "SELECT m.name AS tbl, i.*, x.name AS col FROM sqlite_master m JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) x WHERE m.type = 'table'",
  ],
  postgresql: [
    "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "SELECT indrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE c.relnamespace = 'public'::regnamespace",
  ],
  mysql: mysqlCatalog(),
  mariadb: mysqlCatalog(),
};

function mysqlCatalog(): readonly string[] {
  return [
    "COLUMNS",
    "STATISTICS",
    "KEY_COLUMN_USAGE",
    "TABLE_CONSTRAINTS",
    "REFERENTIAL_CONSTRAINTS",
  ].map((name) => {
    const schema = name === "REFERENTIAL_CONSTRAINTS" ? "CONSTRAINT_SCHEMA" : "TABLE_SCHEMA";
    return `SELECT * FROM information_schema.${name} WHERE ${schema} = DATABASE()`;
  });
}

/** Reading a database and finding it equal to its models, against the driver that reads the catalog. */
export async function* reflection(databases: readonly BenchDatabase[]): AsyncIterable<Row> {
  for (const database of databases) {
    for (const size of SIZES) {
      const url = await database.create();
      const models = metadata({}, tables(size));
      await models.createAll(url);
      const dialect = dialectFor(url);
      const connection = await dialect.connect(url);
      const raw = await openRaw(database.family, url);
      const declared = metaDataOf([models]);
      const measured = await inTurns(
        ROUNDS,
        () =>
          timed(async () => {
            const reflected = await dialect.reflect(connection, {});
            const canonical = await dialect.canonicalize(connection, reflected, declared);
            const { operations } = compare(canonical, { dialect });
            if (operations.length > 0)
              throw new Error(`${database.kind}: a difference where there is none`);
          }),
        () =>
          timed(async () => {
            for (const sql of catalog[database.family]) await raw.query(sql);
          }),
      );
      await raw.close();
      await connection.close();
      yield {
        what: `${database.kind}: read and compare ${String(size)} tables`,
        yardstick: "the driver's catalog queries",
        ...measured,
      };
    }
  }
}

function tables(size: number): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Array.from({ length: size }, (_, number) => {
      const name = `t${String(number)}`;
      const parent = `t${String(Math.max(0, number - 1))}.id`;
      return [
        name,
        table(
          name,
          {
            id: t.integer().identity().primaryKey(),
            email: t.varchar(255).notNull().unique(),
            parent_id: t.integer().references(parent, { onDelete: "cascade" }),
            amount: t.numeric(10, 2).notNull().default(0),
            created_at: t.timestamp().notNull(),
            note: t.text(),
          },
          { with: (c) => [index(`ix_${name}_parent`).on(c.parent_id, c.created_at)] },
        ),
      ];
    }),
  );
}
