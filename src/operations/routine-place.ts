import { namesIn, namesMentioned } from "./mentions.ts";
import type { Operation } from "./operation.ts";
import { usersTypes } from "./signature-types.ts";
import { objectKey, objectName } from "../schema/objects/declare.ts";
import type { OpenKind, OpenObject, SqlFunction, SqlProcedure } from "../schema/objects/types.ts";

/** Kinds on which, as on tables, a routine's signature may stand. */
export const CARRIERS: ReadonlySet<OpenKind> = new Set<OpenKind>(["view", "materializedView"]);

export const ROUTINES: ReadonlySet<OpenKind> = new Set<OpenKind>([
  "function",
  "procedure",
  "aggregate",
]);

/** Kinds that are made with the routines of which they speak. */
const STANDING_ON_ROUTINES: ReadonlySet<OpenKind> = new Set<OpenKind>([
  "aggregate",
  "cast",
  "operator",
]);

export function isRoutine(object: OpenObject): object is SqlFunction | SqlProcedure {
  return object.kind === "function" || object.kind === "procedure";
}

/** True for a body that the server reads when the routine is made; any other is text until it runs. */
export function isRead({ language = "sql", body }: SqlFunction | SqlProcedure): boolean {
  const [first] = body.parts;
  return (
    language.toLowerCase() === "sql" &&
    typeof first === "string" &&
    /^\s*(?:RETURN\b|BEGIN\s+ATOMIC\b)/i.test(first)
  );
}

/** The names that must be there for the object to be made: of a routine the types and defaults of its signature. */
export function namesNeeded(object: OpenObject): ReadonlySet<string> {
  if (!isRoutine(object)) return namesMentioned(object);
  const { parameters = [], body } = object;
  const returns = object.kind === "function" ? object.returns : undefined;
  return namesIn([
    parameters.map(({ type, default: value }) => [usersTypes(type), value]),
    returns === undefined ? [] : usersTypes(returns),
    isRead(object) ? body : undefined,
  ]);
}

export function contentOf(operation: Operation): OpenObject | undefined {
  switch (operation.kind) {
    case "createObject":
      return operation.object;
    case "alterObject":
      return operation.to;
    case "dropObject":
      return operation.dropped;
    default:
      return undefined;
  }
}

/** Names of what comes, goes or changes among tables and views. */
function moving(operations: readonly Operation[]): ReadonlySet<string> {
  return new Set(
    operations.flatMap((operation) => {
      const content = contentOf(operation);
      if (content !== undefined) return CARRIERS.has(content.kind) ? [content.name] : [];
      if (operation.kind === "renameTable") return [operation.to.name];
      return "table" in operation ? [operation.table.name] : [];
    }),
  );
}

/**
 * The changes of routines that stand on tables or views of the same revision: made after those and dropped
 * before them. All others are the other way round, because defaults, checks and indexes may call them.
 */
export function boundRoutines(operations: readonly Operation[]): ReadonlySet<Operation> {
  const routines = operations.flatMap((operation) => {
    const content = contentOf(operation);
    return content !== undefined && (isRoutine(content) || STANDING_ON_ROUTINES.has(content.kind))
      ? [{ operation, name: content.name, needs: namesNeeded(content) }]
      : [];
  });
  const names = new Set(moving(operations));
  const found = new Set(operations.filter((operation) => givesWay(operation, operations)));
  for (;;) {
    const more = routines.filter(
      ({ operation, needs }) => !found.has(operation) && [...needs].some((name) => names.has(name)),
    );
    if (more.length === 0) return found;
    for (const { operation, name } of more) {
      found.add(operation);
      names.add(name);
    }
  }
}

/** A routine gives way to one of another kind that has its name: the server has one of them. */
function givesWay(operation: Operation, operations: readonly Operation[]): boolean {
  if (operation.kind !== "dropObject" || !ROUTINES.has(operation.type)) return false;
  const { type, object } = operation;
  return operations.some(
    (made) =>
      made.kind === "createObject" &&
      ROUTINES.has(made.object.kind) &&
      made.object.kind !== type &&
      objectKey("function", objectName(made.object)) === objectKey("function", object),
  );
}
