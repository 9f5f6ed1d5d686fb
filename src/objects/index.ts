/**
 * The open kinds: objects beside tables, one folder each, named here alone. May import `schema`,
 * `operations`, `errors` and the contract of `dialects`; SQL stands only in the folders of the kinds.
 * Never opens a connection.
 */
import type { ObjectCompiler, ObjectContext, ObjectKind } from "./contract.ts";
import { enumKind } from "./enum/index.ts";
import type { Dialect, PlanContext, Statement } from "../dialects/contract.ts";
import type { ObjectOperation, ObjectOperationMap } from "../operations/operation.ts";

export type { ObjectCompiler, ObjectContext, ObjectKind } from "./contract.ts";

/** Which kind an operation belongs to; a new kind's operations are lines here. */
const KINDS: { readonly [K in keyof ObjectOperationMap]: ObjectKind<K> } = {
  createEnum: enumKind,
  dropEnum: enumKind,
  alterEnum: enumKind,
};

/** For {@link PlanContext.compileObject}. */
export function objectCompiler(dialect: Dialect): PlanContext["compileObject"] {
  return (operation, state) => compileObject(dialect, operation, state);
}

/** SQL of an operation of an open kind. */
export async function compileObject(
  dialect: Dialect,
  operation: ObjectOperation,
  state: PlanContext,
): Promise<readonly Statement[]> {
  return compileBy(operation, { dialect, state });
}

function compileBy<K extends keyof ObjectOperationMap>(
  operation: ObjectOperationMap[K] & { readonly kind: K },
  context: ObjectContext,
): Promise<readonly Statement[]> | readonly Statement[] {
  const kind: ObjectKind<K> = KINDS[operation.kind];
  const compiler: ObjectCompiler<K> | undefined = kind.compile[context.dialect.name];
  return compiler === undefined ? [] : compiler[operation.kind](operation, context);
}
