import { columnFor, withCondition } from "../ddl.ts";
import type { AddColumn, AddConstraint, CoreOperation } from "../../operations/operation.ts";
import type { Constraint } from "../../schema/types.ts";
import { isPlainName, tokenize } from "./tokens.ts";
import {
  columnDefinition,
  constraintDefinition,
  createIndex,
  referencesClause,
} from "./compile.ts";
import { defaultText } from "./default.ts";
import { TEMPORARY } from "./driver-errors.ts";
import { shapeOfDefinition, type Definition } from "./definition.ts";
import { change, placeBehind, type AlterMap, type AlterOperation } from "./change.ts";
import type { Replica } from "./replica.ts";
import { freeName } from "./rebuild.ts";
import { sameName } from "./names.ts";
import { quote } from "./spelling.ts";

/** A default that ADD COLUMN takes for rows that are there: a constant, no CURRENT_TIMESTAMP, no expression. */
function isConstant(sql: string): boolean {
  const tokens = tokenize(sql);
  const [first, second] = tokens;
  if (/^current_/i.test(sql) || first === undefined) return false;
  const isSigned = first.kind === "symbol" && second?.kind === "number" && tokens.length === 2;
  return isSigned || (tokens.length === 1 && first.kind !== "symbol");
}

/** Constraints about the new column alone, which ADD COLUMN can bring along. */
function isInline(constraint: Constraint, column: string): boolean {
  if (constraint.kind === "check") return true;
  return (
    constraint.kind === "foreignKey" &&
    constraint.columns.length === 1 &&
    sameName(constraint.columns[0] ?? "", column)
  );
}

function addColumn(
  { column: given, table, after }: AddColumn,
  constraints: readonly Constraint[],
  definition: Definition,
): string | undefined {
  const column = columnFor(given, "sqlite");
  if (placeBehind(definition, after) < definition.columns.length) return undefined;
  const constant = column.default === undefined || isConstant(defaultText(column.default));
  const references = constraints.some(({ kind }) => kind === "foreignKey");
  if (!constant || column.identity !== undefined || column.computed?.stored === true)
    return undefined;
  // a reference brings rows that would point to the default's parent: SQLite wants NULL there
  if (references && column.default !== undefined) return undefined;
  const clauses = constraints.map((constraint) => {
    if (constraint.kind !== "foreignKey") return ` ${constraintDefinition(constraint)}`;
    return `${constraint.name === undefined ? "" : ` CONSTRAINT ${quote(constraint.name)}`} ${referencesClause(constraint)}`;
  });
  const text = `${columnDefinition(column, shapeOfDefinition(definition))}${clauses.join("")}`;
  return `ALTER TABLE ${quote(table.name)} ADD COLUMN ${text}`;
}

/** The constraints behind an added column that can stand at it. */
function following(
  operations: readonly AlterOperation[],
  at: number,
  column: string,
): readonly AddConstraint[] {
  const found: AddConstraint[] = [];
  for (const operation of operations.slice(at + 1)) {
    if (operation.kind !== "addConstraint" || !isInline(operation.constraint, column)) break;
    found.push(operation);
  }
  return found;
}

/** DROP COLUMN takes a check that is written at the column along, whatever it is about. */
function hasCheck(definition: Definition, column: string): boolean {
  return definition.constraints.some(
    ({ constraint, at }) => constraint.kind === "check" && at !== undefined && sameName(at, column),
  );
}

/** A place in the list of operations. */
interface Place {
  readonly definition: Definition;
  readonly operations: readonly AlterOperation[];
  readonly at: number;
  /** Operations that came along with an earlier one. */
  readonly done: Set<AlterOperation>;
}

type Native = {
  readonly [K in keyof AlterMap]: (
    operation: AlterMap[K],
    place: Place,
  ) => readonly string[] | undefined;
};
const needsRebuild = (): undefined => undefined;

/** What ALTER can do; undefined: it cannot. */
const NATIVE: Native = {
  addColumn: (operation, { definition, operations, at, done }) => {
    const along = following(operations, at, operation.column.name);
    for (const item of along) done.add(item);
    const sql = addColumn(
      operation,
      along.map(({ constraint }) => constraint),
      definition,
    );
    return sql === undefined ? undefined : [sql];
  },
  dropColumn: ({ table, name }, { definition }) =>
    hasCheck(definition, name)
      ? undefined
      : [`ALTER TABLE ${quote(table.name)} DROP COLUMN ${quote(name)}`],
  alterColumn: needsRebuild,
  addConstraint: (operation, { done }) => (done.has(operation) ? [] : undefined),
  dropConstraint: needsRebuild,
  renameConstraint: needsRebuild,
  createIndex: ({ table, index, ifNotExists }) => {
    const sql = createIndex(table, index);
    return [ifNotExists === true ? withCondition(sql, "IF NOT EXISTS") : sql];
  },
  dropIndex: ({ name, ifExists }) => [
    `DROP INDEX ${ifExists === true ? "IF EXISTS " : ""}${quote(name)}`,
  ],
  renameIndex: ({ table, from, to }, { definition }) => {
    const found = definition.indexes.find(({ index }) => sameName(index.name ?? "", from));
    return found && [`DROP INDEX ${quote(from)}`, createIndex(table, { ...found.index, name: to })];
  },
  setTableComment: () => [],
  setTableOptions: ({ dialect }) => (dialect === "sqlite" ? undefined : []),
};

