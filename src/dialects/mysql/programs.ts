import { read } from "./catalog.ts";
import { flavorOf } from "./flavor.ts";
import { expressionSql, quoteName, quoteTable, stringLiteral } from "./quote.ts";
import { SQL_MODE } from "./session.ts";
import { tokenize } from "./tokens.ts";
import type { Connection, Row, ServerInfo, Statement } from "../contract.ts";
import type { Expression } from "../../schema/expression.ts";
import type { DialectName, Options, TableName } from "../../schema/types.ts";
import { isRevlineError, messageOf } from "../../errors.ts";

/** Settings under which a view, routine, trigger or event runs; what is as always is left out. */
export interface Surrounding {
  /** `user@host`, where it is not the session's own user. */
  readonly definer?: string;
  /** Where it is not the server's own (`@@GLOBAL.sql_mode`). */
  readonly sqlMode?: string;
}

/** What is as always on this server, for this user. */
export interface Usual {
  readonly user: string;
  readonly sqlMode: string;
  readonly timeZone: string;
  /** Default collation by schema; the connection's own database under its name. */
  readonly collations: ReadonlyMap<string, string>;
}

/** Who we are and how the server is set: one query. */
export async function readUsual(connection: Connection): Promise<Usual> {
  const [row = {}] = await connection.query(
    "SELECT CURRENT_USER() AS user, @@GLOBAL.sql_mode AS mode, @@SESSION.time_zone AS zone",
  );
  const schemas = await connection.query(
    "SELECT schema_name AS name, default_collation_name AS collation FROM information_schema.schemata",
  );
  return {
    user: read(row, "user") ?? "",
    sqlMode: sortedMode(read(row, "mode") ?? ""),
    timeZone: read(row, "zone") ?? "SYSTEM",
    collations: new Map(
      schemas.map((schema) => [read(schema, "name") ?? "", read(schema, "collation") ?? ""]),
    ),
  };
}

/** Modes in one order: the order in which they are written means nothing. */
export function sortedMode(mode: string): string {
  return mode
    .toUpperCase()
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "")
    .toSorted()
    .join(",");
}

/** What a row of the catalog (columns `definer` and `mode`) says that is not as always. */
export function surroundingOf(row: Row, usual: Usual): Surrounding {
  const definer = read(row, "definer");
  const mode = read(row, "mode");
  return {
    ...(definer === undefined || definer === usual.user ? {} : { definer }),
    ...(mode === undefined || sortedMode(mode) === usual.sqlMode
      ? {}
      : { sqlMode: sortedMode(mode) }),
  };
}

/** `` DEFINER=`user`@`host`  ``, with a space behind; empty where nobody is named. */
export function definerClause(definer: string | undefined): string {
  if (definer === undefined) return "";
  const at = definer.lastIndexOf("@");
  const [user, host] = at < 0 ? [definer, "%"] : [definer.slice(0, at), definer.slice(at + 1)];
  // a role of MariaDB has no host
  return host === ""
    ? `DEFINER=${quoteName(user)} `
    : `DEFINER=\`${user.replaceAll("`", "``")}\`@${quoteName(host)} `;
}

/** The mode (and time zone) that a program keeps from the session that creates it. */
export function settingsFor({
  sqlMode,
  timeZone,
}: {
  readonly sqlMode?: unknown;
  readonly timeZone?: unknown;
}): NonNullable<Statement["settings"]> {
  const mode = typeof sqlMode === "string" ? stringLiteral(sqlMode) : "@@GLOBAL.sql_mode";
  const zone = typeof timeZone === "string";
  return {
    before: [
      `SET SESSION sql_mode = ${mode}`,
      ...(zone ? [`SET SESSION time_zone = ${stringLiteral(timeZone)}`] : []),
    ],
    after: [
      `SET SESSION sql_mode = ${stringLiteral(SQL_MODE)}`,
      ...(zone ? ["SET SESSION time_zone = @@GLOBAL.time_zone"] : []),
    ],
  };
}

/** What is created: `TRIGGER`, `FUNCTION`, … */
export interface Program {
  readonly word: "TRIGGER" | "FUNCTION" | "PROCEDURE" | "EVENT";
  readonly name: TableName;
  readonly definer?: unknown;
  /** Between CREATE and the word: AGGREGATE. */
  readonly before?: string;
  /** All that stands behind the name. */
  readonly definition: string;
  readonly settings: NonNullable<Statement["settings"]>;
}

/** Statements that make a program, in the place of one of that name; each can be given twice. */
export function createProgram(program: Program, server: ServerInfo): readonly Statement[] {
  const { word, name, definer, before = "", definition, settings } = program;
  const clause = definerClause(definer === undefined ? undefined : String(definer));
  const path = quoteTable(name);
  if (server.dialect === "mariadb")
    return [{ sql: `CREATE OR REPLACE ${clause}${before}${word} ${path}${definition}`, settings }];
  // routines and triggers have it since 8.0.29
  const once = word === "EVENT" || server.versionNumber >= 80_029 ? "IF NOT EXISTS " : "";
  return [
    { sql: `DROP ${word} IF EXISTS ${path}` },
    { sql: `CREATE ${clause}${before}${word} ${once}${path}${definition}`, settings },
  ];
}

/** A program's text without comments and semicolons around it: some servers keep those, some do not. */
export function bareText(sql: string): string {
  const tokens = tokenize(sql);
  const last = tokens.findLast(({ kind, value }) => kind !== "symbol" || value !== ";");
  return last === undefined ? "" : sql.slice(tokens[0]?.start, last.end);
}

/** A user's text as the server keeps it. */
export function programText(
  expression: Expression,
  server: Pick<ServerInfo, "dialect" | "versionNumber">,
): string {
  return bareText(expressionSql(expression, flavorOf(server)));
}

/** The options of an object for this server: MariaDB reads MySQL's, its own win. */
export function programOptions(
  options: Partial<Record<DialectName, Options>> | undefined,
  server: Pick<ServerInfo, "dialect">,
): Options {
  const { mysql = {}, mariadb = {} } = options ?? {};
  return server.dialect === "mariadb" ? { ...mysql, ...mariadb } : mysql;
}

/** Two texts with one key are the same tokens; names, strings and all else count exactly, words whatever their case. */
export function programKey(sql: string): string {
  return JSON.stringify(
    tokenize(sql).map(({ kind, value }) =>
      kind === "word" ? ["name", value.toLowerCase()] : [kind === "name" ? "name" : kind, value],
    ),
  );
}

/** True for what a server answers to a user who may not, or to what does not fit the present tables. */
export function refusal(
  error: unknown,
): { readonly reason: string; readonly forbidden: boolean } | undefined {
  if (!isRevlineError(error)) return undefined;
  const forbidden = error.code === "permission-denied" || error.code === "database-read-only";
  return forbidden || error.code === "statement-failed"
    ? { reason: messageOf(error), forbidden }
    : undefined;
}

/** `{ schema }` where it is not the connection's own database. */
export function located(schema: string | undefined): { readonly schema?: string } {
  return schema === undefined ? {} : { schema };
}
