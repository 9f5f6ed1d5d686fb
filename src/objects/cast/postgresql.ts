import type { ObjectDialect } from "../contract.ts";
import { statements } from "../../dialects/ddl.ts";
import { comment } from "../../dialects/postgresql/compile.ts";
import { commentOf, objectRows, words } from "../../dialects/postgresql/object-rows.ts";
import { maybeText, text } from "../../dialects/postgresql/rows.ts";
import { inspect, notOfExtension } from "../../dialects/postgresql/session.ts";
import type { Connection, Row } from "../../dialects/contract.ts";
import { RevlineError } from "../../errors.ts";
import type { Cast } from "../../schema/objects/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

/** True where a thing is the server's own, or stands in one of the schemas that take part. */
const within = (namespace: string): string =>
  `${namespace} IN (SELECT oid FROM pg_namespace WHERE nspname = 'pg_catalog' OR nspname IN (SELECT json_array_elements_text($1::json)))`;
/** Below are the server's own: https://www.postgresql.org/docs/current/system-catalog-initial-data.html#SYSTEM-CATALOG-OID-ASSIGNMENT */
const FIRST_NORMAL_OID = "16384";

/** A cast stands in no schema: ours are those of users whose types and function are within reach. */
const CASTS = `SELECT format_type(a.castsource, NULL) || ' AS ' || format_type(a.casttarget, NULL) AS name, a.castmethod::text AS method, a.castcontext::text AS context,
  CASE WHEN a.castfunc <> 0 THEN a.castfunc::regprocedure::text END AS function, ${commentOf("pg_cast", "a.oid")}
FROM pg_cast a JOIN pg_type s ON s.oid = a.castsource JOIN pg_type t ON t.oid = a.casttarget LEFT JOIN pg_proc p ON p.oid = a.castfunc
WHERE a.oid >= ${FIRST_NORMAL_OID} AND ${notOfExtension("pg_cast", "a.oid")} AND ${within("s.typnamespace")} AND ${within("t.typnamespace")}
  AND (p.oid IS NULL OR ${within("p.pronamespace")})
  -- a range type brings the cast to its multirange
  AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass AND i.objid = a.oid AND i.deptype = 'i')
ORDER BY 1`;

const CONTEXTS: Readonly<Record<string, Cast["context"]>> = { a: "assignment", i: "implicit" };

function castOfRow(row: Row): Cast {
  const called = maybeText(row, "function");
  const context = CONTEXTS[text(row, "context")];
  return {
    kind: "cast",
    name: text(row, "name"),
    ...(called === undefined ? {} : { function: called }),
    ...(text(row, "method") === "i" ? { inout: true } : {}),
    ...(context === undefined ? {} : { context }),
    ...words(maybeText(row, "comment")),
  };
}

/**
 * Before PostgreSQL 16 a signature with a type that is not there is an error, even where it is but planned: the types
 * of the cast, of which the function takes the first, are asked for before it.
 */
const SPELLED = `SELECT coalesce(format_type(to_regtype($1), NULL), $1) || ' AS ' || coalesce(format_type(to_regtype($2), NULL), $2) AS name,
  CASE WHEN to_regtype($1) IS NULL THEN $3 ELSE coalesce(to_regprocedure($3)::text, $3) END AS function`;

/** @throws RevlineError model-invalid */
function typesOf({ name }: Cast): readonly [string, string] {
  const [, source, target] = /^\s*(.+?)\s+AS\s+(.+?)\s*$/is.exec(name) ?? [];
  if (source !== undefined && target !== undefined) return [source, target];
  throw new RevlineError("model-invalid", `The name of cast "${name}" does not say two types.`, {
    hint: 'Name it by both: cast("text AS mood", …).',
  });
}

/** Types and function in the server's words, as far as they are there. */
async function spelled(connection: Connection, cast: Cast): Promise<Cast> {
  const [row] = await connection.query(SPELLED, [...typesOf(cast), cast.function ?? null]);
  const called = row === undefined ? undefined : maybeText(row, "function");
  return {
    ...omit(cast, "inout", "function", "comment"),
    name: row === undefined ? cast.name : text(row, "name"),
    ...(called === undefined ? {} : { function: called }),
    ...(cast.inout === true ? { inout: true } : {}),
    ...words(cast.comment),
  };
}

function commentText(cast: Cast): string {
  return comment(`CAST (${cast.name})`, cast.comment);
}

function createAll(cast: Cast): readonly string[] {
  const { name, function: called, inout, context } = cast;
  const how =
    called !== undefined
      ? `WITH FUNCTION ${called}`
      : inout === true
        ? "WITH INOUT"
        : "WITHOUT FUNCTION";
  const unasked = context === undefined ? "" : ` AS ${context.toUpperCase()}`;
  return [
    `CREATE CAST (${name}) ${how}${unasked}`,
    ...(cast.comment === undefined ? [] : [commentText(cast)]),
  ];
}

function dropText(name: string): string {
  return `DROP CAST (${name})`;
}

export const postgresql: ObjectDialect<Cast> = {
  skippedAs: ["cast"],
  reflect: async (connection, filter) => ({
    objects: (await objectRows(connection, filter, CASTS)).map(castOfRow),
    skipped: [],
  }),
  canonicalize: async ({ database, models }, { connection }) =>
    inspect(connection, async () => {
      const canonical: Cast[] = [];
      for (const model of models) canonical.push(await spelled(connection, model));
      return { database, models: canonical, skipped: [] };
    }),
  create: (cast) => statements(createAll(cast)),
  drop: ({ name }) => [{ sql: dropText(name) }],
  alter: ({ from, to }) =>
    deepEqual(omit(from, "comment"), omit(to, "comment"))
      ? statements([commentText(to)])
      : statements([dropText(from.name), ...createAll(to)]),
};
