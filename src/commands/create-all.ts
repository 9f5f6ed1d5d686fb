import { compare } from "../compare/index.ts";
import { dialectFor, dialects, type Connection, type Dialect } from "../dialects/index.ts";
import { RevlineError } from "../errors.ts";
import { canonicalizeWhole, reflectWhole } from "../objects/whole.ts";
import type { Operation } from "../operations/operation.ts";
import { qualifiedName, tableKey } from "../schema/collect.ts";
import { objectKey } from "../schema/objects/declare.ts";
import { metaDataOf, type MetaDataValue } from "../schema/metadata.ts";
import { EMPTY_METADATA, type MetaData } from "../schema/types.ts";
import { absoluteUrl } from "../config/url.ts";
import { executeOperations } from "../config/execute.ts";

export interface CreateAllResult {
  /** Tables that were made; the others were there. */
  readonly created: readonly string[];
}

export interface DropAllResult {
  readonly dropped: readonly string[];
}

/**
 * Creates what is absent of a metadata: schemas, enums, tables with all that hangs on them. What exists
 * stays as it is, whatever it looks like.
 *
 * @param target a URL (a relative SQLite file is relative to the working directory), or an open
 *   connection; a transaction that is open on it is used and left open
 * @throws RevlineError of the declarations and the connection; statement-failed
 * @example
 * await createAll(metadata({}, { users, posts }), "sqlite:./app.db");
 */
export async function createAll(
  metadata: MetaDataValue,
  target: string | Connection,
): Promise<CreateAllResult> {
  return onTarget(target, async (connection, dialect) => {
    const declared = metaDataOf([metadata]);
    const { database, models } = await canonicalSides(connection, dialect, declared);
    const { operations } = compare(
      { database: onlyDeclared(database, models), models, skipped: [] },
      { dialect },
    );
    const created = new Set(
      operations.flatMap((operation) =>
        operation.kind === "createTable" ? [tableKey(operation.table)] : [],
      ),
    );
    const wanted = operations.filter(
      (operation) =>
        CREATES.has(operation.kind) ||
        created.has(newOwner(operation) ?? "") ||
        ("table" in operation && created.has(tableKey(operation.table))),
    );
    await executeOperations(connection, dialect, wanted);
    return {
      created: wanted.flatMap((operation) =>
        operation.kind === "createTable" ? [qualifiedName(operation.table)] : [],
      ),
    };
  });
}

/** The table with which a sequence goes from now on. */
function newOwner(operation: Operation): string | undefined {
  if (operation.kind !== "alterObject" || operation.to.kind !== "sequence") return undefined;
  const { schema, ownedBy } = operation.to;
  return ownedBy && tableKey({ ...(schema === undefined ? {} : { schema }), name: ownedBy.table });
}

/** Beside these, what is done to a table that is new: a foreign key that had to wait. */
const CREATES: ReadonlySet<Operation["kind"]> = new Set<Operation["kind"]>([
  "createTable",
  "createObject",
  "createEnum",
  "createSchema",
]);

/**
 * Drops the tables and enums that are declared and exist; nothing else, and no schema.
 *
 * @param target as for {@link createAll}
 * @throws RevlineError of the declarations and the connection; statement-failed
 */
export async function dropAll(
  metadata: MetaDataValue,
  target: string | Connection,
): Promise<DropAllResult> {
  return onTarget(target, async (connection, dialect) => {
    const { database, models } = await canonicalSides(connection, dialect, metaDataOf([metadata]));
    const there = onlyDeclared(database, models);
    const { operations } = compare(
      { database: there, models: { ...EMPTY_METADATA, schemas: there.schemas }, skipped: [] },
      { dialect },
    );
    await executeOperations(connection, dialect, operations);
    return { dropped: there.tables.map(qualifiedName) };
  });
}

async function onTarget<T>(
  target: string | Connection,
  work: (connection: Connection, dialect: Dialect) => Promise<T>,
): Promise<T> {
  if (typeof target !== "string") return work(target, dialectOf(target));
  const dialect = dialectFor(target);
  const connection = await dialect.connect(absoluteUrl(target, process.cwd()));
  try {
    return await work(connection, dialect);
  } finally {
    await connection.close();
  }
}

function dialectOf({ server }: Connection): Dialect {
  const name = server.dialect === "mariadb" ? "mysql" : server.dialect;
  const found = dialects.find((dialect) => dialect.name === name);
  if (found === undefined)
    throw new RevlineError("unsupported", `There is no dialect "${server.dialect}".`);
  return found;
}

async function canonicalSides(
  connection: Connection,
  dialect: Dialect,
  declared: MetaData,
): Promise<{ database: MetaData; models: MetaData }> {
  const others = declared.schemas.filter((schema) => schema !== connection.server.defaultSchema);
  const database = await reflectWhole(dialect, connection, { schemas: [undefined, ...others] });
  return canonicalizeWhole(dialect, connection, database, declared);
}

/** The database as far as the models name it. */
function onlyDeclared(database: MetaData, models: MetaData): MetaData {
  const tables = new Set(models.tables.map(tableKey));
  const objects = new Set(models.objects.map((object) => objectKey(object.kind, object)));
  return {
    tables: database.tables.filter((table) => tables.has(tableKey(table))),
    objects: database.objects.filter((object) => objects.has(objectKey(object.kind, object))),
    schemas: database.schemas,
    skipped: [],
  };
}
