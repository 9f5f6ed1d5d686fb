/** Objects that belong to one table or view, as plain data. */
import type { ObjectName } from "./types.ts";
import type { Expression } from "../expression.ts";
import type { DialectName, Options, TableName } from "../types.ts";

/** What runs when rows of a table (or view) change. */
export interface Trigger extends ObjectName {
  readonly kind: "trigger";
  readonly table: string;
  readonly timing: "before" | "after" | "insteadOf";
  /** More than one: PostgreSQL. */
  readonly events: readonly ("insert" | "update" | "delete" | "truncate")[];
  /** PostgreSQL, SQLite: `UPDATE OF` these columns. */
  readonly columns?: readonly string[];
  /** Absent: `row`. PostgreSQL has `statement` too. */
  readonly forEach?: "statement";
  /** PostgreSQL, SQLite: only where this is true. */
  readonly when?: Expression;
  /** SQLite: the statements between `BEGIN` and `END`. MySQL: the statement. */
  readonly body?: Expression;
  /** PostgreSQL: the function and its arguments: `` sql`audit_change('users')` ``. */
  readonly execute?: Expression;
  /** PostgreSQL: names for all rows as they were and as they are, `REFERENCING … TABLE AS`. */
  readonly oldTable?: string;
  readonly newTable?: string;
  /** PostgreSQL: `CREATE CONSTRAINT TRIGGER`. */
  readonly constraint?: boolean;
  readonly deferrable?: boolean;
  readonly initiallyDeferred?: boolean;
  /** PostgreSQL: the other table of a constraint trigger. */
  readonly from?: TableName;
  /** PostgreSQL: when it fires; absent: in sessions that are no replica. */
  readonly enabled?: "disabled" | "replica" | "always";
  /** MySQL: the trigger of the same event that it comes right behind. */
  readonly follows?: string;
  /** MySQL: `user@host`; absent: who creates it. */
  readonly definer?: string;
  readonly comment?: string;
  /** What else one database knows. MySQL: `sqlMode`. */
  readonly options?: Partial<Record<DialectName, Options>>;
}

/** Which rows of a table a role may see or change (PostgreSQL). */
export interface Policy extends ObjectName {
  readonly kind: "policy";
  readonly table: string;
  /** True: it has to hold beside the others; else one of the permissive ones is enough. */
  readonly restrictive?: boolean;
  /** Absent: all commands. */
  readonly command?: "select" | "insert" | "update" | "delete";
  /** Absent: everybody (`public`). */
  readonly roles?: readonly string[];
  /** Rows that are seen. */
  readonly using?: Expression;
  /** Rows that may be written; absent: those that are seen. */
  readonly withCheck?: Expression;
  readonly comment?: string;
}

/** What is done beside, or instead of, a statement on a table or view (PostgreSQL). */
export interface Rule extends ObjectName {
  readonly kind: "rule";
  readonly table: string;
  readonly event: "select" | "insert" | "update" | "delete";
  /** What stands behind the table's name: `` sql`WHERE old.locked DO INSTEAD NOTHING` ``. */
  readonly definition: Expression;
  /** When it applies; absent: in sessions that are no replica. */
  readonly enabled?: "disabled" | "replica" | "always";
  readonly comment?: string;
}

/** A kind of extended statistics. */
export type StatisticsKind = "ndistinct" | "dependencies" | "mcv";

/** What the planner shall know of columns together, or of expressions (PostgreSQL). */
export interface Statistics extends ObjectName {
  readonly kind: "statistics";
  /** The table or materialised view. */
  readonly table: string;
  /** Absent: all that the server knows. */
  readonly kinds?: readonly StatisticsKind[];
  /** Columns by their names, and expressions; one expression alone has no kinds. */
  readonly elements: readonly (string | Expression)[];
  /** How exact they are, as `ALTER STATISTICS … SET STATISTICS` takes it; absent: as the columns are. */
  readonly target?: number;
  readonly comment?: string;
}
