import type { Canonical } from "../dialects/contract.ts";
import type { Operation, OperationKind } from "../operations/operation.ts";
import { isObjectChange } from "../operations/order-objects.ts";
import { objectKey, objectName } from "../schema/objects/declare.ts";
import type { DefaultPrivileges, OpenKind, OpenObject } from "../schema/objects/types.ts";
import type { Column } from "../schema/types.ts";
import { deepEqual, omit } from "../util/equal.ts";

/** What neither makes anything that has privileges, nor has it made anew. */
const MAKING_NOTHING: ReadonlySet<OperationKind> = new Set<OperationKind>([
  ...(["renameTable", "renameColumn", "renameConstraint", "renameIndex"] as const),
  ...(["addConstraint", "dropConstraint", "createIndex", "dropIndex"] as const),
  ...(["setTableComment", "setTableOptions", "execute", "bulkInsert", "invoke"] as const),
  ...(["createEnum", "dropEnum", "renameEnumValue"] as const),
]);

/** Of these no grants tell; what an extension makes is its own. */
const WITHOUT_GRANTS: ReadonlySet<OpenKind> = new Set<OpenKind>([
  ...(["grants", "defaultPrivileges", "schemaComment", "extension", "statistics"] as const),
  ...(["policy", "trigger", "rule", "eventTrigger", "cast", "operator", "collation"] as const),
  ...(["textSearchDictionary", "textSearchConfiguration", "publication"] as const),
]);

/** Grants do not tell of types and large objects: those get what the default privileges give them. */
const UNTOLD: ReadonlySet<string> = new Set(["types", "large objects"]);

/** A column whose numbers come from a sequence of its own. */
function hasSequence(column: Column | undefined): boolean {
  return column === undefined || column.identity !== undefined;
}

function mayMake(operation: Operation): boolean {
  if (MAKING_NOTHING.has(operation.kind)) return false;
  if (operation.kind === "addColumn") return hasSequence(operation.column);
  if (operation.kind === "dropColumn") return hasSequence(operation.dropped);
  if (operation.kind === "alterColumn") {
    const { from, to } = operation;
    const besideOthers = (column: Column): object =>
      omit(column, "nullable", "default", "comment", "options");
    return !deepEqual(besideOthers(from), besideOthers(to));
  }
  if (!isObjectChange(operation)) return true;
  const kind =
    operation.kind === "dropObject"
      ? operation.type
      : operation.kind === "createObject"
        ? operation.object.kind
        : operation.to.kind;
  return !WITHOUT_GRANTS.has(kind);
}

/** In force for what the revision makes, and against what the models say of its grants. */
function isInForce(object: OpenObject): object is DefaultPrivileges {
  return (
    object.kind === "defaultPrivileges" && object.role === undefined && !UNTOLD.has(object.name)
  );
}

/**
 * Default privileges give way to a revision that makes something, there or on its way back, and come again behind it:
 * what is made has the grants that the models say, and no more. Where grants take no part they stay, and give what
 * they give.
 */
export function suspendDefaultPrivileges(
  operations: readonly Operation[],
  { database, models, isCompared = () => true }: Canonical,
): readonly Operation[] {
  const inForce = database.objects.filter((object) => object.kind !== "enum").filter(isInForce);
  if (inForce.length === 0 || !isCompared("grants") || !operations.some(mayMake)) return operations;
  const wanted = new Map(
    models.objects
      .filter((object) => object.kind === "defaultPrivileges")
      .map((object) => [objectKey(object.kind, object), object]),
  );
  const others = operations.filter(
    (operation) => operation.kind !== "alterObject" || !isInForce(operation.from),
  );
  const apart = inForce.flatMap((dropped): readonly Operation[] => {
    const object = wanted.get(objectKey(dropped.kind, dropped));
    if (object === undefined) return [];
    return [
      { kind: "dropObject", type: dropped.kind, object: objectName(dropped), dropped },
      { kind: "createObject", object },
    ];
  });
  return [...others, ...apart];
}
