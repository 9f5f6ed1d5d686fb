import { compare } from "../../../src/compare/index.ts";
import type { Connection } from "../../../src/dialects/contract.ts";
import { mysql } from "../../../src/dialects/mysql/index.ts";
import { reverse } from "../../../src/operations/reverse.ts";
import type { Operation } from "../../../src/operations/operation.ts";
import { metaDataOf } from "../../../src/schema/metadata.ts";
import type { MetaData } from "../../../src/schema/types.ts";
import {
  forEachDatabase,
  type DatabaseUnderTest,
  type TestDatabase,
} from "../../support/databases.ts";

/** A block for each server this dialect speaks to. */
export function onBothServers(body: (db: DatabaseUnderTest) => void): void {
  forEachDatabase(body, { only: ["mysql", "mariadb"] });
}

export const models = (...declarations: readonly unknown[]): MetaData => metaDataOf(declarations);

/** What autogenerate would find. */
export async function differences(
  connection: Connection,
  wanted: MetaData,
): Promise<readonly Operation[]> {
  const live = await mysql.reflect(connection, {});
  return compare(await mysql.canonicalize(connection, live, wanted), { dialect: mysql }).operations;
}

export async function apply(
  connection: Connection,
  operations: readonly Operation[],
): Promise<readonly string[]> {
  const statements = await mysql.plan(operations, {
    server: connection.server,
    reflect: (filter) => mysql.reflect(connection, filter),
    compileObject: () => Promise.resolve([]),
  });
  for (const { sql } of statements) await connection.execute(sql);
  return statements.map(({ sql }) => sql);
}

/** Makes the database what the models say; returns what that took. */
export async function upgrade(
  connection: Connection,
  wanted: MetaData,
): Promise<readonly Operation[]> {
  const operations = await differences(connection, wanted);
  await apply(connection, operations);
  return operations;
}

export async function downgrade(
  connection: Connection,
  operations: readonly Operation[],
): Promise<void> {
  await apply(connection, operations.flatMap((operation) => reverse(operation) ?? []).toReversed());
}

/** Every table as the server itself shows it; keys and constraints sorted, counters left out. */
export async function catalog(database: TestDatabase): Promise<string> {
  const tables = await database.query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY 1",
  );
  const shown: string[] = [];
  for (const { name } of tables) {
    const [row] = await database.query(
      `SHOW CREATE TABLE \`${String(name).replaceAll("`", "``")}\``,
    );
    const lines = String(row?.["Create Table"])
      .replace(/ AUTO_INCREMENT=\d+/, "")
      // where a table is when nobody says so, and what one says that was elsewhere
      .replace(/ \/\*!50100 TABLESPACE `innodb_file_per_table` \*\//, "")
      // MyISAM notes its own for the keys of a table that comes over from another engine
      .replaceAll(" KEY_BLOCK_SIZE=1024", "")
      .split("\n")
      .map((line) => line.replace(/,$/, ""));
    const isKey = (line: string): boolean =>
      /^ {2}(?:(?:UNIQUE |FULLTEXT |SPATIAL )?KEY|CONSTRAINT)/.test(line);
    shown.push(...lines.filter((line) => !isKey(line)), ...lines.filter(isKey).toSorted());
  }
  return shown.join("\n");
}

/** Opens the product's own connection to a test's database; closed by the caller. */
export async function open(database: TestDatabase): Promise<Connection> {
  return mysql.connect(database.url);
}

/** Laws 1 to 3 for one change: there and silent, back and silent, there again; from the catalog's view. */
export async function roundTrip(
  db: DatabaseUnderTest,
  before: MetaData,
  after: MetaData,
): Promise<{ readonly operations: readonly Operation[]; readonly statements: readonly string[] }> {
  const [database, fresh] = [await db.create(), await db.create()];
  const connection = await open(database);
  const other = await open(fresh);
  const state = async (): Promise<string> => catalog(database);
  const must = (condition: boolean, what: string): void => {
    if (!condition) throw new Error(what);
  };
  const silent = async (wanted: MetaData, when: string): Promise<void> => {
    const left = await differences(connection, wanted);
    must(
      left.length === 0,
      `${when}: still different: ${JSON.stringify(left, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))}`,
    );
  };
  try {
    await upgrade(connection, before);
    await silent(before, "before");
    const first = await state();
    await upgrade(other, after);
    const wanted = await catalog(fresh);
    const operations = await differences(connection, after);
    const statements = await apply(connection, operations);
    await silent(after, "after");
    must(
      (await state()) === wanted,
      `upgrade: ${await state()}\nwanted: ${wanted}\nby ${statements.join(";\n")}`,
    );
    await downgrade(connection, operations);
    must((await state()) === first, `downgrade: ${await state()}\nwanted: ${first}`);
    await silent(before, "back");
    await apply(connection, operations);
    must((await state()) === wanted, `again: ${await state()}\nwanted: ${wanted}`);
    return { operations, statements };
  } finally {
    await connection.close();
    await other.close();
    await database.drop();
    await fresh.drop();
  }
}
