/**
 * `revline/schema`: everything that models are declared with. Importing it loads no driver and no
 * loader; `createAll` and `dropAll` load what they need when they are called.
 */
import type { Connection } from "../dialects/contract.ts";
import type { CreateAllResult, DropAllResult } from "../commands/create-all.ts";
import {
  METADATA,
  type Declarations,
  type MetaDataOptions,
  type MetaDataValue,
} from "../schema/metadata.ts";

export * from "../schema/index.ts";

/** Tables, classes and enums under one naming convention; the whole of it can be created and dropped. */
export interface DeclaredMetaData extends MetaDataValue {
  /**
   * Creates what is absent in the database (SQLAlchemy's `create_all`): schemas, enums, tables with their
   * indexes. What exists stays as it is.
   *
   * @param target a URL, or an open connection (then its transaction is the caller's)
   */
  createAll(target: string | Connection): Promise<CreateAllResult>;
  /** Drops the tables and enums that are declared here and exist; nothing else. */
  dropAll(target: string | Connection): Promise<DropAllResult>;
}

/**
 * Declares a metadata, as SQLAlchemy's `MetaData` is.
 *
 * @param options the naming convention for what has no name
 * @param declarations tables, `Model` classes and enums: a list, an object or `import * as models`;
 * without it the options hold for what else the models export, and `metadata()` says that there is nothing
 * @example
 * export const db = metadata({ naming: { ix: "ix_%(table_name)s_%(column_0_N_name)s" } }, { users, posts });
 * await db.createAll("sqlite:./app.db");
 */
export function metadata(
  options: MetaDataOptions = {},
  declarations: Declarations = [],
): DeclaredMetaData {
  const declared: MetaDataValue = { [METADATA]: { options, values: Object.values(declarations) } };
  return {
    ...declared,
    createAll: async (target) =>
      (await import("../commands/create-all.ts")).createAll(declared, target),
    dropAll: async (target) =>
      (await import("../commands/create-all.ts")).dropAll(declared, target),
  };
}
