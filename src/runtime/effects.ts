import type { OperationTable, Operation } from "../operations/operation.ts";
import { dispatch } from "../operations/operation.ts";
import type { Constraint, MetaData, Table, TableName } from "../schema/types.ts";
import { nameOnly, qualifiedName, sameTable } from "../schema/collect.ts";

/** Something that is there, or is not, when a statement has been applied. */
export interface Effect {
  readonly table: TableName;
  /** A part of the table; absent: the table itself. */
  readonly part?:
    | { readonly kind: "column" | "index" | "constraint"; readonly name: string }
    | { readonly kind: "primaryKey" };
  readonly present: boolean;
}

type Effects = readonly Effect[];

const NONE = (): Effects => [];

function partOf(constraint: Pick<Constraint, "kind" | "name">): Effect["part"] | undefined {
  if (constraint.kind === "primaryKey") return { kind: "primaryKey" };
  return constraint.name === undefined ? undefined : { kind: "constraint", name: constraint.name };
}

function constraintEffect(
  table: TableName,
  constraint: Pick<Constraint, "kind" | "name">,
  present: boolean,
): Effects {
  const part = partOf(constraint);
  return part === undefined ? [] : [{ table, part, present }];
}

function moved(
  table: TableName,
  kind: "column" | "index" | "constraint",
  from: string,
  to: string,
): Effects {
  if (from === to) return [];
  return [
    { table, part: { kind, name: from }, present: false },
    { table, part: { kind, name: to }, present: true },
  ];
}

/** What each kind of operation leaves to be seen; nothing for those that can be done twice. */
const EFFECTS: OperationTable<Effects> = {
  createTable: ({ table }) => [{ table, present: true }],
  dropTable: ({ table }) => [{ table, present: false }],
  renameTable: ({ from, to }) => [
    { table: from, present: false },
    { table: to, present: true },
  ],
  addColumn: ({ table, column }) => [
    { table, part: { kind: "column", name: column.name }, present: true },
  ],
  dropColumn: ({ table, name }) => [{ table, part: { kind: "column", name }, present: false }],
  alterColumn: ({ table, from, to }) => moved(table, "column", from.name, to.name),
  renameColumn: ({ table, from, to }) => moved(table, "column", from, to),
  addConstraint: ({ table, constraint }) => constraintEffect(table, constraint, true),
  dropConstraint: ({ table, name, type }) =>
    constraintEffect(table, { kind: type, ...(name === undefined ? {} : { name }) }, false),
  renameConstraint: ({ table, from, to }) => moved(table, "constraint", from, to),
  createIndex: ({ table, index }) =>
    index.name === undefined
      ? []
      : [{ table, part: { kind: "index", name: index.name }, present: true }],
  dropIndex: ({ table, name }) => [{ table, part: { kind: "index", name }, present: false }],
  renameIndex: ({ table, from, to }) => moved(table, "index", from, to),
  setTableComment: NONE,
  setTableOptions: NONE,
  createSchema: NONE,
  dropSchema: NONE,
  execute: NONE,
  bulkInsert: NONE,
  createObject: NONE,
  dropObject: NONE,
  alterObject: NONE,
  invoke: NONE,
  createEnum: NONE,
  dropEnum: NONE,
  alterEnum: NONE,
  renameEnumValue: NONE,
};

/** Kinds whose statement can be given again when it is not known whether it was. */
const REPEATABLE: ReadonlySet<Operation["kind"]> = new Set([
  "alterColumn",
  "setTableComment",
  "setTableOptions",
  // the contract of their SQL, where a change of the schema commits by itself
  "createObject",
  "dropObject",
  "alterObject",
]);

/** True where the operations may be applied a second time without harm. */
export function isRepeatable(operations: readonly Operation[]): boolean {
  return (
    operations.length > 0 &&
    operations.every(
      (operation) => REPEATABLE.has(operation.kind) && effectsOf([operation]).length === 0,
    )
  );
}

/** What is to be seen after operations that become one statement. */
export function effectsOf(operations: readonly Operation[]): Effects {
  return operations
    .flatMap((operation) => dispatch(EFFECTS, operation))
    .map((effect) => ({ ...effect, table: nameOnly(effect.table) }));
}

/** The bare name: effects are written down. */
function isPresent({ tables }: MetaData, { table: name, part }: Effect): boolean {
  const table = tables.find((candidate) => sameTable(candidate, name));
  if (table === undefined) return false;
  return part === undefined || hasPart(table, part);
}

function hasPart(
  { columns, constraints, indexes }: Table,
  part: NonNullable<Effect["part"]>,
): boolean {
  if (part.kind === "primaryKey") return constraints.some(({ kind }) => kind === "primaryKey");
  if (part.kind === "column") return columns.some(({ name }) => name === part.name);
  // a unique constraint is an index there, and the other way round
  return [...constraints, ...indexes].some(({ name }) => name === part.name);
}

/** Whether a statement has been applied, as far as the database shows it. */
export function wasApplied(effects: Effects, database: MetaData): "yes" | "no" | "unknown" {
  const holds = effects.map((effect) => isPresent(database, effect) === effect.present);
  if (holds.length === 0) return "unknown";
  if (holds.every(Boolean)) return "yes";
  return holds.some(Boolean) ? "unknown" : "no";
}

/** What somebody has undone of it: the effects, told in words, that the last word on them does not hold for any more. */
export function remaining(effects: Effects, database: MetaData): readonly string[] {
  const last = new Map<string, Effect>();
  for (const effect of effects) {
    if (effect.part === undefined && !effect.present) {
      for (const [key, other] of last) if (sameTable(other.table, effect.table)) last.delete(key);
    }
    last.set(JSON.stringify([effect.table.schema, effect.table.name, effect.part]), effect);
  }
  return [...last.values()]
    .filter((effect) => isPresent(database, effect) !== effect.present)
    .map(({ table, part, present }) => `${words(table, part)}${present ? "" : ", there again"}`);
}

function words(table: TableName, part: Effect["part"]): string {
  if (part === undefined) return `table ${qualifiedName(table)}`;
  const what = part.kind === "primaryKey" ? "primary key" : `${part.kind} ${part.name}`;
  return `${what} of ${qualifiedName(table)}`;
}
