import * as clause from "./clauses.ts";
import type { Clause } from "./batch.ts";
import type { Planner } from "./planner.ts";
import { charsetOfType } from "./charset.ts";
import type { Flavor } from "./flavor.ts";
import { expressionSql, quoteName, quoteTable } from "./quote.ts";
import { changesKeys } from "./suspended.ts";
import { mentions, renameInText, withoutIntroducers, wrap } from "./tokens.ts";
import { compileType } from "./types.ts";
import { unsafeDefault } from "./unsafe.ts";
import type { AddColumn, AlterColumn, RenameColumn } from "../../operations/operation.ts";
import { renameInConstraint, renameInIndex } from "../../operations/rename.ts";
import { text } from "../../schema/expression.ts";
import type {
  CheckConstraint,
  Column,
  ColumnType,
  Index,
  Table,
  TableName,
} from "../../schema/types.ts";
import { columnFor } from "../ddl.ts";
import { deepEqual, omit } from "../../util/equal.ts";

type Storage = "regular" | "stored" | "virtual";

function storageOf(column: Column): Storage {
  if (column.computed === undefined) return "regular";
  return column.computed.stored ? "stored" : "virtual";
}

/**
 * The keys and indexes over a column that has to be made anew: dropped with it and added with it, as the server
 * would only cut the column out of them.
 *
 * @param renamed a column that gets another name in the same statement
 */
function around(
  planner: Planner,
  table: TableName,
  name: string,
  renamed: readonly [from: string, to: string] = [name, name],
): { readonly drops: readonly Clause[]; readonly adds: readonly Clause[] } {
  const { state, flavor } = planner;
  const { constraints, indexes } = state.keysWith(table, name);
  const [from, to] = renamed;
  return {
    drops: [
      ...constraints.map((item) => clause.dropConstraint(item.kind, item.name, flavor)),
      ...indexes.map((item) => clause.dropIndex(item.name ?? "")),
    ],
    adds: [
      ...constraints.map((item) =>
        clause.addConstraint(renameInConstraint(item, { own: true, table, from, to }), flavor),
      ),
      ...indexes.map((item) => clause.addIndex(renameInIndex(item, from, to), flavor)),
    ],
  };
}

function uniqueName(planner: Planner, table: TableName): string {
  const taken = new Set(planner.state.table(table)?.columns.map(({ name }) => name.toLowerCase()));
  let number = 1;
  while (taken.has(`revline_tmp_${String(number)}`)) number += 1;
  return `revline_tmp_${String(number)}`;
}

/** Between virtual and anything else a column is made anew; values that were only computed are kept. */
function remake(planner: Planner, { table, from, to }: AlterColumn): void {
  const { batch, state, flavor, at } = planner;
  const { drops, adds } = around(planner, table, from.name);
  const users = state.users(table, from.name);
  const checks = users.checks.map((check) => check.name);
  const before = [
    ...drops,
    ...checks.map((name) => clause.dropConstraint("check", name, flavor)),
    ...users.indexes.map((index) => clause.dropIndex(index.name ?? "")),
  ];
  const after = [
    ...adds,
    ...users.checks.map((check) => clause.addConstraint(check, flavor)),
    ...users.indexes.map((index) => clause.addIndex(index, flavor)),
  ];
  const place = state.before(table, from.name);
  batch.flush();
  if (to.computed !== undefined) {
    batch.alter(table, "change", at, [
      ...before,
      clause.dropColumn(from.name),
      clause.addColumn(to, place, flavor),
      ...after,
    ]);
    batch.flush();
    return;
  }
  const kept: Column = { ...to, name: uniqueName(planner, table) };
  batch.statement(
    `ALTER TABLE ${quoteTable(table)} ${clause.addColumn({ ...kept, nullable: true }, from.name, flavor).sql}`,
    at,
  );
  batch.statement(
    `UPDATE ${quoteTable(table)} SET ${quoteName(kept.name)} = ${quoteName(from.name)}`,
    at,
  );
  batch.alter(table, "change", at, [
    ...before,
    clause.dropColumn(from.name),
    { ...clause.changeColumn(kept.name, to, flavor), touches: [] },
    ...after,
  ]);
  batch.flush();
}

