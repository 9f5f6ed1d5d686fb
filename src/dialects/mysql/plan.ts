import { Batch, type Clause } from "./batch.ts";
import * as clause from "./clauses.ts";
import { createTableSql } from "./compile.ts";
import { addColumn, alterColumn, renameColumn } from "./plan-column.ts";
import { flavorOf, type Flavor } from "./flavor.ts";
import { changeOptions } from "./plan-options.ts";
import { expressionSql, literal, quoteName, quoteTable, stringLiteral } from "./quote.ts";
import { serves } from "./implicit.ts";
import { State } from "./state.ts";
import { Suspended, changesKeys } from "./suspended.ts";
import type { PlanContext, ReflectFilter, Statement } from "../contract.ts";
import type { BulkInsert, DropConstraint, Operation, OperationKind, OperationMap } from "../../operations/operation.ts";
import { qualifiedName, sameTable, tableKey } from "../../schema/collect.ts";
import type { Constraint, Index, TableName } from "../../schema/types.ts";
import { deepEqual } from "../../util/equal.ts";
import { RevlineError } from "../../errors.ts";

/** All that a row of the planner works with. */
export interface Planner {
  readonly flavor: Flavor;
  readonly context: PlanContext;
  readonly state: State;
  readonly batch: Batch;
  readonly suspended: Suspended;
  /** What went with a column, so that a later drop of it is no error. */
  readonly gone: Set<string>;
  /** Indexes that were dropped, as they were. */
  readonly dropped: Map<string, Constraint | Index>;
  /** Names of constraints that the server changed with their table's name. */
  readonly renamed: Map<string, string>;
  /** The operation that is planned now. */
  readonly at: number;
}

type Row<K extends OperationKind> = (operation: OperationMap[K], planner: Planner) => void | Promise<void>;

function mark(table: TableName, kind: string, name: string | undefined): string {
  return JSON.stringify([tableKey(table), kind, name?.toLowerCase() ?? ""]);
}

/** Drops an index or the index behind a constraint; a foreign key that needs one gets its own first. */
export function dropIndexed(planner: Planner, table: TableName, item: Constraint | Index | undefined, drop: Clause): void {
  const { state, batch, flavor, at } = planner;
  const stranded = item === undefined ? [] : state.stranded(table, item);
  if (item !== undefined) planner.dropped.set(mark(table, "index", item.name), item);
  if (batch.takeBack(table, drop.touches[0] ?? "", "add")) return;
  batch.alter(table, "change", at, [drop]);
  for (const key of stranded) {
    if (key.name === undefined || planner.suspended.has(table, key)) continue;
    const own: Index = { name: key.name, elements: key.columns.map((column) => ({ column })) };
    batch.alter(table, "change", at, [clause.addIndex(own, flavor)]);
    state.addIndex(table, own);
  }
}

function columnsOfIndex(item: Constraint | Index): unknown {
  if (!("kind" in item)) return [item.unique === true, item.elements];
  return item.kind === "unique" ? [true, item.columns.map((column) => ({ column }))] : item;
}

/**
 * Dropped and added over the same columns in one statement, an index stays as it is: both servers pass over a
 * change of visibility or comment then.
 */
function separate({ dropped, batch }: Planner, table: TableName, added: Constraint | Index): void {
  const before = dropped.get(mark(table, "index", added.name));
  if (before !== undefined && deepEqual(columnsOfIndex(before), columnsOfIndex(added))) batch.flush();
}

/** A new index takes the place of those that foreign keys had of their own. */
function replaceOwned(planner: Planner, table: TableName, added: Constraint | Index): void {
  const { state, batch, at } = planner;
  const found = state.table(table);
  for (const key of found?.constraints ?? []) {
    if (key.kind !== "foreignKey" || !serves(added, key.columns)) continue;
    const own = state.owned(table, key);
    if (own?.name === undefined || own.name === added.name) continue;
    if (!batch.takeBack(table, clause.indexTouch(own.name), "add")) batch.alter(table, "change", at, [clause.dropIndex(own.name)]);
    state.removeIndex(table, own.name);
  }
}

