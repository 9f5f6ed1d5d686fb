/** What is handed on to other servers, as plain data. */
import type { ObjectName } from "./types.ts";
import type { Expression } from "../expression.ts";
import type { TableName } from "../types.ts";

/** A table of a publication, where more is said of it than its name in the default schema. */
export interface PublishedTable extends TableName {
  /** PostgreSQL 15: these columns alone. */
  readonly columns?: readonly string[];
  /** PostgreSQL 15: the rows alone for which this is true. */
  readonly where?: Expression;
}

/** A kind of change that is published. */
export type PublishedAction = "insert" | "update" | "delete" | "truncate";

/** Which changes of which tables subscribers get (PostgreSQL). It stands in no schema. */
export interface Publication extends ObjectName {
  readonly kind: "publication";
  /** All tables that there are and will be; then none is named. */
  readonly allTables?: boolean;
  /** A text is the name of a table in the default schema. Tables that inherit are named, too; partitions go with their table. */
  readonly tables?: readonly (string | PublishedTable)[];
  /** PostgreSQL 15: all tables, there and to come, of these schemas, which have to be there; the default one is said by its name. */
  readonly schemas?: readonly string[];
  /** Absent: all four. */
  readonly publish?: readonly PublishedAction[];
  /** PostgreSQL 13: changes of partitions are published as those of the partitioned table. */
  readonly viaPartitionRoot?: boolean;
  /** PostgreSQL 18: generated columns that are stored are published where a table lists no columns. */
  readonly generatedColumns?: "stored";
  readonly comment?: string;
}