/** A column whose default MySQL adds no column with comes without, is filled, and gets it then. */
export function addColumn(
  { table, column, after }: AddColumn,
  { batch, flavor, at }: Planner,
): void {
  const fill = unsafeDefault(column, flavor);
  if (fill === undefined)
    return batch.alter(table, "change", at, [clause.addColumn(column, after, flavor)]);
  const bare: Column = { ...omit(columnFor(column, flavor.name), "default"), nullable: true };
  batch.alter(table, "change", at, [clause.addColumn(bare, after, flavor)]);
  batch.statement(`UPDATE ${quoteTable(table)} SET ${quoteName(column.name)} = ${wrap(fill)}`, at);
  batch.alter(table, "change", at, [clause.changeColumn(column.name, column, flavor)]);
}

/** Types of MariaDB that cast to and from text alone (4078). */
function isTextBound(type: ColumnType): boolean {
  return type.name === "uuid" || (type.name === "raw" && /^inet[46]/i.test(type.sql));
}

const FROM_TEXT = /char|text|binary|blob|enum|set|json/;

/** True when MariaDB refuses the cast, but takes it in two steps. */
function needsText(from: Column, to: Column, flavor: Flavor): boolean {
  const [was, is] = [isTextBound(from.type), isTextBound(to.type)];
  if (!flavor.mariadb || (!was && !is)) return false;
  if (was && is) return !deepEqual(from.type, to.type);
  return !FROM_TEXT.test((was ? to.type : from.type).name);
}

/**
 * Checks over columns of text, made anew around a change of their character set: MySQL writes literals in
 * the set of the column that they stand beside (`_utf8mb3'x'`), and would keep the old one.
 */
export function recoded(
  { state, flavor }: Planner,
  table: TableName,
  columns: readonly string[],
): { readonly drops: readonly Clause[]; readonly adds: readonly Clause[] } {
  if (flavor.mariadb) return { drops: [], adds: [] };
  const checks = [...new Set(columns.flatMap((column) => state.users(table, column).checks))];
  const plain = (check: CheckConstraint): CheckConstraint => ({
    ...check,
    expression: text(withoutIntroducers(expressionSql(check.expression, flavor))),
  });
  return {
    drops: checks.map((check) => clause.dropConstraint("check", check.name, flavor)),
    adds: checks.map((check) => clause.addConstraint(plain(check), flavor)),
  };
}

/** The reference system that a spatial column is bound to. */
function systemOf({ type }: Column): string | undefined {
  return type.name === "raw" ? /\bsrid\s+(\d+)/i.exec(type.sql)?.[1] : undefined;
}

/** MySQL changes no reference system under a spatial index, even one that goes or comes in the same statement (3644). */
function changeSystem(planner: Planner, { table, from, to, after }: AlterColumn): void {
  const { batch, state, flavor, at } = planner;
  const kept = state
    .keysWith(table, from.name)
    .indexes.filter(({ method }) => method?.toLowerCase() === "spatial");
  batch.alter(
    table,
    "change",
    at,
    kept.map((index) => clause.dropIndex(index.name ?? "")),
  );
  batch.flush();
  batch.alter(table, "change", at, [clause.changeColumn(from.name, to, flavor, after)]);
  batch.flush();
  batch.alter(
    table,
    "change",
    at,
    kept.map((index) => clause.addIndex(renameInIndex(index, from.name, to.name), flavor)),
  );
}

export function alterColumn(operation: AlterColumn, planner: Planner): void {
  const { table } = operation;
  const { batch, flavor, at, suspended } = planner;
  const from = columnFor(operation.from, flavor.name);
  const to = columnFor(operation.to, flavor.name);
  if (changesKeys({ from, to }, flavor)) suspended.suspend(table, from.name, at);
  const [was, is] = [storageOf(from), storageOf(to)];
  const { after } = operation;
  if (was !== is && (was === "virtual" || is === "virtual")) {
    remake(planner, { ...operation, from, to });
    if (after !== undefined)
      batch.alter(table, "change", at, [clause.changeColumn(to.name, to, flavor, after)]);
    return;
  }
  if (!flavor.mariadb && systemOf(from) !== systemOf(to))
    return changeSystem(planner, { ...operation, from, to });
  if (was === "regular" && is === "regular" && needsText(from, to, flavor)) {
    batch.alter(table, "change", at, [
      clause.changeColumn(
        from.name,
        { name: from.name, type: { name: "varchar", length: 255 }, nullable: true },
        flavor,
      ),
    ]);
    batch.flush();
  }
  if (from.name !== to.name && !flavor.renameFollowsExpressions) {
    renameColumn({ kind: "renameColumn", table, from: from.name, to: to.name }, planner);
    batch.alter(table, "change", at, [clause.changeColumn(to.name, to, flavor, after)]);
    return;
  }
  const changesSet =
    charsetOfType(from.type) !== charsetOfType(to.type) || from.collation !== to.collation;
  const { drops, adds } = changesSet
    ? recoded(planner, table, [from.name])
    : { drops: [], adds: [] };
  batch.alter(table, "change", at, [
    ...drops,
    clause.changeColumn(from.name, to, flavor, after),
    ...adds,
  ]);
}

