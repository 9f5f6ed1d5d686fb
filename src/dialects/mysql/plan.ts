import { Batch } from "./batch.ts";
import * as clause from "./clauses.ts";
import { createTableSql } from "./compile.ts";
import { addColumn, alterColumn, renameColumn } from "./plan-column.ts";
import { flavorOf, type Flavor } from "./flavor.ts";
import { changeOptions } from "./plan-options.ts";
import { departition, partition, repartitions, version, versionings } from "./plan-partitions.ts";
import { expressionSql, literal, quoteName, quoteTable, stringLiteral } from "./quote.ts";
import {
  addConstraint,
  dropColumn,
  dropConstraint,
  dropIndexed,
  freeName,
  renameConstraint,
  replaceOwned,
  separate,
} from "./plan-keys.ts";
import { keepEndangered } from "./keep-endangered.ts";
import { keepUnnamed } from "./keep-unnamed.ts";
import { mark, type Planner } from "./planner.ts";
import { State } from "./state.ts";
import { Suspended, changesKeys } from "./suspended.ts";
import { createdAs } from "../ddl.ts";
import { nameDrops } from "../named-drops.ts";
import { isMoot } from "../../operations/condition.ts";
import type { PlanContext, ReflectFilter, Statement } from "../contract.ts";
import type {
  BulkInsert,
  ObjectOperation,
  Operation,
  OperationKind,
  OperationMap,
} from "../../operations/operation.ts";
import { nameOnly, tableKey } from "../../schema/collect.ts";
import type { Constraint, Index, TableName } from "../../schema/types.ts";
import { deepEqual } from "../../util/equal.ts";
import { RevlineError } from "../../errors.ts";

type Row<K extends OperationKind> = (
  operation: OperationMap[K],
  planner: Planner,
) => void | Promise<void>;

/** InnoDB and MySQL rename the names they gave themselves together with the table. */
function renameTable({ from, to }: OperationMap["renameTable"], planner: Planner): void {
  const { state, batch, at, renamed, suspended, flavor } = planner;
  batch.statement(`RENAME TABLE ${quoteTable(from)} TO ${quoteTable(to)}`, at);
  suspended.rename(from, to);
  for (const constraint of state.table(from)?.constraints ?? []) {
    const { name, kind } = constraint;
    const own = kind === "foreignKey" ? state.owned(from, constraint) : undefined;
    const given =
      kind === "foreignKey" ? "_ibfk_" : kind === "check" && !flavor.mariadb ? "_chk_" : undefined;
    if (name === undefined || given === undefined || !name.startsWith(from.name + given)) continue;
    const now = to.name + name.slice(from.name.length);
    renamed.set(mark(to, kind, name), now);
    if (own?.name !== undefined) {
      // the index behind the key keeps its old name: then nobody could tell any more whose it is
      batch.alter(to, "rename", at, [clause.renameIndex(own.name, now)]);
      state.removeIndex(from, own.name);
      state.addIndex(from, { ...own, name: now });
    }
    state.change(from, (table) => ({
      ...table,
      constraints: table.constraints.map((other) =>
        other === constraint ? { ...constraint, name: now } : other,
      ),
    }));
  }
}

/** How many characters of rows go into one INSERT. */
const PORTION = 500_000;

function bulkInsert({ table, rows }: BulkInsert, { batch, at }: Planner): void {
  let names: readonly string[] = [];
  let values: string[] = [];
  let size = 0;
  const flush = (): void => {
    if (values.length === 0) return;
    batch.statement(
      `INSERT INTO ${quoteTable(table)} (${names.map(quoteName).join(", ")}) VALUES\n  ${values.join(",\n  ")}`,
      at,
    );
    values = [];
    size = 0;
  };
  for (const row of rows) {
    const columns = Object.keys(row);
    if (!deepEqual(columns, names) || size > PORTION) flush();
    names = columns;
    const text = `(${Object.values(row)
      .map((value) => literal(value))
      .join(", ")})`;
    size += text.length;
    values.push(text);
  }
  flush();
}

async function dropSchema(
  { name }: OperationMap["dropSchema"],
  { batch, state, context, at }: Planner,
): Promise<void> {
  const now = await context.reflect({ schemas: [name] });
  const before = new Set(now.tables.map(tableKey));
  const left = [
    ...state.tables.filter((table) => table.schema === name && before.has(tableKey(table))),
    ...now.skipped.filter((object) => object.schema === name && object.table === undefined),
  ];
  const [first] = left;
  if (first !== undefined) {
    throw new RevlineError(
      "unsupported",
      `Database "${name}" is not empty: it holds "${first.name}".`,
      {
        hint: "DROP DATABASE would take that along: drop or move it first.",
      },
    );
  }
  batch.statement(`DROP DATABASE ${quoteName(name)}`, at);
}

async function compileObject(
  operation: ObjectOperation,
  { batch, context, at }: Planner,
): Promise<void> {
  for (const { sql, settings } of await context.compileObject(operation, context))
    batch.statement(sql, at, settings);
}

