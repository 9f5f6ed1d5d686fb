import { isPlainName } from "../schema/plain-name.ts";
import type { Operation } from "../operations/operation.ts";
import { deepEqual } from "../util/equal.ts";
import { isOpen, objectKey } from "../schema/objects/declare.ts";
import type { OpenObject } from "../schema/objects/types.ts";
import { tableKey } from "../schema/collect.ts";
import { expression, type Expression, type SqlPart } from "../schema/expression.ts";
import type {
  CheckConstraint,
  Column,
  Constraint,
  Index,
  MetaData,
  Table,
  TableName,
} from "../schema/types.ts";

/**
 * Puts what the models say in place of its canonical spelling, in the half of the operations that leads
 * to the models: the revision then reads as the models do, and runs on the other databases too. Nothing
 * is lost: the canonical spelling is what the database makes of it.
 */
export function restoreDeclared(
  operations: readonly Operation[],
  declared: MetaData,
): readonly Operation[] {
  const tables = new Map(declared.tables.map((table) => [tableKey(table), table]));
  const objects = new Map(
    declared.objects.filter(isOpen).map((object) => [objectKey(object.kind, object), object]),
  );
  return operations.map((operation) =>
    restore(
      operation,
      (name) => tables.get(tableKey(name)),
      (object) => objects.get(objectKey(object.kind, object)) ?? onlyOne(object, objects) ?? object,
    ),
  );
}

/** The declared object of that name where there is one alone: its parameters may be spelled in other words. */
function onlyOne(
  object: OpenObject,
  declared: ReadonlyMap<string, OpenObject>,
): OpenObject | undefined {
  const named = [...declared.values()].filter(
    ({ kind, schema, name, table }) =>
      kind === object.kind &&
      schema === object.schema &&
      name === object.name &&
      table === object.table,
  );
  return named.length === 1 ? named[0] : undefined;
}

function restore(
  operation: Operation,
  declaredTable: (name: TableName) => Table | undefined,
  declaredObject: (object: OpenObject) => OpenObject,
): Operation {
  switch (operation.kind) {
    case "createTable": {
      const declared = declaredTable(operation.table);
      return declared === undefined
        ? operation
        : { ...operation, table: restoreTable(operation.table, declared) };
    }
    case "addColumn":
      return {
        ...operation,
        column: restoreColumn(operation.column, declaredTable(operation.table)),
      };
    case "alterColumn":
      return {
        ...operation,
        to: restoreChanges(operation.from, operation.to, declaredTable(operation.table)),
      };
    case "addConstraint":
      return {
        ...operation,
        constraint: restoreConstraint(operation.constraint, declaredTable(operation.table)),
      };
    case "createObject":
      return operation.object.kind === "sequence"
        ? operation
        : { ...operation, object: declaredObject(operation.object) };
    case "alterObject":
      return saysIt(operation.to)
        ? operation
        : {
            ...operation,
            to: restoreAttributes(operation.from, operation.to, declaredObject(operation.to)),
          };
    case "createIndex":
      return { ...operation, index: restoreIndex(operation.index, declaredTable(operation.table)) };
    default:
      return operation;
  }
}

const IN_PLACE: ReadonlySet<OpenObject["kind"]> = new Set<OpenObject["kind"]>([
  "sequence",
  "domain",
  "compositeType",
  "rangeType",
  "collation",
  "publication",
]);

/** What is changed in its place, part by part: what stays must read alike on both sides. */
function saysIt({ kind }: OpenObject): boolean {
  return IN_PLACE.has(kind);
}

/** Only attributes that differ are said in the models' words: what stays must read alike on both sides. */
function restoreAttributes<O extends OpenObject>(from: OpenObject, to: OpenObject, declared: O): O {
  const [before, after] = [from, to].map((side) => new Map<string, unknown>(Object.entries(side)));
  const isSame = (key: string): boolean => deepEqual(before?.get(key), after?.get(key));
  const kept = Object.entries(to).filter(([key]) => isSame(key));
  const gone = Object.keys(declared).filter((key) => isSame(key) && after?.has(key) !== true);
  const restored: O & Record<string, unknown> = { ...declared, ...Object.fromEntries(kept) };
  for (const key of gone) delete restored[key];
  return restored;
}

function restoreTable(table: Table, declared: Table): Table {
  return {
    ...table,
    columns: table.columns.map((column) => restoreColumn(column, declared)),
    constraints: table.constraints.map((constraint) => restoreConstraint(constraint, declared)),
    indexes: table.indexes.map((index) => restoreIndex(index, declared)),
  };
}

function restoreColumn(column: Column, table: Table | undefined): Column {
  const declared = table?.columns.find(({ name }) => name === column.name);
  // with variants the canonical spelling is the one that was chosen
  if (declared === undefined || declared.variants !== undefined) return column;
  return {
    ...column,
    type: declared.type,
    ...(column.default === undefined || declared.default === undefined
      ? {}
      : {
          default:
            "expression" in declared.default
              ? { expression: readable(declared.default.expression) }
              : declared.default,
        }),
    ...(column.computed === undefined || declared.computed === undefined
      ? {}
      : { computed: { ...column.computed, expression: readable(declared.computed.expression) } }),
  };
}

/** Only what differs is said in the models' words: what stays must read alike on both sides. */
function restoreChanges(from: Column, to: Column, table: Table | undefined): Column {
  const restored = restoreColumn(to, table);
  return {
    ...restored,
    type: deepEqual(from.type, to.type) ? to.type : restored.type,
    ...(to.default !== undefined && deepEqual(from.default, to.default)
      ? { default: to.default }
      : {}),
    ...(to.computed !== undefined && deepEqual(from.computed, to.computed)
      ? { computed: to.computed }
      : {}),
  };
}

function isCheck(constraint: Constraint): constraint is CheckConstraint {
  return constraint.kind === "check";
}

function restoreConstraint(constraint: Constraint, table: Table | undefined): Constraint {
  if (constraint.kind !== "check") return constraint;
  const named =
    table?.constraints
      .filter(isCheck)
      .filter(({ name }) => name !== undefined && name === constraint.name) ?? [];
  const [declared, ...others] = named;
  return declared === undefined || others.length > 0
    ? constraint
    : { ...constraint, expression: readable(declared.expression) };
}

function restoreIndex(index: Index, table: Table | undefined): Index {
  const declared = table?.indexes.find(({ name }) => name !== undefined && name === index.name);
  if (declared === undefined || declared.elements.length !== index.elements.length) return index;
  return {
    ...index,
    elements: index.elements.map((element, at) => {
      const given = declared.elements[at]?.expression;
      return element.expression === undefined || given === undefined
        ? element
        : { ...element, expression: readable(given) };
    }),
    ...(index.where === undefined || declared.where === undefined
      ? {}
      : { where: readable(declared.where) }),
  };
}

/** The expression with plain names and values written out: fewer pieces, the same SQL on every database. */
export function readable(given: Expression): Expression {
  return expression(given.parts.map(readablePart), given.variants);
}

function readablePart(part: SqlPart): SqlPart {
  if (typeof part === "string") return part;
  if ("identifier" in part) {
    const [name, ...more] = part.identifier;
    return name !== undefined && more.length === 0 && isPlainName(name) ? name : part;
  }
  const { value } = part;
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  return typeof value === "string" && /^[\w .,:;@/+*()-]*$/.test(value) ? `'${value}'` : part;
}