/** MySQL renames no column that an expression uses: what uses it goes and comes back with the new name. */
export function renameColumn({ table, from, to }: RenameColumn, planner: Planner): void {
  const { batch, state, flavor, at, suspended } = planner;
  const rename = clause.renameColumn(from, to);
  const { checks, columns, indexes } = state.users(table, from);
  const isUsed = checks.length + columns.length + indexes.length > 0;
  // a column of a foreign key is renamed in place or not at all (1846)
  if (!flavor.renameFollowsExpressions && (isUsed || copiesAlways(state.table(table), flavor)))
    suspended.suspend(table, from, at);
  if (flavor.renameFollowsExpressions || !isUsed) {
    batch.alter(table, "rename", at, [rename]);
    return;
  }
  batch.flush();
  const now = (sql: string): string => renameInText(withoutIntroducers(sql), from, to);
  const renamedCheck = (check: CheckConstraint): CheckConstraint => ({
    ...check,
    expression: text(now(expressionSql(check.expression, flavor))),
  });
  const renamedIndex = (index: Index): Index => ({
    ...index,
    elements: index.elements.map((element) => ({
      ...element,
      ...(element.column === from ? { column: to } : {}),
      ...(element.expression === undefined
        ? {}
        : { expression: text(now(expressionSql(element.expression, flavor))) }),
    })),
  });
  const remade = columns.map((column): { drop: readonly Clause[]; add: readonly Clause[] } => {
    const { drops, adds } = around(planner, table, column.name, [from, to]);
    const place = state.before(table, column.name);
    const { computed } = column;
    const next =
      computed === undefined
        ? column
        : {
            ...column,
            computed: {
              ...computed,
              expression: text(now(expressionSql(computed.expression, flavor))),
            },
          };
    return {
      drop: [...drops, clause.dropColumn(column.name)],
      add: [clause.addColumn(next, place === from ? to : place, flavor), ...adds],
    };
  });
  batch.alter(
    table,
    "rename",
    at,
    unique([
      ...checks.map((check) => clause.dropConstraint("check", check.name, flavor)),
      ...indexes.map((index) => clause.dropIndex(index.name ?? "")),
      ...remade.flatMap(({ drop }) => drop),
      rename,
      ...remade.flatMap(({ add }) => add),
      ...checks.map((check) => clause.addConstraint(renamedCheck(check), flavor)),
      ...indexes.map((index) => clause.addIndex(renamedIndex(index), flavor)),
    ]),
  );
  batch.flush();
}

/** Types of columns that a check may speak of without harm; with others MySQL 9.7 copies the table at every ALTER. */
const HARMLESS =
  /^(?:tinyint|smallint|mediumint|int|bigint|decimal|double|float|bit|char|varchar|binary|varbinary|text|blob|year|json)\b/i;

function copiesAlways(table: Table | undefined, flavor: Flavor): boolean {
  const checks = (table?.constraints ?? []).flatMap((item) =>
    item.kind === "check" ? [expressionSql(item.expression, flavor)] : [],
  );
  return (table?.columns ?? []).some(
    ({ name, type }) =>
      !HARMLESS.test(compileType(type, flavor)) && checks.some((sql) => mentions(sql, name)),
  );
}

function unique(clauses: readonly Clause[]): readonly Clause[] {
  return [...new Map(clauses.map((one) => [one.sql, one])).values()];
}
