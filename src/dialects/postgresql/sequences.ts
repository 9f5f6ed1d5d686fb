import { sequenceName } from "./naming.ts";
import { effectiveOptions, impliedBounds, sequenceType, type Counter } from "./sequence-bounds.ts";
import { quote, quoteTable, quoteText } from "./spelling.ts";
import type { Operation } from "../../operations/operation.ts";
import type { Column, Identity, TableName } from "../../schema/types.ts";

/** The sequence behind a serial or identity column, quoted, with its schema where it has one. */
export function sequencePath(table: TableName, column: Column): string {
  const given = column.options?.["sequence"];
  const own = typeof given === "string" ? given : quote(sequenceName(table.name, column.name));
  return own.includes('"."') || table.schema === undefined ? own : `${quote(table.schema)}.${own}`;
}

/** The last name of a quoted path. */
export function lastName(path: string): string {
  const [, name = ""] = /"((?:[^"]|"")*)"$/.exec(path) ?? [];
  return name.replaceAll('""', '"');
}

/** True when the word `serial` says all of it. */
export function isPlainSerial({ identity, options }: Column): boolean {
  if (identity === undefined) return false;
  if (options?.["sequence"] !== undefined || options?.["sequenceType"] !== undefined) return false;
  return identity.serial === true && Object.keys(identity).every((key) => key === "serial");
}

/** The options that differ from a plain sequence, as SQL. */
export function compileSequenceOptions(identity: Identity): readonly string[] {
  const { increment, minValue, maxValue, start, cache, cycle } = identity;
  return [
    ...(increment === undefined ? [] : [`INCREMENT BY ${String(increment)}`]),
    ...(minValue === undefined ? [] : [`MINVALUE ${String(minValue)}`]),
    ...(maxValue === undefined ? [] : [`MAXVALUE ${String(maxValue)}`]),
    ...(start === undefined ? [] : [`START WITH ${String(start)}`]),
    ...(cache === undefined ? [] : [`CACHE ${String(cache)}`]),
    ...(cycle === true ? ["CYCLE"] : []),
  ];
}

interface SequenceOptions {
  /** Another path than the column's own. */
  readonly path?: string;
  /** As the table is (PostgreSQL 15). */
  readonly unlogged?: boolean;
}

/** A sequence for a serial column. */
export function createSequence(
  table: TableName,
  column: Column,
  { path, unlogged }: SequenceOptions = {},
): string {
  const words = unlogged === true ? "CREATE UNLOGGED SEQUENCE" : "CREATE SEQUENCE";
  return [
    `${words} ${path ?? sequencePath(table, column)} AS ${sequenceType(column)}`,
    ...compileSequenceOptions(column.identity ?? {}),
  ].join(" ");
}

export function ownSequence(table: TableName, column: Column): string {
  return `ALTER SEQUENCE ${sequencePath(table, column)} OWNED BY ${quoteTable(table)}.${quote(column.name)}`;
}

export function nextValue(table: TableName, column: Column): string {
  return `nextval(${quoteText(sequencePath(table, column))}::regclass)`;
}

/** What makes the options of one sequence those of another; empty where they are the same. */
export function changedOptions(from: Counter, to: Counter): readonly string[] {
  const before = effectiveOptions(from);
  const after = effectiveOptions(to);
  return [
    ...(before.increment === after.increment ? [] : [`INCREMENT BY ${String(after.increment)}`]),
    ...(before.minValue === after.minValue ? [] : [`MINVALUE ${String(after.minValue)}`]),
    ...(before.maxValue === after.maxValue ? [] : [`MAXVALUE ${String(after.maxValue)}`]),
    ...(before.start === after.start ? [] : [`START WITH ${String(after.start)}`]),
    ...(before.cache === after.cache ? [] : [`CACHE ${String(after.cache)}`]),
    ...(before.cycle === after.cycle ? [] : [after.cycle ? "CYCLE" : "NO CYCLE"]),
  ];
}

