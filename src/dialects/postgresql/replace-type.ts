import { changeOf, type ColumnChange } from "./alter-column.ts";
import { alterColumns, mentions } from "./alter-columns.ts";
import { putAsideOnTypes, takeBackOn } from "./aside.ts";
import { addConstraint, createIndex, inSchemaOf } from "./compile.ts";
import { containingTypes, type ContainingType } from "./containing-types.ts";
import { wordsIn } from "./expression-text.ts";
import { keysToSuspend, resume, suspend } from "./foreign-keys.ts";
import { PlanState } from "./state.ts";
import { quote, quoteTable, render } from "./spelling.ts";
import { plainQuotes, typePath } from "./type-names.ts";
import type { PlanContext, Statement, TypeReplacement } from "../contract.ts";
import type { Operation } from "../../operations/operation.ts";
import { text } from "../../schema/expression.ts";
import { namesMentioned } from "../../operations/mentions.ts";
import { isOpen } from "../../schema/objects/declare.ts";
import { ancestorsOf, type FindTable } from "../../schema/parents.ts";
import { nameOnly, sameTable } from "../../schema/collect.ts";
import type {
  Column,
  ColumnType,
  Constraint,
  Index,
  SkippedObject,
  Table,
  TableName,
} from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

/** What the type is called while the new one takes its place. */
export const OLD = "revline_old_type";

function holds(type: ColumnType, name: TableName): boolean {
  if (type.name === "array") return holds(type.element, name);
  if (type.name === "raw") return plainQuotes(type.sql) === plainQuotes(quoteTable(name));
  return type.name === "enum" && type.enumName === name.name && type.schema === name.schema;
}

function withOld(type: ColumnType, old: string): ColumnType {
  return type.name === "array"
    ? { name: "array", element: withOld(type.element, old) }
    : { name: "raw", sql: old };
}

/** A type whose place another one takes, and what it is called meanwhile. */
interface Replaced {
  readonly type: TableName;
  readonly old: string;
  readonly create: readonly Statement[];
}

/** The first is the type itself, the others hold it: each behind those that it holds. */
function replacedTypes(
  { type, create }: TypeReplacement,
  containing: readonly ContainingType[],
): readonly Replaced[] {
  const own: ContainingType = { type, create: create.map((sql) => ({ sql })) };
  return [own, ...containing].map((each, at) => ({
    ...each,
    old: at === 0 ? OLD : `${OLD}_${String(at)}`,
  }));
}

function replacedIn(type: ColumnType, all: readonly Replaced[]): Replaced | undefined {
  return all.find((replaced) => holds(type, replaced.type));
}

/** Everything of a constraint or index that is SQL text. */
function textOf(item: Constraint | Index): string {
  if (!("kind" in item)) {
    return [item.where, ...item.elements.map(({ expression }) => expression)]
      .flatMap((each) => (each === undefined ? [] : [render(each)]))
      .join(" ");
  }
  if (item.kind === "check") return render(item.expression);
  return item.kind === "exclude" ? render(item.definition) : "";
}

/** What the server could not make again by itself: its text compares the column with values of the old type. */
function standsInTheWay(
  item: Constraint | Index,
  types: readonly Replaced[],
  columns: readonly Column[],
): boolean {
  const sql = textOf(item);
  const words = wordsIn(sql);
  return (
    sql !== "" &&
    (types.some(({ type }) => words.has(type.name)) ||
      columns.some(({ name }) => mentions(item, name)))
  );
}

/** Constraints and indexes that step aside, and the same as operations. */
interface Items {
  readonly drops: readonly Operation[];
  readonly before: readonly string[];
  readonly after: readonly string[];
}

function itemsOf(table: Table, types: readonly Replaced[], { server }: PlanContext): Items {
  const name = nameOnly(table);
  const columns = table.columns.filter((column) => replacedIn(column.type, types) !== undefined);
  const constraints = table.constraints
    .filter((item) => standsInTheWay(item, types, columns))
    .flatMap((item) => named(item));
  const indexes = table.indexes
    .filter((item) => standsInTheWay(item, types, columns))
    .flatMap((item) => named(item));
  return {
    drops: [
      ...constraints.map((item): Operation => ({
        kind: "dropConstraint",
        table: name,
        name: item.name,
        type: item.kind,
      })),
      ...indexes.map((item): Operation => ({ kind: "dropIndex", table: name, name: item.name })),
    ],
    before: [
      ...constraints.map(
        (item) => `ALTER TABLE ${quoteTable(name)} DROP CONSTRAINT ${quote(item.name)}`,
      ),
      ...indexes.map((item) => `DROP INDEX ${quoteTable(inSchemaOf(name, item.name))}`),
    ],
    after: [
      ...constraints.flatMap((item) => addConstraint(name, item, server)),
      ...indexes.flatMap((item) => createIndex(name, item, server)),
    ],
  };
}

/** Everything in a catalog has a name. */
function named<T extends Constraint | Index>(item: T): readonly (T & { readonly name: string })[] {
  return item.name === undefined ? [] : [{ ...item, name: item.name }];
}

/** True where a later operation of the plan changes the default, or drops the column: it may name a value that goes. */
function losesDefault(table: TableName, column: Column, { ahead = [] }: PlanContext): boolean {
  return ahead.some((operation) => {
    switch (operation.kind) {
      case "dropTable":
        return sameTable(operation.table, table);
      case "dropColumn":
        return sameTable(operation.table, table) && operation.name === column.name;
      case "alterColumn":
        return (
          sameTable(operation.table, table) &&
          operation.from.name === column.name &&
          !deepEqual(operation.from.default, operation.to.default)
        );
      default:
        return false;
    }
  });
}

