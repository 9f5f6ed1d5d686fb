import {
  alterColumn,
  becomesSerial,
  columnSteps,
  compileSteps,
  isCopied,
  isJoinable,
  isRecomputed,
  isRemade,
  isRetyped,
  type ColumnChange,
  type ColumnSteps,
} from "./alter-column.ts";
import { addColumn, addConstraint, comment, createIndex } from "./compile.ts";
import type { TouchedColumn } from "./aside.ts";
import { namesIn } from "./expression-text.ts";
import type { PlanState } from "./state.ts";
import { quote, quoteTable, render } from "./spelling.ts";
import type { ServerInfo } from "../contract.ts";
import type { Column, Constraint, Index, Table, TableName } from "../../schema/types.ts";

type Server = Pick<ServerInfo, "versionNumber" | "defaultSchema">;

/** A column that goes and comes back, as it was or as its own change wants it. */
interface Remade {
  readonly from: string;
  readonly to: Column;
}

/** True where a constraint or index stands on a column. */
export function mentions(item: Constraint | Index, column: string): boolean {
  if (!("kind" in item)) {
    const expressions = [item.where, ...item.elements.map(({ expression }) => expression)];
    return (
      item.elements.some((element) => element.column === column) ||
      (item.include ?? []).includes(column) ||
      expressions.some(
        (expression) => expression !== undefined && namesIn(render(expression)).has(column),
      )
    );
  }
  switch (item.kind) {
    case "check":
      return namesIn(render(item.expression)).has(column);
    case "exclude":
      return namesIn(render(item.definition)).has(column);
    default:
      return (
        item.columns.includes(column) ||
        ("include" in item && (item.include ?? []).includes(column))
      );
  }
}

/** Computed columns that the server does not let stand while the type of what they are computed from changes. */
function computedFrom(
  table: Table | undefined,
  changes: readonly ColumnChange[],
): readonly Column[] {
  const retyped = changes.filter((change) => isRetyped(change)).map(({ from }) => from.name);
  return (table?.columns ?? []).filter(
    ({ computed }) =>
      computed !== undefined &&
      retyped.some((name) => namesIn(render(computed.expression)).has(name)),
  );
}

function remadeColumns(
  table: Table | undefined,
  changes: readonly ColumnChange[],
  server: Server,
): readonly Remade[] {
  const own = changes
    .filter((change) => isRemade(change, server))
    .map(({ from, to }): Remade => ({ from: from.name, to }));
  const taken = new Set(own.map(({ from }) => from));
  const others = computedFrom(table, changes)
    .filter(({ name }) => !taken.has(name))
    .map((column): Remade => ({
      from: column.name,
      to: changes.find(({ from }) => from.name === column.name)?.to ?? column,
    }))
    .filter(({ to }) => to.computed !== undefined);
  return [...own, ...others];
}

/** Constraints and indexes that go with the columns, made again with the columns' new names. */
function itemsOf(
  table: Table | undefined,
  remade: readonly Remade[],
): { readonly constraints: readonly Constraint[]; readonly indexes: readonly Index[] } {
  const goes = (item: Constraint | Index): boolean =>
    remade.some(({ from }) => mentions(item, from));
  return {
    constraints: (table?.constraints ?? []).filter(goes),
    indexes: (table?.indexes ?? []).filter(goes),
  };
}

/** A new column takes the values, the old one goes, the new one takes its name. */
function copyColumn({ table, from, to }: ColumnChange, server: Server): readonly string[] {
  const spare = "revline_copy";
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  const bare: Column = { ...to, name: spare, nullable: true };
  const { comment: words } = to;
  return [
    ...addColumn(table, withoutComment(bare), server),
    `UPDATE ${quoteTable(table)} SET ${quote(spare)} = ${quote(from.name)}`,
    `${alter} DROP COLUMN ${quote(from.name)}`,
    `${alter} RENAME COLUMN ${quote(spare)} TO ${quote(to.name)}`,
    ...(to.nullable ? [] : [`${alter} ALTER COLUMN ${quote(to.name)} SET NOT NULL`]),
    ...(words === undefined
      ? []
      : [comment(`COLUMN ${quoteTable(table)}.${quote(to.name)}`, words)]),
  ];
}