function findConstraint(planner: Planner, { table, type, name, dropped }: DropConstraint): Constraint | undefined {
  const known = planner.state.table(table)?.constraints ?? [];
  if (type === "primaryKey") return known.find(({ kind }) => kind === type);
  const asked = name === undefined ? undefined : (planner.renamed.get(mark(table, type, name)) ?? name);
  if (asked !== undefined) return known.find((constraint) => constraint.kind === type && constraint.name?.toLowerCase() === asked.toLowerCase());
  const bare = (constraint: Constraint): unknown => ({ ...constraint, name: null });
  return dropped === undefined ? undefined : known.find((constraint) => deepEqual(bare(constraint), bare(dropped)));
}

function dropConstraint(operation: DropConstraint, planner: Planner): void {
  const { table, type, dropped } = operation;
  const { state, batch, flavor, at, suspended, gone } = planner;
  const found = findConstraint(planner, operation) ?? (dropped !== undefined && operation.name === dropped.name ? dropped : undefined);
  const name = found?.name ?? operation.name;
  if (gone.has(mark(table, type, name))) return;
  if (name === undefined && type !== "primaryKey") {
    throw new RevlineError("revision-invalid", `A constraint without a name is to be dropped from table "${qualifiedName(table)}".`, {
      hint: "Give its name as the first argument of op.dropConstraint; SHOW CREATE TABLE shows it.",
    });
  }
  const drop = clause.dropConstraint(type, name, flavor);
  if (type === "unique" || type === "primaryKey") return dropIndexed(planner, table, found, drop);
  if (type !== "foreignKey" || found?.kind !== "foreignKey") {
    batch.alter(table, type === "foreignKey" ? "dropKeys" : "change", at, [drop]);
    return;
  }
  const own = state.owned(table, found);
  const away = suspended.forget(table, found);
  batch.alter(table, "dropKeys", at, [...(away ? [] : [drop]), ...(own?.name === undefined ? [] : [clause.dropIndex(own.name)])]);
  if (own?.name !== undefined) state.removeIndex(table, own.name);
}

function dropColumn({ table, name }: OperationMap["dropColumn"], planner: Planner): void {
  const { state, batch, flavor, at, gone, suspended } = planner;
  for (const { table: owner, key } of state.keysOver(table, name)) {
    if (!sameTable(owner, table) || key.name === undefined) continue;
    dropConstraint({ kind: "dropConstraint", table, type: "foreignKey", name: key.name, dropped: key }, planner);
    suspended.forget(owner, key);
    gone.add(mark(table, "foreignKey", key.name));
    state.change(table, (before) => ({ ...before, constraints: before.constraints.filter((constraint) => constraint !== key) }));
  }
  // MySQL would quietly cut the column out of every index it is part of
  const { constraints, indexes } = state.keysWith(table, name);
  for (const item of [...constraints, ...indexes]) {
    const drop = "kind" in item ? clause.dropConstraint(item.kind, item.name, flavor) : clause.dropIndex(item.name ?? "");
    dropIndexed(planner, table, item, drop);
    gone.add(mark(table, "kind" in item ? item.kind : "index", item.name));
  }
  for (const check of state.users(table, name).checks) {
    batch.alter(table, "change", at, [clause.dropConstraint("check", check.name, flavor)]);
    gone.add(mark(table, "check", check.name));
    state.change(table, (before) => ({ ...before, constraints: before.constraints.filter((constraint) => constraint !== check) }));
  }
  batch.alter(table, "change", at, [clause.dropColumn(name)]);
}

/** InnoDB and MySQL rename the names they gave themselves together with the table. */
function renameTable({ from, to }: OperationMap["renameTable"], planner: Planner): void {
  const { state, batch, at, renamed, suspended, flavor } = planner;
  batch.statement(`RENAME TABLE ${quoteTable(from)} TO ${quoteTable(to)}`, at);
  suspended.rename(from, to);
  for (const constraint of state.table(from)?.constraints ?? []) {
    const { name, kind } = constraint;
    const own = kind === "foreignKey" ? state.owned(from, constraint) : undefined;
    const given = kind === "foreignKey" ? "_ibfk_" : kind === "check" && !flavor.mariadb ? "_chk_" : undefined;
    if (name === undefined || given === undefined || !name.startsWith(from.name + given)) continue;
    const now = to.name + name.slice(from.name.length);
    renamed.set(mark(to, kind, name), now);
    if (own?.name !== undefined) {
      // the index behind the key keeps its old name: then nobody could tell any more whose it is
      batch.alter(to, "rename", at, [clause.renameIndex(own.name, now)]);
      state.removeIndex(from, own.name);
      state.addIndex(from, { ...own, name: now });
    }
    state.change(from, (table) => ({ ...table, constraints: table.constraints.map((other) => (other === constraint ? { ...constraint, name: now } : other)) }));
  }
}

