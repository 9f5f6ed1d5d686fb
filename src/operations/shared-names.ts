import type { Operation, OperationKind } from "./operation.ts";
import { nameOnly, tableKey } from "../schema/collect.ts";
import type { TableName } from "../schema/types.ts";

/** The relations that an operation makes or drops. */
function relationOf(operation: Operation): TableName | undefined {
  switch (operation.kind) {
    case "createTable":
    case "dropTable":
      return operation.table;
    case "createObject":
      return isRelation(operation.object.kind) ? operation.object : undefined;
    case "dropObject":
      return isRelation(operation.type) ? operation.object : undefined;
    default:
      return undefined;
  }
}

function isRelation(kind: string): boolean {
  return kind === "view" || kind === "materializedView";
}

/**
 * Where a type or a sequence changes hands with a table or view of its name: on PostgreSQL every relation has
 * a type of its own name, and a sequence is one.
 */
export function sharedNames(
  operations: readonly Operation[],
): (operation: Operation) => "takeNames" | "leaveNames" | undefined {
  const keys = (kinds: readonly OperationKind[]): ReadonlySet<string> =>
    new Set(
      operations.flatMap((operation) => {
        const relation = kinds.includes(operation.kind) ? relationOf(operation) : undefined;
        return relation === undefined ? [] : [tableKey(nameOnly(relation))];
      }),
    );
  const [gone, made] = [keys(["dropTable"]), keys(["createTable", "createObject"])];
  return (operation) => {
    const taken = typeOf(operation, "createEnum", "createObject");
    if (taken !== undefined && gone.has(tableKey(taken))) return "takeNames";
    const left = typeOf(operation, "dropEnum", "dropObject");
    return left !== undefined && made.has(tableKey(left)) ? "leaveNames" : undefined;
  };
}

const NAMED_ALIKE: ReadonlySet<string> = new Set([
  "domain",
  "compositeType",
  "rangeType",
  "sequence",
]);

/** The type or sequence that an operation of one of the two kinds makes or drops. */
function typeOf(
  operation: Operation,
  ofEnum: "createEnum" | "dropEnum",
  ofObject: "createObject" | "dropObject",
): TableName | undefined {
  if (operation.kind === ofEnum) return nameOnly(operation.enum);
  if (operation.kind !== ofObject) return undefined;
  const kind = operation.kind === "createObject" ? operation.object.kind : operation.type;
  return NAMED_ALIKE.has(kind) ? nameOnly(operation.object) : undefined;
}
