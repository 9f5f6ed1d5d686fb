import { castExpression } from "./casting.ts";
import { canonicalColumn } from "./canonical.ts";
import { setStorage, storageAfterRetyping, storageOf } from "./column-storage.ts";
import { collation, comment, defaultText, faithful, identityText, inSchemaOf } from "./compile.ts";
import { sequenceName } from "./naming.ts";
import { effectiveOptions, impliedBounds } from "./sequence-bounds.ts";
import {
  alterSequence,
  continueAfterRows,
  createSequence,
  lastName,
  nextValue,
  ownSequence,
  resetSequence,
  sequencePath,
} from "./sequences.ts";
import { quote, quoteTable, quoteText, render } from "./spelling.ts";
import { visibleType } from "./type-names.ts";
import { compileType } from "./types.ts";
import type { ServerInfo } from "../contract.ts";
import type { Expression } from "../../schema/expression.ts";
import type { Column, TableName } from "../../schema/types.ts";
import { deepEqual } from "../../util/equal.ts";

/** One column before and after, both in canonical form and under the new name. */
export interface ColumnChange {
  readonly table: TableName;
  readonly from: Column;
  readonly to: Column;
  readonly using?: Expression;
  /** The table is unlogged, and so is a sequence that it gets. */
  readonly unlogged?: boolean;
  /** The sequence of the serial that it was or becomes is one of its own on the other side: it stays. */
  readonly sharesSequence?: boolean;
}

type Server = Pick<ServerInfo, "versionNumber" | "defaultSchema">;
type Counter = "none" | "identity" | "serial";

/** The parts of a change as they matter here: the spelling of types and variants out of the way. */
export function changeOf(
  table: TableName,
  { from, to, using }: Sides,
  server: Server,
): ColumnChange {
  const visible = (given: Column): Column => {
    const column = canonicalColumn(given);
    return { ...column, type: visibleType(column.type, server) };
  };
  return { table, from: visible(from), to: visible(to), ...(using === undefined ? {} : { using }) };
}

interface Sides {
  readonly from: Column;
  readonly to: Column;
  readonly using?: Expression;
}

function counterOf({ identity }: Column): Counter {
  if (identity === undefined) return "none";
  return identity.serial === true ? "serial" : "identity";
}

/** True where the type or the collation changes: what hangs on the column is in the way. */
export function isRetyped({ from, to }: ColumnChange): boolean {
  return compileType(from.type) !== compileType(to.type) || from.collation !== to.collation;
}

/** True where the column gets a sequence beside it. */
export function becomesSerial({ from, to }: ColumnChange): boolean {
  return counterOf(to) === "serial" && counterOf(from) !== "serial";
}

function sameComputed(from: Column, to: Column): boolean {
  return deepEqual(from.computed?.expression, to.computed?.expression);
}

/**
 * True where the server has no way but a new column: a plain one becomes computed, stored becomes
 * virtual, or (before PostgreSQL 17) the expression changes. No value is lost: they are computed again.
 */
export function isRemade(change: ColumnChange, server: Server): boolean {
  const { from, to } = change;
  if (to.computed === undefined) return false;
  if (from.computed === undefined || from.computed.stored !== to.computed.stored) return true;
  const recast = isRetyped(change) && castExpression("", from.type, to.type) !== undefined;
  return (
    recast || (!sameComputed(from, to) && (server.versionNumber < 170000 || isRetyped(change)))
  );
}

/** True where the server writes the values anew; what it knows of their distribution goes (PostgreSQL 17). */
export function isRecomputed({ from, to }: ColumnChange): boolean {
  return from.computed !== undefined && to.computed !== undefined && !sameComputed(from, to);
}

/** A computed column whose values stay as plain ones, where DROP EXPRESSION cannot do it: copied. */
export function isCopied({ from, to }: ColumnChange, server: Server): boolean {
  if (from.computed === undefined || to.computed !== undefined) return false;
  return !from.computed.stored || server.versionNumber < 130000;
}

function renameSequence(table: TableName, from: Column, to: Column): readonly string[] {
  if (counterOf(from) === "none" || from.options?.["sequence"] !== undefined) return [];
  const before = sequenceName(table.name, from.name);
  const after = sequenceName(table.name, to.name);
  return before === after
    ? []
    : [`ALTER SEQUENCE ${quoteTable(inSchemaOf(table, before))} RENAME TO ${quote(after)}`];
}