function renameConstraint(operation: OperationMap["renameConstraint"], planner: Planner): void {
  const { table, type, from, to } = operation;
  const { batch, state, flavor, at } = planner;
  const found = findConstraint(planner, { kind: "dropConstraint", table, type, name: from });
  if (type === "primaryKey") return;
  if (type === "unique") return batch.alter(table, "change", at, [clause.renameIndex(from, to)]);
  if (found === undefined) {
    throw new RevlineError("unknown-table", `Table "${qualifiedName(table)}" has no constraint "${from}" to rename.`, { hint: "Check the name with SHOW CREATE TABLE." });
  }
  const added = clause.addConstraint({ ...found, name: to }, flavor);
  const drop = clause.dropConstraint(type, found.name, flavor);
  if (found.kind !== "foreignKey") return batch.alter(table, "change", at, [drop, added]);
  const own = state.owned(table, found);
  const away = planner.suspended.has(table, found);
  batch.alter(table, "dropKeys", at, [...(away ? [] : [drop]), ...(own?.name === undefined ? [] : [clause.renameIndex(own.name, to)])]);
  if (away) planner.suspended.renameKey(table, found, to);
  else batch.alter(table, "addKeys", at, [added]);
  if (own?.name !== undefined) {
    state.removeIndex(table, own.name);
    state.addIndex(table, { ...own, name: to });
  }
}

function addConstraint({ table, constraint }: OperationMap["addConstraint"], planner: Planner): void {
  const { batch, flavor, at } = planner;
  const added = clause.addConstraint(constraint, flavor);
  if (constraint.kind === "unique") separate(planner, table, constraint);
  batch.alter(table, constraint.kind === "foreignKey" ? "addKeys" : "change", at, [added]);
  if (constraint.kind === "unique" || constraint.kind === "primaryKey") replaceOwned(planner, table, constraint);
}

/** How many characters of rows go into one INSERT. */
const PORTION = 500_000;

function bulkInsert({ table, rows }: BulkInsert, { batch, at }: Planner): void {
  let names: readonly string[] = [];
  let values: string[] = [];
  let size = 0;
  const flush = (): void => {
    if (values.length === 0) return;
    batch.statement(`INSERT INTO ${quoteTable(table)} (${names.map(quoteName).join(", ")}) VALUES\n  ${values.join(",\n  ")}`, at);
    values = [];
    size = 0;
  };
  for (const row of rows) {
    const columns = Object.keys(row);
    if (!deepEqual(columns, names) || size > PORTION) flush();
    names = columns;
    const text = `(${Object.values(row).map((value) => literal(value)).join(", ")})`;
    size += text.length;
    values.push(text);
  }
  flush();
}

async function dropSchema({ name }: OperationMap["dropSchema"], { batch, state, context, at }: Planner): Promise<void> {
  const now = await context.reflect({ schemas: [name] });
  const before = new Set(now.tables.map(tableKey));
  const left = [...state.tables.filter((table) => table.schema === name && before.has(tableKey(table))), ...now.skipped.filter((object) => object.schema === name && object.table === undefined)];
  const [first] = left;
  if (first !== undefined) {
    throw new RevlineError("unsupported", `Database "${name}" is not empty: it holds "${first.name}".`, {
      hint: "DROP DATABASE would take that along: drop or move it first.",
    });
  }
  batch.statement(`DROP DATABASE ${quoteName(name)}`, at);
}