function withoutComment({ comment: _, ...column }: Column): Column {
  return column;
}

/** A computed column that another change has taken away comes again in the place where it is changed. */
function isHandled(change: ColumnChange, remade: readonly Remade[]): boolean {
  return remade.some(({ from }) => from === change.from.name);
}

/** Steps of which no ALTER TABLE that others share says anything. */
function stepsBefore(before: readonly string[]): ColumnSteps {
  return { before, actions: [], after: [] };
}

/** Neighbouring changes that can share a statement; a column is in no group twice. */
function joinable(changes: readonly ColumnChange[]): readonly (readonly ColumnChange[])[] {
  const groups: ColumnChange[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    const joins =
      group?.every((other) => isJoinable(other) && other.from.name !== change.from.name) === true &&
      isJoinable(change);
    if (joins) group?.push(change);
    else groups.push([change]);
  }
  return groups;
}

/**
 * The statements of each change. Types that change side by side change in one statement: the rows are
 * written once, and an index or check over two of the columns never meets the one type beside the other.
 */
function alterEach(
  table: TableName,
  changes: readonly ColumnChange[],
  stepsOf: (change: ColumnChange) => ColumnSteps,
): readonly (readonly string[])[] {
  return joinable(changes).flatMap((group) => {
    const steps = group.map(stepsOf);
    const retyped = group.filter(
      (change, at) => isRetyped(change) && steps[at]?.actions.length !== 0,
    );
    return retyped.length < 2
      ? steps.flatMap((step) => compileSteps(table, [step]))
      : compileSteps(table, steps);
  });
}

/** The changes of one table's columns, compiled. */
export interface Altered {
  /** One list of statements for each change. */
  readonly parts: readonly (readonly string[])[];
  /** The columns under which views, triggers, policies and routines have to step aside; empty where nothing hangs on them. */
  readonly touched: readonly TouchedColumn[];
  /** The columns that go and come again. */
  readonly remade: readonly TouchedColumn[];
}

/**
 * The changes of neighbouring operations on one table, with what of the table itself has to step aside
 * for them: computed columns, the constraints and indexes of columns that are made anew.
 */
export async function alterColumns(
  name: TableName,
  changes: readonly ColumnChange[],
  state: PlanState,
  server: Server,
): Promise<Altered> {
  const invasive = changes.filter(
    (change) =>
      isRetyped(change) ||
      isRemade(change, server) ||
      isCopied(change, server) ||
      isRecomputed(change),
  );
  if (invasive.length === 0 && !changes.some(becomesSerial))
    return { parts: changes.map((change) => alterColumn(change)), touched: [], remade: [] };
  const { table, hasDependents } = await state.table(name);
  const unlogged =
    table?.options?.postgresql?.["unlogged"] === true && server.versionNumber >= 150000;
  const remade = remadeColumns(table, changes, server);
  const copied = changes.filter((change) => isCopied(change, server) && !isHandled(change, remade));
  const gone: readonly Remade[] = [
    ...remade,
    ...copied.map(({ from, to }): Remade => ({ from: from.name, to })),
  ];
  const items = itemsOf(table, gone);
  const touched = new Set([
    ...invasive.map(({ from }) => from.name),
    ...gone.map(({ from }) => from),
  ]);
  const first = remade.map(
    ({ from }) => `ALTER TABLE ${quoteTable(name)} DROP COLUMN ${quote(from)}`,
  );
  const last = [
    ...remade.flatMap(({ to }) => addColumn(name, to, server)),
    ...items.constraints.flatMap((constraint) => addConstraint(name, constraint, server)),
    ...items.indexes.flatMap((index) => createIndex(name, index, server)),
  ];
  const own = alterEach(name, changes, (change) => {
    if (isHandled(change, remade)) return stepsBefore([]);
    return copied.includes(change)
      ? stepsBefore(copyColumn(change, server))
      : columnSteps({ ...change, unlogged });
  });
  return {
    parts: own.map((statements, at) => [
      ...(at === 0 ? first : []),
      ...statements,
      ...(at === own.length - 1 ? last : []),
    ]),
    touched:
      invasive.length > 0 && hasDependents
        ? [...touched].map((column) => ({ table: name, column }))
        : [],
    remade: gone.map(({ from }) => ({ table: name, column: from })),
  };
}
