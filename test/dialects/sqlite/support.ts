import { compare } from "../../../src/compare/index.ts";
import type { Connection, PlanContext, Statement } from "../../../src/dialects/contract.ts";
import { connect } from "../../../src/dialects/sqlite/driver.ts";
import { expressionKey } from "../../../src/dialects/sqlite/tokens.ts";
import { sqlite } from "../../../src/dialects/sqlite/index.ts";
import type { Operation } from "../../../src/operations/operation.ts";
import type { MetaData } from "../../../src/schema/types.ts";

/** A database in memory, made by SQL text. */
export async function databaseOf(...texts: readonly string[]): Promise<Connection> {
  const connection = await connect("sqlite::memory:");
  for (const text of texts) await connection.execute(text);
  return connection;
}

export async function reflected(connection: Connection): Promise<MetaData> {
  return sqlite.reflect(connection, {});
}

function contextOf(connection: Connection): PlanContext {
  return {
    server: connection.server,
    reflect: (filter) => sqlite.reflect(connection, filter),
    compileObject: async () => [],
  };
}

export async function planned(
  connection: Connection,
  operations: readonly Operation[],
): Promise<readonly Statement[]> {
  return sqlite.plan(operations, contextOf(connection));
}

/** Plans and runs operations in one transaction, as a revision does. Resolves to the statements. */
export async function migrated(
  connection: Connection,
  operations: readonly Operation[],
): Promise<readonly string[]> {
  const statements = await planned(connection, operations);
  await connection.begin();
  try {
    for (const { sql, params } of statements) await connection.execute(sql, params);
  } catch (error) {
    await connection.rollback();
    throw error;
  }
  await connection.commit();
  return statements.map(({ sql }) => sql);
}

/** What autogenerate finds between a database and models. */
export async function differences(
  connection: Connection,
  models: MetaData,
): Promise<readonly Operation[]> {
  const canonical = await sqlite.canonicalize(connection, await reflected(connection), models);
  return compare(canonical, { dialect: sqlite, declared: models }).operations;
}

/** The catalog as the pragmas show it, independent of our reflection. */
export async function catalogOf(connection: Connection): Promise<unknown> {
  const tables = await connection.query(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
  );
  const found: Record<string, unknown> = {};
  for (const { name } of tables) {
    const list = await connection.query(
      'SELECT name, "unique", origin, partial FROM pragma_index_list(?) ORDER BY name',
      [String(name)],
    );
    found[String(name)] = {
      columns: await connection.query(
        "SELECT cid, name, upper(replace(type, ' ', '')) AS type, \"notnull\", trim(dflt_value, '()') AS dflt, pk, hidden FROM pragma_table_xinfo(?)",
        [String(name)],
      ),
      keys: await connection.query(
        'SELECT id, seq, lower("table") AS parent, "from", lower("to") AS target, on_update, on_delete, "match" FROM pragma_foreign_key_list(?)',
        [String(name)],
      ),
      table: await connection.query(
        "SELECT type, ncol, wr, strict FROM pragma_table_list WHERE name = ?",
        [String(name)],
      ),
      indexes: await Promise.all(
        list.map(async (index) => ({
          ...index,
          columns: await connection.query(
            'SELECT seqno, name, "desc", upper(coll) AS coll, key FROM pragma_index_xinfo(?)',
            [String(index["name"])],
          ),
        })),
      ),
    };
  }
  const others = await connection.query(
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type <> 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name",
  );
  const texts = others.map(({ sql, ...rest }) => ({
    ...rest,
    sql: rest["type"] === "index" ? expressionKey(String(sql)).replaceAll(/ asc\b/g, "") : sql,
  }));
  return { tables: found, others: texts };
}
