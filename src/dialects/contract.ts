import type {
  Column,
  Constraint,
  DialectName,
  Index,
  MetaData,
  SkippedObject,
  Table,
  TableName,
} from "../schema/types.ts";
import type { Expression, SqlValue } from "../schema/expression.ts";
import type { ObjectOperation, Operation } from "../operations/operation.ts";
import type { OpenKind } from "../schema/objects/types.ts";

export type Row = Readonly<Record<string, unknown>>;

/** One statement for a driver, or for stdout. */
export interface Statement {
  readonly sql: string;
  readonly params?: readonly SqlValue[];
  /** The operation it comes from: its place in the list given to {@link Dialect.plan}. */
  readonly operation?: number;
  /** It cannot run, or is not to run, inside a transaction. */
  readonly autocommit?: true;
  /** Settings of the session that are for this statement alone: given before it, and taken back behind it. */
  readonly settings?: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** In a transaction, what came before is committed first: the server has no room for the locks of all of it. */
  readonly commitsBefore?: true;
}

/** Who is at the other end. */
export interface ServerInfo {
  /** `mariadb` where the server of a `mysql://` URL is one. */
  readonly dialect: DialectName;
  /** As the server says it. */
  readonly version: string;
  /** Comparable: major * 10000 + minor * 100 + patch. */
  readonly versionNumber: number;
  /** The database (file) the connection is in. */
  readonly database: string;
  /** The schema that unqualified names mean; absent where there is only one. */
  readonly defaultSchema?: string;
  /** PostgreSQL: how many locks there is room for, for all sessions together. */
  readonly lockSlots?: number;
  /** MySQL, MariaDB: the collation that the database's tables have when nobody says otherwise. */
  readonly defaultCollation?: string;
}

/**
 * One session of one database. Transactions are the caller's: `begin` … `commit` or `rollback`.
 * SQLite's `begin` takes the write lock at once (BEGIN IMMEDIATE) with foreign key enforcement off, and
 * `commit` refuses (code `foreign-key-violation`) when `PRAGMA foreign_key_check` finds more than before.
 * Errors of the driver come as {@link RevlineError} with a code of the "database" group, the
 * server's own message and code, and never a password.
 */
