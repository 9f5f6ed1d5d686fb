import pg from "pg";
import type { ServerKind } from "./kinds.ts";

const variables: Readonly<Record<ServerKind, string>> = {
  postgresql15: "REVLINE_TEST_POSTGRESQL_URL",
  postgresql18: "REVLINE_TEST_POSTGRESQL_URL",
  mariadb: "REVLINE_TEST_MARIADB_URL",
  mysql: "REVLINE_TEST_MYSQL_URL",
};

/** The environment variable that names a server of this kind. */
export function variableOf(kind: ServerKind): string {
  return variables[kind];
}

/**
 * The administrative URL that the environment gives for a kind. One PostgreSQL URL stands for one of the two
 * kinds, by its server's version: from 18 on `postgresql18`, before that `postgresql15`.
 */
export async function administrativeUrl(kind: ServerKind): Promise<string | undefined> {
  const url = process.env[variables[kind]];
  if (url === undefined || url === "") return undefined;
  if (kind === "mariadb" || kind === "mysql") return url.replace(/^[a-z]+:/, "mysql:");
  return (await postgresqlKind(url)) === kind ? url : undefined;
}

const kinds = new Map<string, ServerKind>();

async function postgresqlKind(url: string): Promise<ServerKind> {
  const known = kinds.get(url);
  if (known !== undefined) return known;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ version: string }>(
    "SELECT current_setting('server_version_num') AS version",
  );
  await client.end();
  const kind = Number(rows[0]?.version) >= 180_000 ? "postgresql18" : "postgresql15";
  kinds.set(url, kind);
  return kind;
}