/** A new name, for the column and the sequence that is called after it. */
export function renameColumn(table: TableName, from: Column, to: Column): readonly string[] {
  if (from.name === to.name) return [];
  return [
    `ALTER TABLE ${quoteTable(table)} RENAME COLUMN ${quote(from.name)} TO ${quote(to.name)}`,
    ...renameSequence(table, from, to),
  ];
}

/** The word the catalog puts behind a literal of the type; a default of another one has to be set again. */
function keepsDefault({ from, to }: ColumnChange): boolean {
  const base = ({ type }: Column): string => compileType(type).replace(/\(.*?\)/g, "");
  return deepEqual(from.default, to.default) && base(from) === base(to);
}

function typeAction(change: ColumnChange): string {
  const { from, to, using } = change;
  const name = quote(to.name);
  const cast =
    using === undefined
      ? to.computed === undefined
        ? castExpression(name, from.type, to.type)
        : undefined
      : render(using);
  return [
    `ALTER COLUMN ${name} TYPE ${compileType(to.type)}`,
    ...(to.collation === undefined ? [] : [`COLLATE ${collation(to.collation)}`]),
    ...(cast === undefined ? [] : [`USING ${cast}`]),
  ].join(" ");
}

/** What one ALTER TABLE says of the column, the counter aside. */
function actions(change: ColumnChange): readonly string[] {
  const { from, to } = change;
  const name = quote(to.name);
  const retyped = isRetyped(change);
  const reset = !deepEqual(from.default, to.default) || (retyped && !keepsDefault(change));
  return [
    ...(from.default !== undefined && reset && (retyped || to.default === undefined)
      ? [`ALTER COLUMN ${name} DROP DEFAULT`]
      : []),
    ...(retyped ? [typeAction(change)] : []),
    ...(to.default !== undefined && reset
      ? [`ALTER COLUMN ${name} SET DEFAULT ${defaultText(to.default)}`]
      : []),
    ...(from.nullable && !to.nullable ? [`ALTER COLUMN ${name} SET NOT NULL`] : []),
    ...(!from.nullable && to.nullable ? [`ALTER COLUMN ${name} DROP NOT NULL`] : []),
  ];
}

/** One ALTER TABLE with all the actions; none where there is none. */
function alterTable(table: TableName, parts: readonly string[]): readonly string[] {
  if (parts.length === 0) return [];
  const head = `ALTER TABLE ${quoteTable(table)}`;
  return parts.length === 1 ? [`${head} ${parts.join("")}`] : [`${head}\n  ${parts.join(",\n  ")}`];
}

/** What a sequence is called while another one takes its place. */
const SPARE = "revline_counter";

