import type {
  Connection,
  Dialect,
  PlanContext,
  ReflectFilter,
  Statement,
} from "../dialects/contract.ts";
import type { ObjectOperationMap } from "../operations/operation.ts";
import type { ObjectName, OpenObject } from "../schema/objects/types.ts";
import type { DialectName, MetaData, SkippedObject } from "../schema/types.ts";

/** What the compilation of an operation may ask: the database it is for, and its state. */
export interface ObjectContext {
  readonly dialect: Dialect;
  readonly state: PlanContext;
}

type Statements = Promise<readonly Statement[]> | readonly Statement[];

/** SQL of the operations of one kind, on one database. */
export type ObjectCompiler<K extends keyof ObjectOperationMap> = {
  readonly [O in K]: (operation: ObjectOperationMap[O], context: ObjectContext) => Statements;
};

/**
 * A kind with operations of its own (the enum). Where it has no entry for a database, the object lives
 * inside the columns and its operations change nothing.
 */
export interface OwnKind<K extends keyof ObjectOperationMap> {
  readonly kind: "enum";
  readonly compile: Partial<Record<Dialect["name"], ObjectCompiler<K>>>;
}

/** Objects that were read, and what of the kind cannot be said as one, with the reason. */
export interface ReflectedObjects<O extends OpenObject> {
  readonly objects: readonly O[];
  readonly skipped: readonly SkippedObject[];
}

/** The objects of one kind on both sides. */
export interface ObjectSides<O extends OpenObject> {
  readonly database: readonly O[];
  readonly models: readonly O[];
}

/** Canonical, so that two are the same exactly when the database holds them the same. */
export interface CanonicalObjects<O extends OpenObject> extends ObjectSides<O> {
  /** What could not be decided, with the reason; such objects are on neither side. */
  readonly skipped: readonly SkippedObject[];
}

/** What canonicalization may ask. The connection is in no transaction; nothing may stay changed. */
export interface CanonicalContext {
  readonly connection: Connection;
  readonly dialect: Dialect;
  /** Tables, enums and objects of all kinds as reflected. */
  readonly database: MetaData;
  /** The models: tables and enums canonical, objects as declared. */
  readonly models: MetaData;
}

/**
 * How one database does one kind. Where a change of the schema commits by itself (MySQL, MariaDB) each
 * statement must be one that can be given a second time: `CREATE OR REPLACE`, `DROP … IF EXISTS`.
 */
export interface ObjectDialect<O extends OpenObject> {
  /** The words ({@link SkippedObject}'s `kind`) under which the dialect itself tells such objects. */
  readonly skippedAs: readonly string[];
  /** Set-based: a constant number of queries. Objects of extensions are never told. */
  reflect(connection: Connection, filter: ReflectFilter): Promise<ReflectedObjects<O>>;
  /**
   * Brings both sides to one spelling; what is the same text needs no question. Where text does not
   * decide, asks the database without changing it.
   */
  canonicalize(sides: ObjectSides<O>, context: CanonicalContext): Promise<CanonicalObjects<O>>;
  create(object: O, context: ObjectContext): Statements;
  /** `dropped`: what is known of it. */
  drop(object: ObjectName, context: ObjectContext, dropped?: O): Statements;
  /** In place where the database can; else away and made again, with all that hangs on it. */
  alter(change: { readonly from: O; readonly to: O }, context: ObjectContext): Statements;
}

/** A kind of object beside tables: one folder, with a file for each database that has it. */
export interface ObjectKind<O extends OpenObject> {
  readonly kind: O["kind"];
  readonly is: (object: OpenObject) => object is O;
  readonly dialects: Partial<Record<Dialect["name"], ObjectDialect<O>>>;
  /** Databases that share a dialect with one that has the kind, and have it not: MySQL beside MariaDB. */
  readonly lacking?: readonly DialectName[];
}
