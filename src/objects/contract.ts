import type { Dialect, PlanContext, Statement } from "../dialects/contract.ts";
import type { ObjectOperationMap } from "../operations/operation.ts";
import type { SchemaObjectMap } from "../schema/types.ts";

/** What the compilation of an operation may ask: the database it is for, and its state. */
export interface ObjectContext {
  readonly dialect: Dialect;
  readonly state: PlanContext;
}

/** SQL of the operations of one kind, on one database. */
export type ObjectCompiler<K extends keyof ObjectOperationMap> = {
  readonly [O in K]: (
    operation: ObjectOperationMap[O],
    context: ObjectContext,
  ) => Promise<readonly Statement[]> | readonly Statement[];
};

/**
 * A kind of object beside tables: one folder. What its operations are, how they are undone and said
 * stands with the other operations; a database reflects it in `Dialect.reflect`.
 */
export interface ObjectKind<K extends keyof ObjectOperationMap> {
  readonly kind: keyof SchemaObjectMap;
  /** By database; where a kind has no entry, the object lives inside the columns and its operations change nothing. */
  readonly compile: Partial<Record<Dialect["name"], ObjectCompiler<K>>>;
}
