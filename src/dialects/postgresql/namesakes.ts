import { replaceType } from "./replace-type.ts";
import type { PlanContext, Statement } from "../contract.ts";
import type {
  CreateEnum,
  CreateObject,
  DropEnum,
  DropObject,
  Operation,
} from "../../operations/operation.ts";
import { nameOnly, sameTable } from "../../schema/collect.ts";
import type { SchemaObject, TableName } from "../../schema/types.ts";

/** The kinds of types that a user makes: they share one space of names. */
const TYPES: ReadonlySet<SchemaObject["kind"]> = new Set<SchemaObject["kind"]>([
  "enum",
  "domain",
  "compositeType",
  "rangeType",
]);

interface NamedType {
  readonly kind: SchemaObject["kind"];
  readonly name: TableName;
}

function madeType(operation: Operation): NamedType | undefined {
  if (operation.kind === "createEnum") return { kind: "enum", name: nameOnly(operation.enum) };
  return operation.kind === "createObject" && TYPES.has(operation.object.kind)
    ? { kind: operation.object.kind, name: nameOnly(operation.object) }
    : undefined;
}

function droppedType(operation: Operation): NamedType | undefined {
  if (operation.kind === "dropEnum") return { kind: "enum", name: nameOnly(operation.enum) };
  return operation.kind === "dropObject" && TYPES.has(operation.type)
    ? { kind: operation.type, name: nameOnly(operation.object) }
    : undefined;
}

function isNamesake(a: NamedType | undefined, b: NamedType | undefined): boolean {
  return a !== undefined && b !== undefined && a.kind !== b.kind && sameTable(a.name, b.name);
}

/**
 * Makes or drops an object. A type that takes the name of one of another kind, which goes later in the plan,
 * takes its place: columns and all else come over at once, and the later drop has nothing left to do.
 */
export async function compileAmongNamesakes(
  operation: CreateObject | CreateEnum | DropObject | DropEnum,
  context: PlanContext,
): Promise<readonly Statement[]> {
  const { operations = [] } = context;
  const place = operations.indexOf(operation);
  const [made, dropped] = [madeType(operation), droppedType(operation)];
  if (operations.slice(0, place).some((other) => isNamesake(dropped, madeType(other)))) return [];
  const compiled = await context.compileObject(operation, context);
  return made !== undefined &&
    operations.slice(place + 1).some((other) => isNamesake(made, droppedType(other)))
    ? replaceType({ type: made.name, create: compiled.map(({ sql }) => sql) }, context)
    : compiled;
}