function nativeBy<K extends keyof AlterMap>(
  native: {
    readonly [P in K]: (operation: AlterMap[P], place: Place) => readonly string[] | undefined;
  },
  operation: AlterMap[K] & { readonly kind: K },
  place: Place,
): readonly string[] | undefined {
  return native[operation.kind](operation, place);
}

/**
 * The operations as statements that SQLite's ALTER has, or undefined where one of them needs a rebuild.
 * Whether SQLite accepts them is tried on the replica.
 */
export function nativeStatements(
  operations: readonly AlterOperation[],
  definition: Definition,
): readonly string[] | undefined {
  const done = new Set<AlterOperation>();
  const made: string[] = [];
  let now = definition;
  for (const [at, operation] of operations.entries()) {
    const statements = nativeBy(NATIVE, operation, { definition: now, operations, at, done });
    if (statements === undefined) return undefined;
    made.push(...statements);
    // ALTER adds at the end: the next column may have to stand before this one
    if (operation.kind === "addColumn") now = change(now, operation);
  }
  return made;
}

/** Statements of operations that need no look at the table: indexes are made and dropped by their names. */
export function statelessStatements(
  operations: readonly AlterOperation[],
): readonly string[] | undefined {
  const isStateless = operations.every(
    ({ kind }) => kind === "createIndex" || kind === "dropIndex" || kind === "setTableComment",
  );
  return isStateless ? nativeStatements(operations, NOTHING) : undefined;
}

const NOTHING: Definition = {
  name: "",
  columns: [],
  constraints: [],
  indexes: [],
  strict: false,
  withoutRowid: false,
};

type Rename = Extract<CoreOperation, { readonly kind: "renameTable" | "renameColumn" }>;

/** RENAME; to a name that differs by case alone, over a third one. */
export function renameStatements(operation: Rename, taken: readonly string[]): readonly string[] {
  if (operation.kind === "renameColumn") {
    // SQLite quotes the new name wherever it stands in views, triggers and checks when it is quoted here
    const to = isPlainName(operation.to) ? operation.to : quote(operation.to);
    return [
      `ALTER TABLE ${quote(operation.table.name)} RENAME COLUMN ${quote(operation.from)} TO ${to}`,
    ];
  }
  const rename = (from: string, to: string): string =>
    `ALTER TABLE ${quote(from)} RENAME TO ${quote(to)}`;
  const [from, to] = [operation.from.name, operation.to.name];
  if (!sameName(from, to)) return [rename(from, to)];
  const between = freeName(`${TEMPORARY}${to}`, taken);
  return [rename(from, between), rename(between, to)];
}

/**
 * A view or trigger that does not work stops every RENAME and DROP COLUMN in the database. Such a one is
 * taken away and put back as it was: it does not work before and after.
 */
export async function aroundBroken(
  statements: readonly string[],
  replica: Replica,
): Promise<readonly string[]> {
  const objects = (await replica.objects()).filter(
    ({ kind }) => kind === "view" || kind === "trigger",
  );
  const aside: { readonly kind: string; readonly name: string }[] = [];
  for (;;) {
    const isAside = ({
      kind,
      name,
      table,
    }: {
      kind: string;
      name: string;
      table?: string;
    }): boolean =>
      aside.some(
        (other) =>
          (other.kind === kind && other.name === name) ||
          (other.kind === "view" && other.name === table),
      );
    const back = objects.filter(isAside);
    const all = [
      ...aside.map(({ kind, name }) => `DROP ${kind.toUpperCase()} ${quote(name)}`),
      ...statements,
      ...back.flatMap(({ definition }) => definition ?? []),
    ];
    const failure = await replica.attempt(all);
    if (failure === undefined) return all;
    const culprit = objects.find(({ kind, name }) =>
      failure.message.includes(`error in ${kind} ${name}: `),
    );
    if (culprit === undefined || isAside(culprit)) throw failure;
    aside.push({ kind: culprit.kind, name: culprit.name });
  }
}