export interface Connection {
  readonly server: ServerInfo;
  /** The driver's own: a `Client` of pg, a `Connection` of mysql2/promise, a `Database` of better-sqlite3. */
  readonly client: unknown;
  /** Every statement that this connection ran, in order of time; for `-v` and for tests that count. */
  onStatement?: (
    sql: string,
    params: readonly SqlValue[] | undefined,
    milliseconds: number,
  ) => void;
  query(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Runs one statement; resolves to the number of rows it touched. */
  execute(sql: string, params?: readonly SqlValue[]): Promise<number>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  readonly inTransaction: boolean;
  /** The number of the server's process, as it was told when the session was opened; a proxy tells another one. */
  readonly process?: number;
  /** Stops the statement that runs now, where the database can (Ctrl-C). */
  cancel?(): Promise<void>;
  close(): Promise<void>;
}

/** Which schemas and tables to reflect; absent: all tables of the default schema. */
export interface ReflectFilter {
  /** Schemas to read; the default one is `undefined`. */
  readonly schemas?: readonly (string | undefined)[];
  /** Every schema that is not the server's own, instead of `schemas`. */
  readonly allSchemas?: boolean;
  /** Only these tables. */
  readonly tables?: readonly TableName[];
  /** Tables that are never ours: the version table. */
  readonly exclude?: readonly TableName[];
}

export interface Capabilities {
  /** DDL is part of a transaction (PostgreSQL, SQLite). */
  readonly transactionalDdl: boolean;
  /** Schemas beside the default one can hold tables. */
  readonly schemas: boolean;
  /** A column can be placed by `AFTER`, and its place counts in the comparison. */
  readonly columnOrder: boolean;
  /** A foreign key may point to a table or column that is not there yet (SQLite). */
  readonly forwardReferences: boolean;
  /** A text that is longer than its column is refused (SQLite takes any). */
  readonly enforcesLength: boolean;
  /** Where the name of an index (also one behind a constraint) must be alone: in its schema, or in its table (MySQL). */
  readonly indexNamespace: "schema" | "table";
  /** Names that are one and the same when they differ by case alone. */
  readonly caseInsensitive: { readonly tables: boolean; readonly columns: boolean };
  /** The longest identifier, in the given unit; absent: no limit. */
  readonly maxIdentifier?: { readonly length: number; readonly unit: "bytes" | "characters" };
}

/** What a plan may ask: the state of tables right before its first operation. */
export interface PlanContext {
  readonly server: ServerInfo;
  /** The tables with all that hangs on them (views, triggers in `skipped`), as {@link Dialect.reflect} gives them. */
  reflect(filter: ReflectFilter): Promise<MetaData>;
  /** SQL of an operation of an open kind (`objects/`). */
  compileObject(operation: ObjectOperation, state: PlanContext): Promise<readonly Statement[]>;
  /** All operations of the plan, where one of an open kind has to know what else happens in the transaction. */
  readonly operations?: readonly Operation[];
  /** Those of them that come after the one that is planned. */
  readonly ahead?: readonly Operation[];
}

/** Both sides in the database's own canonical form, ready to be compared structurally. */
export interface Canonical {
  readonly database: MetaData;
  readonly models: MetaData;
  /** What could not be decided, with the reason. */
  readonly skipped: readonly SkippedObject[];
  /** Which kinds of objects beside tables take part; absent: all. */
  readonly isCompared?: (kind: OpenKind) => boolean;
}

export interface LockOptions {
  /** How long to wait, in milliseconds; 0: not at all. */
  readonly timeout: number;
  /** What the lock is about: the version table's qualified name. */
  readonly key: string;
  /** Called once when it has to wait, with who holds the lock where the server tells. */
  readonly onWait?: (holder: string | undefined) => void;
  /** Opens a second session, to find out whether a proxy gives sessions away; absent: that is not tried. */
  readonly connect?: () => Promise<Connection>;
  /** The user says that all deployers use one and the same server of a cluster. */
  readonly oneServer?: boolean;
}

/** Who holds the deployers' lock. */
export interface LockHolder {
  /** For people. */
  readonly about: string;
  /** Ends the session that holds it. @throws RevlineError permission-denied */
  end(): Promise<void>;
}

export interface Lock {
  release(): Promise<void>;
}

/** A type of the database's own that another one of the same name takes the place of. */
export interface TypeReplacement {
  readonly type: TableName;
  /** Statements that create the new type; the old one has stepped aside. */
  readonly create: readonly string[];
  /** How a value of a column (its quoted name) becomes one of the new type; absent: by its text. */
  readonly using?: (column: string) => string;
}

/** Connections that a program has opened with the database's own driver. */
export interface Adoption {
  /** True for an open connection of this database's driver. */
  recognizes(connection: unknown): boolean;
  /** The URL of what the connection is connected to, without a password. */
  urlOf(connection: unknown): string;
  /**
   * The connection as a session of ours, in a transaction where it is in one. `close` leaves it open, with the
   * settings it had.
   *
   * @throws RevlineError driver-missing (a driver that is too old)
   */
  adopt(connection: unknown): Promise<Connection>;
  /** Why a schema cannot be changed inside the transaction that is open; undefined: it can. */
  refusal(
    session: Connection,
  ): Promise<{ readonly why: string; readonly hint: string } | undefined>;
}

/** TypeScript's type of the values of a type that has no builder. */
export type RawValue = "string" | "number";

/** How one database does it: a value, one folder in `dialects/`, the same file names in each. */
export interface Dialect {
  readonly name: "sqlite" | "postgresql" | "mysql";
  /** URL schemes without `:`; `dialect+driver` spellings are cut before. */
  readonly schemes: readonly string[];
  readonly capabilities: Capabilities;
  /**
   * Opens one session. The driver is imported here and nowhere else.
   * @throws RevlineError driver-missing, connection-failed, authentication-failed, database-not-found
   */
  connect(url: string): Promise<Connection>;
  readonly adoption: Adoption;
  /** Databases of one's own for a while, on the server of a connection; absent where a database is a file. */
  readonly scratch?: {
    create(name: string, server: ServerInfo): string;
    drop(name: string): string;
    /** The URL of another database on the same server. */
    urlOf(url: string, name: string): string;
  };
  /** The URL for people: no password. */
  redactUrl(url: string): string;
  /** Set-based: a constant number of queries, whatever the number of tables. */
  reflect(connection: Connection, filter: ReflectFilter): Promise<MetaData>;
  /**
   * Brings the reflected database and the models to canonical form: generic types become the
   * database's own, defaults and expressions are spelled as the catalog spells them, implied things
   * (implicit indexes, default actions) are left out on both sides. Where text does not decide
   * whether two expressions are the same, asks the database without changing it.
   *
   * @param isWhole the models say all that there is: what they do not speak of at all (partitions,
   * inheritance) is a difference too
   */
  canonicalize(
    connection: Connection,
    database: MetaData,
    models: MetaData,
    isWhole?: boolean,
  ): Promise<Canonical>;
  /** The name the database itself gives to a constraint or index that has none; undefined: it stays without. */
  defaultName(
    table: Table,
    item: Constraint | Index,
    taken: ReadonlySet<string>,
  ): string | undefined;
  /** The default of a serial column, as SQL: it is handed down to tables that inherit. */
  nextValue?(table: TableName, column: Column): string;
  /** What the driver gives for a type that has no builder, as TypeScript has it; undefined: not known. */
  rawValue(spelling: string): RawValue | undefined;
  /** Operations to SQL, in order. Neighbouring operations on one table may become one statement or one rebuild. */
  plan(operations: readonly Operation[], context: PlanContext): Promise<readonly Statement[]>;
  /** Puts a new type in the place of an old one: columns, defaults, checks, indexes and views follow. For open kinds. */
  replaceType?(replacement: TypeReplacement, context: PlanContext): Promise<readonly Statement[]>;
  /** The path of a type of the user's own, quoted so that no type of the server's own is taken for it. For open kinds. */
  typePath?(type: TableName, server: ServerInfo): string;
  /** Quotes a name, or a dotted path of names. @throws RevlineError name-invalid (NUL), name-too-long */
  quote(...names: readonly string[]): string;
  /** A literal for SQL text. */
  literal(value: SqlValue, server?: ServerInfo): string;
  /** A user's expression as a statement: values become parameters, names are quoted. */
  statement(expression: Expression, server: ServerInfo): Statement;
  /** A statement as text, its parameters as literals; for people and files. Without a semicolon. */
  text(statement: Statement, server?: ServerInfo): string;
  /** Takes the deployers' lock on this session. @throws RevlineError lock-timeout, with the holder's name */
  lock(connection: Connection, options: LockOptions): Promise<Lock>;
  /** What is done without a connection. */
  readonly offline: Offline;
  /** Statements as a script for the database's own command-line client. */
  readonly script: ScriptSql;
  /** Who holds the lock of {@link LockOptions.key}; absent where the database cannot tell (SQLite). */
  lockHolder?(connection: Connection, key: string): Promise<LockHolder | undefined>;
  /** A lock in a table, for where sessions hold none; absent where there is one writer anyway (SQLite). */
  readonly lockTable?: LockTableSql;
  /** Timeouts of a session; absent where there are none (SQLite has one writer and no interruption). */
  readonly timeouts?: TimeoutSql;
  /** The statements of the version table. */
  readonly versionTable: VersionTableSql;
  /** The statements of the table of what was applied. */
  readonly history: HistorySql;
  /** The statements of the journal of a running revision. */
  readonly journal: JournalSql;
  readonly rowCounts: RowCountSql;
}

/** What a dialect does where there is no connection: a history is replayed to know the tables. */
export interface Offline {
  /**
   * The server that a URL is taken to lead to.
   *
   * @param version as the server would say it, for instance `10.11.6-MariaDB`; absent: a recent one
   * @throws RevlineError url-invalid, config-invalid (a version that is none)
   */
  server(url: string, version?: string): ServerInfo;
  /**
   * The tables after an operation, with what the database does by itself (names, indexes behind keys).
   * Absent: `applyOperations` says it all.
   */
  follow?(metadata: MetaData, operation: Operation, server: ServerInfo): MetaData;
  /** Instead of `follow`, where the database itself is at hand (SQLite): an empty one. */
  readonly scratch?: {
    connect(): Promise<Connection>;
    /** Of the user's own statements only these are run there. */
    changesSchema(sql: string): boolean;
  };
}

/** What stands around statements in a script. */
export interface ScriptSql {
  /** How a person runs it, for the script's first line. */
  readonly usage: string;
  /** Settings of the session, as our own connections have them. */
  open(server: ServerInfo): readonly string[];
  /** Absent where every change of the schema commits by itself. */
  readonly transaction?: { readonly begin: string; readonly commit: string };
  readonly close: readonly string[];
  /** A statement with what ends it. */
  ended(sql: string): string;
}

/** The version table's SQL: Alembic's form, `version_num VARCHAR(32) NOT NULL PRIMARY KEY`. */
export interface VersionTableSql {
  exists(table: TableName, server: ServerInfo): Statement;
  create(table: TableName): Statement;
  select(table: TableName): Statement;
  insert(table: TableName, version: string): Statement;
  update(table: TableName, from: string, to: string): Statement;
  delete(table: TableName, version: string): Statement;
}

/** Counts rows for a person; column `found`, no further than to `most`. */
export interface RowCountSql {
  rows(table: TableName, most: number): Statement;
  nulls(table: TableName, column: string, most: number): Statement;
}

/** The journal's SQL: what a revision is about to do and how far it has come, so that a killed one can be finished. */
export interface JournalSql {
  create(table: TableName): Statement;
  drop(table: TableName): Statement;
  /** Columns `step` (0: the revision, then what it does, in order), `content`, `done` and `seen`; by step. */
  select(table: TableName): Statement;
  insert(table: TableName, step: number, content: string, done: number): Statement;
  rewrite(table: TableName, step: number, content: string): Statement;
  /** How many statements were applied, and what was seen of the database before the next. */
  advance(table: TableName, done: number, seen?: string): Statement;
  clear(table: TableName): Statement;
  /** True for a statement that is part of a transaction, so that it and its line are written together or not at all. */
  isTransactional(statement: Statement): boolean;
  /** True for a statement that may be given a second time. */
  isRepeatable(sql: string): boolean;
  /** True for a statement of the user's own whose effect {@link Dialect.reflect} shows. */
  isVisible(sql: string): boolean;
  /** For a statement that leaves half an object when it is ended: asks for its column `state` (`whole`, `half`; no row: nothing), and takes it away. */
  remains?(sql: string): { readonly find: Statement; readonly remove: Statement } | undefined;
}

/** One line of the history: what was done, by whom. */
export interface HistoryRecord {
  readonly revision: string;
  readonly direction: "upgrade" | "downgrade" | "stamp";
  /** Of the normalised file; absent where there was none. */
  readonly checksum?: string;
  readonly toolVersion: string;
  /** `user@host`. */
  readonly appliedBy: string;
  readonly milliseconds: number;
}

/** The history's SQL. The moment is the database's own. */
export interface HistorySql {
  create(table: TableName): Statement;
  insert(table: TableName, record: HistoryRecord): Statement;
  /** Columns as those of {@link create}, the moment as `applied_at_text`, in ISO 8601 and UTC; the oldest first. */
  select(table: TableName): Statement;
}

/** The SQL of a lock in a table: one row with an owner, and when it expires by the database's clock. */
export interface LockTableSql {
  create(table: TableName): Statement;
  /** Puts the row in if it is not there. */
  seed(table: TableName): Statement;
  /** Touches one row when the lock was free or had expired. */
  take(table: TableName, owner: string, holder: string, seconds: number): Statement;
  /** Touches one row as long as the owner holds the lock. */
  beat(table: TableName, owner: string, seconds: number): Statement;
  /** @param owner absent: whoever it is */
  release(table: TableName, owner?: string): Statement;
  /** Columns `holder`, `since` and `expires` (UTC); no row: nobody holds it. */
  holder(table: TableName): Statement;
}

/** How long a statement may take, in milliseconds; 0: as long as it takes. */
export interface Timeouts {
  /** To wait for another session's lock on a table or a row. */
  readonly lock?: number;
  /** Altogether. */
  readonly statement?: number;
}

/** The timeouts of a session. */
export interface TimeoutSql {
  set(timeouts: Timeouts, server: ServerInfo): readonly Statement[];
  /** Back to what the session had in the beginning. */
  reset(timeouts: Timeouts, server: ServerInfo): readonly Statement[];
  /** False: the server does not end statements that take too long; they are to be cancelled. */
  endsStatements(server: ServerInfo): boolean;
}