function withDefault(column: Column, value: Column["default"]): Column {
  return { ...omit(column, "default"), ...(value === undefined ? {} : { default: value }) };
}

function changesOf(
  table: Table,
  inherited: readonly Column[],
  types: readonly Replaced[],
  { type, using }: TypeReplacement,
  context: PlanContext,
): readonly ColumnChange[] {
  const name = nameOnly(table);
  return table.columns.flatMap((column): readonly ColumnChange[] => {
    const replaced = replacedIn(column.type, types);
    if (replaced === undefined) return [];
    const to: Column = losesDefault(name, column, context) ? omit(column, "default") : column;
    const above = inherited.find(({ name: other }) => other === column.name);
    // the column of an heir changes with its parent's, and so does the default
    if (above !== undefined)
      return deepEqual(above.default, to.default)
        ? []
        : [changeOf(name, { from: withDefault(column, above.default), to }, context.server)];
    const old = quoteTable(inSchemaOf(replaced.type, replaced.old));
    const from = { ...column, type: withOld(column.type, old) };
    const isOwn = column.type.name !== "array" && replaced.type === type;
    const cast = isOwn ? using?.(quote(column.name)) : undefined;
    return [
      changeOf(
        name,
        { from, to, ...(cast === undefined ? {} : { using: text(cast) }) },
        context.server,
      ),
    ];
  });
}

/** True for a view, routine, trigger or policy that says the type's name. */
function speaksOf({ definition = "" }: SkippedObject, types: readonly Replaced[]): boolean {
  const words = wordsIn(definition);
  return types.some(({ type }) => words.has(type.name));
}

/**
 * True where columns hold the type in arrays, or in other types: of such a domain the server takes no new
 * constraint (0A000). https://www.postgresql.org/docs/current/sql-alterdomain.html#SQL-ALTERDOMAIN-NOTES
 */
export async function isHeldInside(type: TableName, context: PlanContext): Promise<boolean> {
  const database = await new PlanState(context, []).reflect({ allSchemas: true });
  const around = await containingTypes(type, database, context);
  const all = replacedTypes({ type, create: [] }, around);
  return database.tables.some(({ columns }) =>
    columns.some((column) => {
      const found = replacedIn(column.type, all);
      return found !== undefined && (column.type.name === "array" || found.type !== type);
    }),
  );
}

/**
 * Puts a new type in the place of one of the same name. Columns (arrays too) keep their rows, their
 * defaults and everything that hangs on them: checks, indexes, foreign keys, computed columns, views,
 * triggers, policies; and so do routines that take or give values of the type,
 * and domains and composite types that hold it.
 */
export async function replaceType(
  replacement: TypeReplacement,
  context: PlanContext,
): Promise<readonly Statement[]> {
  const state = new PlanState(context, []);
  const database = await state.reflect({ allSchemas: true });
  const { tables, objects, skipped } = database;
  const types = replacedTypes(
    replacement,
    await containingTypes(replacement.type, database, context),
  );
  const find: FindTable = (name) => tables.find((table) => sameTable(table, name));
  const ancestors = (table: Table): readonly Table[] => ancestorsOf(table, find) ?? [];
  const using = tables
    .filter((table) => table.columns.some(({ type }) => replacedIn(type, types) !== undefined))
    .toSorted((a, b) => ancestors(a).length - ancestors(b).length);
  const changes = using.map((table) =>
    changesOf(
      table,
      ancestors(table).flatMap(({ columns }) => columns),
      types,
      replacement,
      context,
    ),
  );
  const items = using.map((table) => itemsOf(table, types, context));
  const altered = await Promise.all(
    using.map((table, at) =>
      alterColumns(
        nameOnly(table),
        changes[at] ?? [],
        new PlanState(context, items[at]?.drops ?? []),
        context.server,
      ),
    ),
  );
  const remade = altered.flatMap((part) => part.remade);
  const keys = await keysToSuspend(changes.flat(), remade, state);
  const touched = altered.flatMap((part) => part.touched);
  // the plan may have made or altered what speaks of them
  const others = objects.filter(isOpen).map((object) => namesMentioned(object));
  const hasDependents =
    touched.length > 0 ||
    skipped.some((object) => speaksOf(object, types)) ||
    types.some(({ type }) => others.some((names) => names.has(type.name)));
  const path = ({ type }: Replaced): string => typePath(type, context.server);
  const statements: readonly (string | Statement)[] = [
    // they may call a routine that is put aside: gone before it is, they come back behind it
    ...items.flatMap(({ before }) => before),
    ...(hasDependents ? [putAsideOnTypes(types.map(path), touched)] : []),
    ...keys.map(suspend),
    ...types.flatMap((each) => [
      `ALTER TYPE ${path(each)} RENAME TO ${quote(each.old)}`,
      ...each.create,
    ]),
    ...altered.flatMap(({ parts }) => parts.flat()),
    ...keys.flatMap((key) => resume(key, context.server)),
    ...(hasDependents ? [takeBackOn("types")] : []),
    ...items.flatMap(({ after }) => after),
    ...types.toReversed().map(({ type, old }) => `DROP TYPE ${quoteTable(inSchemaOf(type, old))}`),
  ];
  return statements.map((sql) => (typeof sql === "string" ? { sql } : sql));
}
