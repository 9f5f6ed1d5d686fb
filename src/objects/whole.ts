import type { Plugin } from "./plugin.ts";
import { canonicalizeObjects, reflectObjects } from "./index.ts";
import { keepRowSecurity } from "./row-security.ts";
import { skippedObject } from "./skipped.ts";
import type { Canonical, Connection, Dialect, ReflectFilter } from "../dialects/contract.ts";
import { describeKind } from "../operations/object-words.ts";
import { enumsOf, isOpen } from "../schema/objects/declare.ts";
import { nameOnly, tableKey } from "../schema/collect.ts";
import type { OpenKind, OpenObject } from "../schema/objects/types.ts";
import type { MetaData } from "../schema/types.ts";

/** Kinds that may have a table's name and have nothing to do with it. */
const NO_RELATIONS: ReadonlySet<string> = new Set([
  ...["operator", "operator class", "conversion", "cast", "publication", "foreign server"],
]);

/** Which kinds of objects beside tables take part: some, all, or those that the models speak of. */
export type ComparedKinds = "all" | readonly OpenKind[] | undefined;

/** What the config says of objects beside tables. */
export interface ObjectOptions {
  readonly kinds?: ComparedKinds;
  readonly plugins?: readonly Plugin[] | undefined;
}

/** A database with its tables and with the objects beside them. */
export async function reflectWhole(
  dialect: Dialect,
  connection: Connection,
  filter: ReflectFilter,
  plugins?: readonly Plugin[],
): Promise<MetaData> {
  const tables = await dialect.reflect(connection, filter);
  return reflectObjects(dialect, connection, filter, tables, plugins);
}

/**
 * Both sides in canonical form: tables and enums by the dialect, the objects by their kinds. Objects of
 * kinds that take no part are told as skipped.
 */
export async function canonicalizeWhole(
  dialect: Dialect,
  connection: Connection,
  database: MetaData,
  declared: MetaData,
  { kinds, plugins }: ObjectOptions = {},
): Promise<Canonical> {
  const isCompared = comparedKinds(kinds, declared);
  const models = isCompared("policy") ? declared : keepRowSecurity(database, declared);
  const tables = await dialect.canonicalize(connection, database, models, kinds === "all");
  const aside = new Set(
    [...tables.skipped, ...tables.database.skipped]
      .filter(({ table, kind }) => table === undefined && !NO_RELATIONS.has(kind))
      .map(tableKey),
  );
  // what belongs to a table that takes no part takes none itself
  const isAside = ({ schema, table }: OpenObject): boolean =>
    table !== undefined && aside.has(tableKey(nameOnly({ schema, name: table })));
  const withObjects = (canonical: MetaData, given: MetaData): MetaData => ({
    ...canonical,
    objects: [
      ...enumsOf(canonical.objects),
      ...given.objects.filter(isOpen).filter((object) => !isAside(object)),
    ],
  });
  const context = {
    connection,
    dialect,
    database: withObjects(tables.database, database),
    models: withObjects(tables.models, models),
  };
  const objects = await canonicalizeObjects(context, plugins);
  const ours = objects.database.filter(({ kind }) => isCompared(kind));
  const others = objects.database.filter(({ kind }) => !isCompared(kind));
  return {
    database: {
      ...tables.database,
      objects: [...enumsOf(tables.database.objects), ...ours],
      skipped: [
        ...tables.database.skipped,
        ...others.map((object) =>
          skippedObject(object, `the models declare no ${describeKind(object.kind)}`),
        ),
      ],
    },
    models: { ...tables.models, objects: [...enumsOf(tables.models.objects), ...objects.models] },
    isCompared,
    skipped: [
      ...tables.skipped,
      ...objects.skipped,
      ...database.objects
        .filter(isOpen)
        .filter(isAside)
        .map((object) => skippedObject(object, "its table takes no part")),
    ],
  };
}

function comparedKinds(asked: ComparedKinds, models: MetaData): (kind: OpenKind) => boolean {
  if (asked === "all") return () => true;
  const kinds = new Set<string>(asked ?? models.objects.map(({ kind }) => kind));
  return (kind) => kinds.has(kind);
}