/** How a column's counter goes from one form to another; its place is kept. */
interface CounterSteps {
  /** Before the type changes. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

type Turn = `${Counter} ${Counter}`;

function counterSteps(change: ColumnChange): CounterSteps {
  const { table, from, to, unlogged = false, sharesSequence = false } = change;
  const column = `ALTER COLUMN ${quote(to.name)}`;
  const own = quoteTable(table);
  const spare = quoteTable(inSchemaOf(table, SPARE));
  const old = sequencePath(table, from);
  const add = `ALTER TABLE ${own} ${column} ADD ${identityText(table, to)}`;
  const { minValue, maxValue } = effectiveOptions(to);
  // a counter outside the new bounds starts anew
  const carry = (target: string, source: string): string =>
    `SELECT setval(${quoteText(target)}, last_value, is_called) FROM ${source} WHERE last_value BETWEEN ${String(minValue)} AND ${String(maxValue)}`;
  const setDefault = `ALTER TABLE ${own} ${column} SET DEFAULT ${nextValue(table, to)}`;
  const turns: { readonly [T in Turn]: CounterSteps } = {
    "none none": { before: [], after: [] },
    "none identity": { before: [], after: [add, ...continueAfterRows(table, to)] },
    "none serial": {
      before: [],
      after: [
        sharesSequence
          ? resetSequence(sequencePath(table, to), to)
          : createSequence(table, to, { unlogged }),
        ownSequence(table, to),
        setDefault,
        ...(sharesSequence ? [] : continueAfterRows(table, to)),
      ],
    },
    "identity none": { before: [`ALTER TABLE ${own} ${column} DROP IDENTITY`], after: [] },
    "serial none": {
      before: sharesSequence
        ? []
        : [`ALTER TABLE ${own} ${column} DROP DEFAULT`, `DROP SEQUENCE ${old}`],
      after: [],
    },
    "serial identity": {
      before: [
        `ALTER TABLE ${own} ${column} DROP DEFAULT`,
        `ALTER SEQUENCE ${old} OWNED BY NONE`,
        `ALTER SEQUENCE ${old} RENAME TO ${quote(SPARE)}`,
      ],
      after: [add, carry(sequencePath(table, to), spare), `DROP SEQUENCE ${spare}`],
    },
    "identity serial": {
      before: [
        createSequence(table, to, { path: spare, unlogged }),
        carry(spare, old),
        `ALTER TABLE ${own} ${column} DROP IDENTITY`,
        `ALTER SEQUENCE ${spare} RENAME TO ${quote(lastName(sequencePath(table, to)))}`,
      ],
      after: [ownSequence(table, to), setDefault],
    },
    "identity identity": sameCounter(table, from, to),
    "serial serial": { before: [], after: alterSequence(table, from, to) },
  };
  return turns[`${counterOf(from)} ${counterOf(to)}`];
}

/** The server gives an identity's sequence the column's new type by itself; its bounds must fit by then. */
function sameCounter(table: TableName, from: Column, to: Column): CounterSteps {
  const always = to.identity?.always === true;
  const changed = (from.identity?.always === true) !== always;
  const word = always ? "ALWAYS" : "BY DEFAULT";
  const generated = changed
    ? [`ALTER TABLE ${quoteTable(table)} ALTER COLUMN ${quote(to.name)} SET GENERATED ${word}`]
    : [];
  const top = ({ type }: Column): bigint => impliedBounds(type.name, false).maximum;
  const shrinks = top(to) < top(from);
  if (shrinks) {
    const early: Column = {
      ...to,
      type: from.type,
      identity: { ...to.identity, ...effectiveOptions(to) },
    };
    return { before: alterSequence(table, from, early), after: generated };
  }
  return {
    before: [],
    after: [...generated, ...alterSequence(table, { ...from, type: to.type }, to)],
  };
}

/** A column's change: what one ALTER TABLE can say of it, and the statements around that. */
export interface ColumnSteps {
  readonly before: readonly string[];
  readonly actions: readonly string[];
  readonly after: readonly string[];
}

/** The statements of each of the steps on one table; one ALTER TABLE, with the last, says all that it can. */
export function compileSteps(
  table: TableName,
  steps: readonly ColumnSteps[],
): readonly (readonly string[])[] {
  const main = alterTable(
    table,
    steps.flatMap((step) => step.actions),
  );
  const last = steps.length - 1;
  return steps.map(({ before }, at) =>
    at < last ? before : [...before, ...main, ...steps.flatMap(({ after }) => after)],
  );
}

/** The statements of one column's change where no new column is needed. */
export function alterColumn(change: ColumnChange): readonly string[] {
  return compileSteps(change.table, [columnSteps(change)]).flat();
}

/** True where the change can share an ALTER TABLE with others: no other statement has to stand between. */
export function isJoinable(change: ColumnChange): boolean {
  const { from, to, using } = change;
  // a USING that the revision says itself may read what the change before it has written
  return from.name === to.name && counterOf(from) === counterOf(to) && using === undefined;
}

/** The steps of one column's change where no new column is needed, in the order that the server takes. */
export function columnSteps(change: ColumnChange): ColumnSteps {
  const { table, from, to } = change;
  const renamed: ColumnChange = { ...change, from: { ...from, name: to.name } };
  const counter = counterSteps(renamed);
  const setsExpression =
    from.computed !== undefined && to.computed !== undefined && !sameComputed(from, to);
  return {
    before: [
      ...renameColumn(table, from, to),
      ...counter.before,
      ...(setsExpression && to.computed !== undefined
        ? alterTable(table, [
            `ALTER COLUMN ${quote(to.name)} SET EXPRESSION AS (${faithful(to.computed.expression)})`,
          ])
        : []),
      ...(from.computed !== undefined && to.computed === undefined
        ? // alone: while it is computed, the server takes no USING for its type
          alterTable(table, [`ALTER COLUMN ${quote(to.name)} DROP EXPRESSION`])
        : []),
    ],
    actions: actions(renamed),
    after: [
      ...counter.after,
      ...setStorage(table, [to], () =>
        isRetyped(change) ? storageAfterRetyping(from.options) : storageOf(from.options),
      ),
      ...(from.comment === to.comment
        ? []
        : [comment(`COLUMN ${quoteTable(table)}.${quote(to.name)}`, to.comment)]),
    ],
  };
}