function widest(from: Counter, to: Counter): readonly string[] {
  const before = effectiveOptions(from);
  const after = effectiveOptions(to);
  const narrows = after.minValue > before.minValue || after.maxValue < before.maxValue;
  if (!narrows) return [];
  const least = after.minValue < before.minValue ? after.minValue : before.minValue;
  const most = after.maxValue > before.maxValue ? after.maxValue : before.maxValue;
  return [`MINVALUE ${String(least)}`, `MAXVALUE ${String(most)}`];
}

export function alterSequence(table: TableName, from: Column, to: Column): readonly string[] {
  return alterSequenceAt(sequencePath(table, to), from, to);
}

/**
 * Statements that give a sequence other options and keep its counter; a counter outside the new bounds
 * starts anew.
 */
export function alterSequenceAt(path: string, from: Counter, to: Counter): readonly string[] {
  const retyped = sequenceType(from) === sequenceType(to) ? [] : [`AS ${sequenceType(to)}`];
  const options = changedOptions(from, to);
  if (options.length === 0 && retyped.length === 0) return [];
  const { minValue, maxValue, start } = effectiveOptions(to);
  const wide = widest(from, to);
  const top = (counter: Counter): bigint => impliedBounds(sequenceType(counter), false).maximum;
  const grows = top(to) > top(from);
  const head = `ALTER SEQUENCE ${path}`;
  return [
    ...(grows ? [[head, ...retyped].join(" ")] : []),
    ...(wide.length === 0
      ? []
      : [
          [head, ...wide].join(" "),
          `SELECT setval(${quoteText(path)}, ${String(start)}, false) FROM ${path} WHERE last_value NOT BETWEEN ${String(minValue)} AND ${String(maxValue)}`,
        ]),
    [head, ...(grows ? [] : retyped), ...allOptions(to)].join(" "),
  ];
}

/** Gives a sequence all options of a column's, whatever it had; its counter stays. */
export function resetSequence(path: string, counter: Counter): string {
  return [`ALTER SEQUENCE ${path} AS ${sequenceType(counter)}`, ...allOptions(counter)].join(" ");
}

/** Sequences that are a serial column's on one side of a plan and nobody's, or another's, on the other. */
export function sharedSequences(operations: readonly Operation[]): ReadonlySet<string> {
  const ofColumns = operations.flatMap((operation): readonly string[] => {
    if (operation.kind !== "alterColumn") return [];
    const { table, from, to } = operation;
    const [was, is] = [from, to].map(({ identity }) => identity?.serial === true);
    if (was === is) return [];
    return [sequencePath(table, was === true ? from : to)];
  });
  const ofTheirOwn = new Set(
    operations.flatMap((operation): readonly string[] => {
      if (operation.kind === "createObject" && operation.object.kind === "sequence")
        return [quoteTable(operation.object)];
      return operation.kind === "dropObject" && operation.type === "sequence"
        ? [quoteTable(operation.object)]
        : [];
    }),
  );
  return new Set(ofColumns.filter((path) => ofTheirOwn.has(path)));
}

/** All options in full: a change of the sequence's type may have moved its bounds. */
function allOptions(column: Counter): readonly string[] {
  const { increment, minValue, maxValue, start, cache, cycle } = effectiveOptions(column);
  return [
    `INCREMENT BY ${String(increment)}`,
    `MINVALUE ${String(minValue)}`,
    `MAXVALUE ${String(maxValue)}`,
    `START WITH ${String(start)}`,
    `CACHE ${String(cache)}`,
    cycle ? "CYCLE" : "NO CYCLE",
  ];
}

/** The counter behind the largest value that is there, so that the next row gets a free one. */
export function continueAfterRows(table: TableName, column: Column): readonly string[] {
  const { increment, start } = effectiveOptions(column);
  if (increment < 0n) return [];
  const name = quote(column.name);
  const path = quoteText(sequencePath(table, column));
  return [
    `SELECT setval(${path}, max(${name})) FROM ${quoteTable(table)} HAVING max(${name}) >= ${String(start)}`,
  ];
}
