import type { ObjectDialect } from "../contract.ts";
import { maybeText, text, texts } from "../../dialects/postgresql/rows.ts";
import { defaultSchemaOf, scopeOf } from "../../dialects/postgresql/scope.ts";
import { quote, quoteText } from "../../dialects/postgresql/spelling.ts";
import type { Connection } from "../../dialects/contract.ts";
import type { Extension } from "../../schema/objects/types.ts";
import type { SkippedObject } from "../../schema/types.ts";

/** Every server has plpgsql. A version is told where it is not the one that CREATE EXTENSION would install. */
const EXTENSIONS = `
SELECT e.extname::text AS name, n.nspname::text AS schema,
  CASE WHEN e.extversion <> a.default_version THEN e.extversion END AS version
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace LEFT JOIN pg_available_extensions a ON a.name = e.extname
WHERE e.extname <> 'plpgsql' ORDER BY 1`;

const AVAILABLE = `
SELECT a.name::text AS name, a.default_version AS version, v.requires::text[] AS requires
FROM pg_available_extensions a LEFT JOIN pg_available_extension_versions v ON v.name = a.name AND v.version = a.default_version
WHERE a.name IN (SELECT json_array_elements_text($1::json))`;

interface Available {
  readonly version: string | undefined;
  readonly requires: readonly string[];
}

async function available(
  connection: Connection,
  extensions: readonly Extension[],
): Promise<ReadonlyMap<string, Available>> {
  const names = [...new Set(extensions.map(({ name }) => name))];
  const rows = await connection.query(AVAILABLE, [JSON.stringify(names)]);
  return new Map(
    rows.map((row) => [
      text(row, "name"),
      { version: maybeText(row, "version"), requires: texts(row, "requires").toSorted() },
    ]),
  );
}

/** A version that is not said, or is the default one, is none; what it stands on is as the server says. */
function canonical(
  { name, schema, version }: Extension,
  known: Available | undefined,
  isVersioned: boolean,
): Extension {
  const { requires = [] } = known ?? {};
  return {
    kind: "extension",
    ...(schema === undefined ? {} : { schema }),
    name,
    ...(version === undefined || !isVersioned || version === known?.version ? {} : { version }),
    ...(requires.length === 0 ? {} : { requires }),
  };
}

const inSchema = ({ schema }: Extension, own: string): string => quote(schema ?? own);

function isOlder(from: string | undefined, to: string | undefined): boolean {
  return (
    from !== undefined && to !== undefined && to.localeCompare(from, "en", { numeric: true }) < 0
  );
}

/** Few extensions have a script for the way back; where there is none, and nothing stands on it, it is made anew. */
function changeVersion(from: Extension, to: Extension, own: string): string {
  const name = quote(to.name);
  const version = quoteText(to.version ?? "");
  const update = `ALTER EXTENSION ${name} UPDATE${to.version === undefined ? "" : ` TO ${version}`}`;
  if (!isOlder(from.version, to.version)) return update;
  return `DO $revline$ BEGIN
    IF EXISTS (SELECT FROM pg_extension_update_paths(${quoteText(to.name)}) u JOIN pg_extension e ON e.extname = ${quoteText(to.name)}
      WHERE u.source = e.extversion AND u.target = ${version} AND u.path IS NOT NULL) THEN
      ${update};
    ELSE
      DROP EXTENSION ${name};
      CREATE EXTENSION ${name} SCHEMA ${inSchema(to, own)} VERSION ${version};
    END IF;
  END $revline$`;
}

export const postgresql: ObjectDialect<Extension> = {
  skippedAs: ["extension"],
  reflect: async (connection, filter) => {
    const { schemas } = await scopeOf(connection, filter);
    const own = defaultSchemaOf(connection);
    const objects: Extension[] = [];
    const skipped: SkippedObject[] = [];
    for (const row of await connection.query(EXTENSIONS)) {
      const [name, schema, version] = [
        text(row, "name"),
        text(row, "schema"),
        maybeText(row, "version"),
      ];
      const place = schema === own ? {} : { schema };
      if (schemas.includes(schema))
        objects.push({
          kind: "extension",
          ...place,
          name,
          ...(version === undefined ? {} : { version }),
        });
      else {
        const reason = `it is installed in schema "${schema}", which takes no part`;
        skipped.push({ kind: "extension", ...place, name, reason });
      }
    }
    return { objects, skipped };
  },
  canonicalize: async ({ database, models }, { connection }) => {
    const known = await available(connection, [...database, ...models]);
    const asked = new Map(models.map((extension) => [extension.name, extension.version]));
    // what goes keeps its version, so that it comes again as it was
    const isVersioned = ({ name }: Extension): boolean =>
      !asked.has(name) || asked.get(name) !== undefined;
    const bring = (extension: Extension): Extension =>
      canonical(extension, known.get(extension.name), isVersioned(extension));
    return { database: database.map(bring), models: models.map(bring), skipped: [] };
  },
  create: ({ name, schema, version }) => [
    {
      sql: [
        `CREATE EXTENSION ${quote(name)}`,
        ...(schema === undefined ? [] : [`SCHEMA ${quote(schema)}`]),
        ...(version === undefined ? [] : [`VERSION ${quoteText(version)}`]),
      ].join(" "),
    },
  ],
  drop: ({ name }) => [{ sql: `DROP EXTENSION ${quote(name)}` }],
  alter: ({ from, to }, { state }) => {
    const own = state.server.defaultSchema ?? "public";
    return [
      ...(inSchema(from, own) === inSchema(to, own)
        ? []
        : [{ sql: `ALTER EXTENSION ${quote(to.name)} SET SCHEMA ${inSchema(to, own)}` }]),
      ...(from.version === to.version ? [] : [{ sql: changeVersion(from, to, own) }]),
    ];
  },
};
