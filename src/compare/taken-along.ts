import type { AlterColumn, AlterObject, Operation } from "../operations/operation.ts";
import { madeAnew } from "../operations/made-anew.ts";
import { comesAfterTables } from "../operations/order-objects.ts";
import { isRead, isRoutine } from "../operations/routine-place.ts";
import { sameTable } from "../schema/collect.ts";
import type { OpenObject } from "../schema/objects/types.ts";
import type { MetaData } from "../schema/types.ts";
import { deepEqual, omit } from "../util/equal.ts";

type Strip = (value: unknown) => unknown;

const QUALIFIED =
  /(?<![\p{L}\p{N}_$".])([\p{L}_][\p{L}\p{N}_$]*|"[^"]+")\.(?=([\p{L}_][\p{L}\p{N}_$]*|"[^"]+"))/gu;
const OPERATOR = /\bOPERATOR\(([\p{L}_][\p{L}\p{N}_$]*|"[^"]+")\.([^)]+)\)/gu;

const bare = (token: string): string => token.replaceAll('"', "");

/** Takes the schemas away from before the names that are not of the models or the database. */
function stripper(schemas: ReadonlySet<string>, own: ReadonlySet<string>): Strip {
  const isOf = (schema: string, name: string): boolean =>
    schemas.has(bare(schema)) && !own.has(bare(name));
  const strip: Strip = (value) => {
    if (typeof value === "string")
      return value
        .replaceAll(OPERATOR, (found: string, schema: string, symbol: string) =>
          isOf(schema, symbol) ? symbol : found,
        )
        .replaceAll(QUALIFIED, (found: string, schema: string, name: string) =>
          isOf(schema, name) ? "" : found,
        );
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, strip(child)]));
  };
  return strip;
}

/** The two sides of a change beside the extensions that move. */
interface Sides {
  /** True where nothing differs but the schemas that the extensions leave and come to. */
  readonly isSame: (from: unknown, to: unknown) => boolean;
  /** True for what speaks of something that moves. */
  readonly isSpeaking: (from: unknown, to: unknown) => boolean;
}

function movesExtension(operation: Operation): operation is AlterObject {
  return (
    operation.kind === "alterObject" &&
    operation.to.kind === "extension" &&
    operation.from.schema !== operation.to.schema
  );
}

function sidesOf(operations: readonly Operation[], states: readonly MetaData[]): Sides | undefined {
  const moved = operations.filter(movesExtension);
  if (moved.length === 0) return undefined;
  const own = new Set(
    states.flatMap(({ tables, objects }) =>
      [...tables, ...objects.filter(({ kind }) => kind !== "extension")].map(({ name }) => name),
    ),
  );
  const before = stripper(new Set(moved.flatMap(({ from }) => from.schema ?? [])), own);
  const after = stripper(new Set(moved.flatMap(({ to }) => to.schema ?? [])), own);
  return {
    isSame: (from, to) => deepEqual(before(from), after(to)),
    isSpeaking: (from, to) => !deepEqual(before(from), from) || !deepEqual(after(to), to),
  };
}

/** A body that the server keeps as text does not follow what it speaks of. */
function isSameObject(from: OpenObject, to: OpenObject, { isSame }: Sides): boolean {
  return isRoutine(from) && isRoutine(to) && !isRead(from)
    ? deepEqual(from.body, to.body) && isSame(omit(from, "body"), omit(to, "body"))
    : isSame(from, to);
}

/** The routine as it is once its types have moved: under its new key, and else as it was. */
function movedRoutine(from: OpenObject, to: OpenObject, { isSame }: Sides): OpenObject | undefined {
  if (!isRoutine(from) || !isRoutine(to) || from.kind !== to.kind) return undefined;
  const signature = ({ name, schema, parameters, ...rest }: typeof from): unknown => [
    name,
    schema,
    parameters,
    "returns" in rest ? rest.returns : undefined,
  ];
  if (!isSame(signature(from), signature(to))) return undefined;
  const moved = {
    ...from,
    ...(to.arguments === undefined ? {} : { arguments: to.arguments }),
    ...(to.parameters === undefined ? {} : { parameters: to.parameters }),
  };
  return moved.kind === "function" && to.kind === "function" && to.returns !== undefined
    ? { ...moved, returns: to.returns }
    : moved;
}

/** What is the same on both sides stays, and a routine with another body is changed in its place. */
function pairObjects(operations: readonly Operation[], sides: Sides): readonly Operation[] {
  const come = operations.filter((operation) => operation.kind === "createObject");
  const changed = new Map<Operation, readonly Operation[]>();
  for (const operation of operations) {
    const from = operation.kind === "dropObject" ? operation.dropped : undefined;
    if (from === undefined) continue;
    const other = come.find(
      ({ object }) =>
        object.kind === from.kind &&
        (isSameObject(from, object, sides) || movedRoutine(from, object, sides) !== undefined),
    );
    if (other === undefined) continue;
    const to = other.object;
    const there = movedRoutine(from, to, sides);
    changed.set(operation, []);
    changed.set(
      other,
      there === undefined || isSameObject(from, to, sides)
        ? []
        : [{ kind: "alterObject", from: there, to }],
    );
  }
  return operations.flatMap((operation) => changed.get(operation) ?? [operation]);
}

function pairItems(operations: readonly Operation[], { isSame }: Sides): readonly Operation[] {
  const paired = new Set<Operation>();
  for (const made of operations) {
    const gone = operations.find((operation) => {
      if (made.kind === "createIndex")
        return (
          operation.kind === "dropIndex" &&
          sameTable(operation.table, made.table) &&
          isSame(operation.dropped, made.index)
        );
      return (
        made.kind === "addConstraint" &&
        operation.kind === "dropConstraint" &&
        sameTable(operation.table, made.table) &&
        isSame(operation.dropped, made.constraint)
      );
    });
    if (gone !== undefined) paired.add(made).add(gone);
  }
  return operations.filter((operation) => !paired.has(operation));
}

function alterColumn(operation: AlterColumn, { isSame }: Sides): readonly Operation[] {
  const { from, to } = operation;
  if (isSame(from, to)) return [];
  // what else changes of the column finds its type where it is, on both ways
  return [
    isSame(from.type, to.type) ? { ...operation, from: { ...from, type: to.type } } : operation,
  ];
}

function alterObject(operation: AlterObject, sides: Sides): readonly Operation[] {
  const { from, to } = operation;
  if (to.kind === "extension") return [operation];
  if (isSameObject(from, to, sides)) return [];
  if (from.kind === "domain" && to.kind === "domain" && sides.isSame(from.baseType, to.baseType))
    return [{ ...operation, from: { ...from, baseType: to.baseType } }];
  // each text is right with one place of the extension alone
  return comesAfterTables(to.kind) && sides.isSpeaking(from, to) ? madeAnew(from, to) : [operation];
}

/**
 * The operations without those that only say where the types, functions and operators of an extension are, which
 * moves to another schema in the same change: all that uses them goes along by itself, on the way back too.
 */
export function withoutTakenAlong(
  operations: readonly Operation[],
  states: readonly MetaData[],
): readonly Operation[] {
  const sides = sidesOf(operations, states);
  if (sides === undefined) return operations;
  return pairItems(pairObjects(operations, sides), sides).flatMap((operation) => {
    if (operation.kind === "alterColumn") return alterColumn(operation, sides);
    return operation.kind === "alterObject" ? alterObject(operation, sides) : [operation];
  });
}