const rows: { readonly [K in OperationKind]: Row<K> } = {
  createTable: ({ table }, { batch, flavor, at }) => batch.statement(createTableSql(table, flavor), at),
  dropTable: ({ table }, { batch, at }) => batch.statement(`DROP TABLE ${quoteTable(table)}`, at),
  renameTable,
  addColumn,
  dropColumn,
  alterColumn,
  renameColumn,
  addConstraint,
  dropConstraint,
  renameConstraint,
  createIndex: ({ table, index }, planner) => {
    separate(planner, table, index);
    planner.batch.alter(table, "change", planner.at, [clause.addIndex(index, planner.flavor)]);
    replaceOwned(planner, table, index);
  },
  dropIndex: ({ table, name, dropped }, planner) => {
    if (planner.gone.has(mark(table, "index", name))) return;
    const found = planner.state.table(table)?.indexes.find((index) => index.name?.toLowerCase() === name.toLowerCase());
    const isOwned = found !== undefined || planner.state.table(table) === undefined;
    if (!isOwned && planner.gone.has(mark(table, "unique", name))) return;
    dropIndexed(planner, table, found ?? dropped, clause.dropIndex(name));
  },
  renameIndex: ({ table, from, to }, { batch, at }) => batch.alter(table, "change", at, [clause.renameIndex(from, to)]),
  setTableComment: ({ table, to }, { batch, at }) => batch.alter(table, "change", at, [clause.option(`COMMENT=${stringLiteral(to ?? "")}`, "comment")]),
  setTableOptions: changeOptions,
  createSchema: ({ name }, { batch, at }) => batch.statement(`CREATE DATABASE ${quoteName(name)}`, at),
  dropSchema,
  execute: ({ sql }, { batch, flavor, at }) => batch.statement(expressionSql(sql, flavor), at),
  bulkInsert,
  // enums are part of their columns here: alterColumn changes them
  createEnum: () => undefined,
  dropEnum: () => undefined,
  alterEnum: () => undefined,
};

function run<K extends OperationKind>(table: { readonly [P in K]: Row<P> }, operation: OperationMap[K] & { readonly kind: K }, planner: Planner): void | Promise<void> {
  return table[operation.kind](operation, planner);
}

const STATELESS: ReadonlySet<OperationKind> = new Set(["createTable", "dropTable", "createSchema", "dropSchema", "execute", "bulkInsert", "createEnum", "dropEnum", "alterEnum"]);

function tablesOf(operation: Operation): readonly TableName[] {
  if (operation.kind === "renameTable") return [operation.from];
  return "table" in operation && !STATELESS.has(operation.kind) ? [operation.table] : [];
}

/** What has to be known before the first operation: its tables; all of them where foreign keys from elsewhere matter. */
function needed(operations: readonly Operation[], flavor: Flavor): ReflectFilter | undefined {
  const tables = [...new Map(operations.flatMap(tablesOf).map((table) => [tableKey(table), table])).values()];
  const retypes = operations.some((operation) => operation.kind === "alterColumn" && changesKeys(operation, flavor));
  if (!retypes) return tables.length === 0 ? undefined : { tables: tables.map(({ schema, name }) => (schema === undefined ? { name } : { schema, name })) };
  return { schemas: [...new Set([undefined, ...tables.map(({ schema }) => schema)])] };
}

const AFTER_CHANGES: ReadonlySet<OperationKind> = new Set(["execute", "bulkInsert"]);

/**
 * Operations to SQL, in order. Neighbours on one table become one ALTER TABLE: one rebuild, and all of it
 * or nothing, which is as much of a transaction as data definition has here.
 */
export async function plan(operations: readonly Operation[], context: PlanContext): Promise<readonly Statement[]> {
  const flavor = flavorOf(context.server);
  const filter = needed(operations, flavor);
  const state = new State(filter === undefined ? { tables: [], objects: [], schemas: [], skipped: [] } : await context.reflect(filter), flavor);
  const batch = new Batch();
  const suspended = new Suspended(batch, state, flavor);
  const planner = { flavor, context, state, batch, suspended, gone: new Set<string>(), renamed: new Map<string, string>(), dropped: new Map<string, Constraint | Index>() };
  for (const [at, operation] of operations.entries()) {
    if (AFTER_CHANGES.has(operation.kind)) suspended.resume(at);
    await run(rows, operation, { ...planner, at });
    state.apply(operation);
    const keys = operation.kind === "createTable" ? operation.table.constraints : operation.kind === "addConstraint" ? [operation.constraint] : [];
    const table = operation.kind === "createTable" || operation.kind === "addConstraint" ? operation.table : undefined;
    for (const key of keys) if (key.kind === "foreignKey" && table !== undefined) state.noteKey(table, key);
  }
  suspended.resume(operations.length - 1);
  return batch.done();
}