const rows: { readonly [K in OperationKind]: Row<K> } = {
  createTable: (operation, { batch, flavor, at }) =>
    batch.statement(
      createdAs(createTableSql(operation.table, flavor), operation, (suffix) =>
        expressionSql(suffix, flavor),
      ),
      at,
    ),
  dropTable: ({ table, ifExists }, { batch, at }) =>
    batch.statement(`DROP TABLE ${ifExists === true ? "IF EXISTS " : ""}${quoteTable(table)}`, at),
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
    planner.batch.alter(table, "change", planner.at, [
      ...keepEndangered(planner.state, planner.flavor, table, index),
      ...freeName(planner, table, index),
      clause.addIndex(index, planner.flavor),
    ]);
    replaceOwned(planner, table, index);
    planner.made.add(mark(table, "index", index.name));
  },
  dropIndex: ({ table, name, dropped }, planner) => {
    if (planner.gone.has(mark(table, "index", name))) return;
    const found = planner.state
      .table(table)
      ?.indexes.find((index) => index.name?.toLowerCase() === name.toLowerCase());
    const isOwned = found !== undefined || planner.state.table(table) === undefined;
    if (!isOwned && planner.gone.has(mark(table, "unique", name))) return;
    dropIndexed(planner, table, found ?? dropped, clause.dropIndex(name));
  },
  renameIndex: ({ table, from, to }, { batch, at }) =>
    batch.alter(table, "change", at, [clause.renameIndex(from, to)]),
  setTableComment: ({ table, to }, { batch, at }) =>
    batch.alter(table, "change", at, [
      clause.option(`COMMENT=${stringLiteral(to ?? "")}`, "comment"),
    ]),
  setTableOptions: changeOptions,
  createSchema: ({ name }, { batch, at }) =>
    batch.statement(`CREATE DATABASE ${quoteName(name)}`, at),
  dropSchema,
  execute: ({ sql }, { batch, flavor, at }) => batch.statement(expressionSql(sql, flavor), at),
  bulkInsert,
  invoke: compileObject,
  createObject: compileObject,
  dropObject: compileObject,
  alterObject: compileObject,
  // enums are part of their columns here: alterColumn changes them
  createEnum: () => undefined,
  dropEnum: () => undefined,
  alterEnum: () => undefined,
  renameEnumValue: () => undefined,
};

function run<K extends OperationKind>(
  table: { readonly [P in K]: Row<P> },
  operation: OperationMap[K] & { readonly kind: K },
  planner: Planner,
): void | Promise<void> {
  return table[operation.kind](operation, planner);
}

const STATELESS: ReadonlySet<OperationKind> = new Set([
  "createTable",
  "dropTable",
  "createSchema",
  "dropSchema",
  "execute",
  "bulkInsert",
  "invoke",
  "createObject",
  "dropObject",
  "alterObject",
  "createEnum",
  "dropEnum",
  "alterEnum",
  "renameEnumValue",
]);

function tablesOf(operation: Operation): readonly TableName[] {
  if (operation.kind === "renameTable") return [operation.from];
  return "table" in operation && !STATELESS.has(operation.kind) ? [operation.table] : [];
}

function isRename(operation: Operation): boolean {
  return (
    operation.kind === "renameColumn" ||
    (operation.kind === "alterColumn" && operation.from.name !== operation.to.name)
  );
}

/** What has to be known before the first operation: its tables; all of them where foreign keys from elsewhere matter. */
function needed(operations: readonly Operation[], flavor: Flavor): ReflectFilter | undefined {
  const tables = [
    ...new Map(operations.flatMap(tablesOf).map((table) => [tableKey(table), table])).values(),
  ];
  const concernsKeys = operations.some(
    (operation) =>
      (operation.kind === "alterColumn" && changesKeys(operation, flavor)) ||
      (isRename(operation) && !flavor.renameFollowsExpressions),
  );
  if (!concernsKeys)
    return tables.length === 0
      ? undefined
      : {
          tables: tables.map(nameOnly),
        };
  return { schemas: [...new Set([undefined, ...tables.map(({ schema }) => schema)])] };
}

const AFTER_CHANGES: ReadonlySet<OperationKind> = new Set(["execute", "bulkInsert"]);

/**
 * Operations to SQL, in order. Neighbours on one table become one ALTER TABLE: one rebuild, and all of it
 * or nothing, which is as much of a transaction as data definition has here.
 */
export async function plan(
  recorded: readonly Operation[],
  context: PlanContext,
): Promise<readonly Statement[]> {
  const operations = await nameDrops(recorded, context);
  const flavor = flavorOf(context.server);
  const filter = needed(operations, flavor);
  const state = new State(
    filter === undefined
      ? { tables: [], objects: [], schemas: [], skipped: [] }
      : await context.reflect(filter),
    flavor,
  );
  const batch = new Batch();
  const suspended = new Suspended(batch, state, flavor);
  const planner = {
    flavor,
    context,
    state,
    batch,
    suspended,
    gone: new Set<string>(),
    made: new Set<string>(),
    renamed: new Map<string, string>(),
    dropped: new Map<string, Constraint | Index>(),
  };
  const repartitioned = repartitions(operations, flavor);
  const versioned = versionings(operations, flavor);
  for (const [at, given] of operations.entries()) {
    const operation = keepUnnamed(given, state);
    departition(repartitioned, at, batch);
    version(versioned, at, batch, "before");
    if (AFTER_CHANGES.has(operation.kind)) suspended.resume(at);
    // MySQL knows IF EXISTS for tables alone
    if (!STATELESS.has(operation.kind) && isMoot(state.metadata, operation)) continue;
    await run(rows, operation, { ...planner, at });
    state.apply(operation);
    const keys =
      operation.kind === "createTable"
        ? operation.table.constraints
        : operation.kind === "addConstraint"
          ? [operation.constraint]
          : [];
    const table =
      operation.kind === "createTable" || operation.kind === "addConstraint"
        ? operation.table
        : undefined;
    for (const key of keys)
      if (key.kind === "foreignKey" && table !== undefined) state.noteKey(table, key);
    version(versioned, at, batch, "behind");
    partition(repartitioned, at, batch);
  }
  suspended.resume(operations.length - 1);
  return batch.done();
}
