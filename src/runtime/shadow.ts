import { executeStatement } from "../dialects/execute.ts";
import type {
  Connection,
  Dialect,
  ReflectFilter,
  ServerInfo,
  Statement,
} from "../dialects/contract.ts";
import { applyOperations } from "../operations/apply.ts";
import type { Operation } from "../operations/operation.ts";
import { sameTable } from "../schema/collect.ts";
import { EMPTY_METADATA, type MetaData } from "../schema/types.ts";
import { isRevlineError, RevlineError } from "../errors.ts";

/** The tables as they are after operations that nobody has executed. */
export interface Shadow {
  /** As {@link Dialect.reflect} would find them. */
  reflect(filter: ReflectFilter): Promise<MetaData>;
  /** Goes on by operations and the statements that were planned for them. */
  follow(operations: readonly Operation[], statements: readonly Statement[]): Promise<void>;
  close(): Promise<void>;
}

/** What a filter lets through. */
function filtered(
  metadata: MetaData,
  { tables, schemas, allSchemas, exclude }: ReflectFilter,
): MetaData {
  const inSchemas = ({ schema }: { readonly schema?: string }): boolean =>
    allSchemas === true || tables !== undefined || (schemas ?? [undefined]).includes(schema);
  return {
    ...metadata,
    objects: metadata.objects.filter(inSchemas),
    tables: metadata.tables.filter(
      (table) =>
        inSchemas(table) &&
        (tables?.some((wanted) => sameTable(wanted, table)) ?? true) &&
        exclude?.some((other) => sameTable(other, table)) !== true,
    ),
  };
}

/** The tables as data. */
class DataShadow implements Shadow {
  readonly #dialect: Dialect;
  readonly #server: ServerInfo;
  #metadata = EMPTY_METADATA;

  constructor(dialect: Dialect, server: ServerInfo) {
    this.#dialect = dialect;
    this.#server = server;
  }

  async reflect(filter: ReflectFilter): Promise<MetaData> {
    return filtered(this.#metadata, filter);
  }

  async follow(operations: readonly Operation[]): Promise<void> {
    const { offline } = this.#dialect;
    for (const operation of operations) {
      this.#metadata =
        offline.follow?.(this.#metadata, operation, this.#server) ??
        applyOperations(this.#metadata, [operation]);
    }
  }

  async close(): Promise<void> {
    // nothing is open
  }
}

/** The tables in a database of the same kind that nobody else sees. */
class ScratchShadow implements Shadow {
  readonly #dialect: Dialect;
  readonly #connection: Connection;
  readonly #changesSchema: (sql: string) => boolean;
  /** A statement of the user's after which it is no longer true, and why. */
  #broken: string | undefined;

  constructor(dialect: Dialect, connection: Connection, changesSchema: (sql: string) => boolean) {
    this.#dialect = dialect;
    this.#connection = connection;
    this.#changesSchema = changesSchema;
  }

  async reflect(filter: ReflectFilter): Promise<MetaData> {
    if (this.#broken !== undefined) {
      throw new RevlineError(
        "unsupported",
        `What the tables look like is not known without a connection: ${this.#broken}`,
        { hint: "Leave the range out: the script then starts at what the live database holds." },
      );
    }
    return this.#dialect.reflect(this.#connection, filter);
  }

  async follow(operations: readonly Operation[], statements: readonly Statement[]): Promise<void> {
    for (const statement of statements) {
      const { sql, params, operation } = statement;
      const kind = operation === undefined ? undefined : operations[operation]?.kind;
      if (kind === "bulkInsert") continue;
      if (kind !== "execute") await executeStatement(this.#connection, statement);
      else if (this.#changesSchema(sql)) await this.#runForeign(sql, params);
    }
  }

  /** It may need what is not here: rows, functions of the application. */
  async #runForeign(sql: string, params: Statement["params"]): Promise<void> {
    try {
      await this.#connection.execute(sql, params);
    } catch (error) {
      if (!isRevlineError(error)) throw error;
      this.#broken = error.message;
    }
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}

/** An empty database to follow a history. */
export async function openShadow(dialect: Dialect, server: ServerInfo): Promise<Shadow> {
  const { scratch } = dialect.offline;
  return scratch === undefined
    ? new DataShadow(dialect, server)
    : new ScratchShadow(dialect, await scratch.connect(), scratch.changesSchema);
}
