import type { Connection, ReflectFilter } from "../contract.ts";

/** Schemas of users; those of extensions too, which the caller tells by what they hold. */
const SCHEMAS = `
SELECT nspname::text AS name FROM pg_namespace
WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' ORDER BY 1`;

export interface Scope {
  /** By their own names, the default one too. */
  readonly schemas: readonly string[];
  /** Schemas beside the default one that are there. */
  readonly others: readonly string[];
}

/** The schema of a table that says none. */
export function defaultSchemaOf(connection: Connection): string {
  return connection.server.defaultSchema ?? "public";
}

/** The schemas that a filter means, as far as they are there. */
export async function scopeOf(connection: Connection, filter: ReflectFilter): Promise<Scope> {
  const own = defaultSchemaOf(connection);
  const present = (await connection.query(SCHEMAS)).map(({ name }) => String(name));
  const asked = filter.schemas ?? filter.tables?.map(({ schema }) => schema) ?? [undefined];
  const wanted = filter.allSchemas === true ? present : asked.map((schema) => schema ?? own);
  const schemas = present.filter((name) => wanted.includes(name));
  return { schemas, others: schemas.filter((name) => name !== own) };
}
