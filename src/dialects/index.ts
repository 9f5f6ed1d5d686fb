/**
 * The databases. Each folder is one dialect, a value of the type in `contract.ts`; they know nothing of
 * one another and are named here alone. May import `schema`, `operations`, `errors`; never imports a
 * driver (that is `driver.ts` of a dialect, when a connection is opened) and never prints.
 */
import type { Connection, Dialect } from "./contract.ts";
import { mysql } from "./mysql/index.ts";
import { postgresql } from "./postgresql/index.ts";
import { sqlite } from "./sqlite/index.ts";
import { keepSecretsOfUrl, redactUrl, splitUrl } from "./url.ts";
import { RevlineError } from "../errors.ts";

export type * from "./contract.ts";
export { redactUrl } from "./url.ts";

/** Every dialect; a new one is a folder and a line here. */
export const dialects: readonly Dialect[] = [sqlite, postgresql, mysql];

/**
 * The dialect of an open connection: one of a driver, or a {@link Connection}.
 *
 * @throws RevlineError usage
 */
export function dialectOf(connection: unknown): Dialect {
  const found = isSession(connection)
    ? dialects.find(({ name }) => name === familyOf(connection))
    : dialects.find(({ adoption }) => adoption.recognizes(connection));
  if (found !== undefined) return found;
  throw new RevlineError(
    "usage",
    "The `connection` is not an open connection that is known here.",
    {
      hint: "Give a Client of pg (of a Pool: await pool.connect()), a connection of mysql2, or a Database of better-sqlite3.",
    },
  );
}

function familyOf({ server }: Connection): Dialect["name"] {
  return server.dialect === "mariadb" ? "mysql" : server.dialect;
}

function isSession(value: unknown): value is Connection {
  return (
    typeof value === "object" &&
    value !== null &&
    ["server", "query", "execute", "begin", "inTransaction"].every((key) => key in value)
  );
}

/** The URL of what a connection is connected to, without a password. @throws RevlineError usage */
export function urlOfConnection(connection: unknown): string {
  const { adoption } = dialectOf(connection);
  if (!isSession(connection)) return adoption.urlOf(connection);
  const { database } = connection.server;
  return familyOf(connection) === "sqlite"
    ? `sqlite:${database.replace(/[%?]/g, encodeURIComponent)}`
    : `${familyOf(connection)}:///${encodeURIComponent(database)}`;
}

/** A connection as a session of ours; closing it leaves the connection open. @throws RevlineError usage, driver-missing */
export async function adopt(connection: unknown): Promise<Connection> {
  const { adoption } = dialectOf(connection);
  return isSession(connection) ? connection : adoption.adopt(connection);
}

/**
 * The dialect that a URL's scheme names.
 *
 * @throws RevlineError url-invalid
 */
export function dialectFor(url: string): Dialect {
  keepSecretsOfUrl(url);
  const { scheme } = splitUrl(url);
  const found = dialects.find((dialect) => dialect.schemes.includes(scheme));
  if (found !== undefined) return found;
  const known = dialects.flatMap((dialect) => dialect.schemes).join(", ");
  throw new RevlineError("url-invalid", `"${redactUrl(url)}" has the unknown scheme "${scheme}".`, {
    hint: `Use one of: ${known}; for instance sqlite:./app.db or postgresql://user@host/database.`,
  });
}
