import { nameOnly } from "../schema/collect.ts";
import { matchByKey, pairEqual } from "./lists.ts";
import { sameStructure } from "./names.ts";
import type { Operation } from "../operations/operation.ts";
import { identityIndex } from "../schema/replica-identity.ts";
import type { Constraint, DialectName, Index, Options, Table, TableName } from "../schema/types.ts";
import { deepEqual, omit } from "../util/equal.ts";

/** What is known beyond the two tables. */
export interface Beyond {
  /** Whether the rows of a column differ where its definition does not say so. */
  readonly isDifferent: (table: TableName, column: string) => boolean;
  /** Whether another table gives up the new name, or takes the old one. */
  readonly changesHands: (table: TableName, from: string, to: string) => boolean;
}

/** The operations that make one table the other. Both have the same name. */
export function compareTable(
  before: Table,
  after: Table,
  { isDifferent, changesHands }: Beyond,
): readonly Operation[] {
  const table: TableName = nameOnly(after);
  const isShared = (from: string, to: string): boolean => changesHands(table, from, to);
  return [
    ...compareColumns(table, before, after, isDifferent),
    ...compareConstraints(table, before.constraints, after.constraints, isShared),
    ...compareIndexes(table, before.indexes, after.indexes, isShared),
    ...compareOptions(table, before, after),
    ...compareIdentity(table, before, after),
    ...compareComment(table, before, after),
  ];
}

function compareColumns(
  table: TableName,
  before: Table,
  after: Table,
  isDifferent: (table: TableName, column: string) => boolean,
): readonly Operation[] {
  const { removed, added, both } = matchByKey(before.columns, after.columns, ({ name }) => name);
  return [
    // from the last to the first: on the way back each finds the one it stands behind
    ...removed.toReversed().map((column): Operation => ({
      kind: "dropColumn",
      table,
      name: column.name,
      dropped: column,
    })),
    ...both
      .filter(([from, to]) => !deepEqual(from, to) || isDifferent(table, to.name))
      .map(([from, to]): Operation => ({ kind: "alterColumn", table, from, to })),
    ...added.map((column): Operation => ({ kind: "addColumn", table, column })),
  ];
}

function dropConstraint(table: TableName, dropped: Constraint): Operation {
  const name = dropped.name === undefined ? {} : { name: dropped.name };
  return { kind: "dropConstraint", table, ...name, type: dropped.kind, dropped };
}

interface Changes<T> {
  readonly dropped: readonly T[];
  readonly added: readonly T[];
  /** Pairs that differ in the name alone. */
  readonly renamed: readonly (readonly [T, T])[];
}

/**
 * Named items are matched by name first; what is left is matched by structure: equal but for the name is
 * a rename, where the new name is free.
 */
function changes<T extends Constraint | Index>(
  before: readonly T[],
  after: readonly T[],
  isShared: (from: string, to: string) => boolean,
): Changes<T> {
  const exact = pairEqual(before, after, deepEqual);
  const byStructure = pairEqual(exact.removed, exact.added, sameStructure);
  const own = new Set(before.flatMap(({ name }) => name ?? []));
  const isRename = ([from, to]: readonly [T, T]): boolean =>
    from.name !== undefined &&
    to.name !== undefined &&
    !own.has(to.name) &&
    !isShared(from.name, to.name);
  const remade = byStructure.both.filter((pair) => !isRename(pair));
  return {
    dropped: [...byStructure.removed, ...remade.map(([from]) => from)],
    added: [...byStructure.added, ...remade.map(([, to]) => to)],
    renamed: byStructure.both.filter(isRename),
  };
}

function compareConstraints(
  table: TableName,
  before: readonly Constraint[],
  after: readonly Constraint[],
  isShared: (from: string, to: string) => boolean,
): readonly Operation[] {
  const { dropped, added, renamed } = changes(before, after, isShared);
  return [
    ...dropped.map((constraint) => dropConstraint(table, constraint)),
    ...renamed.map(([from, to]): Operation => ({
      kind: "renameConstraint",
      table,
      type: to.kind,
      from: from.name ?? "",
      to: to.name ?? "",
    })),
    ...added.map((constraint): Operation => ({ kind: "addConstraint", table, constraint })),
  ];
}

function compareIndexes(
  table: TableName,
  before: readonly Index[],
  after: readonly Index[],
  isShared: (from: string, to: string) => boolean,
): readonly Operation[] {
  const { dropped, added, renamed } = changes(before, after, isShared);
  return [
    ...dropped.map((index): Operation => ({
      kind: "dropIndex",
      table,
      name: index.name ?? "",
      dropped: index,
    })),
    ...renamed.map(([from, to]): Operation => ({
      kind: "renameIndex",
      table,
      from: from.name ?? "",
      to: to.name ?? "",
    })),
    ...added.map((index): Operation => ({ kind: "createIndex", table, index })),
  ];
}

const DIALECTS: readonly DialectName[] = ["sqlite", "postgresql", "mysql", "mariadb"];

function compareOptions(table: TableName, before: Table, after: Table): readonly Operation[] {
  return DIALECTS.flatMap((dialect): readonly Operation[] => {
    const [from, to] = withoutIdentity(
      before.options?.[dialect] ?? {},
      after.options?.[dialect] ?? {},
    );
    return deepEqual(from, to)
      ? []
      : [{ kind: "setTableOptions", table, dialect, ...onlyChanged(from, to) }];
  });
}

function onlyChanged(from: Options, to: Options): { from: Options; to: Options } {
  const differs = (key: string): boolean => from[key] !== to[key];
  const pick = (options: Options): Options =>
    Object.fromEntries(Object.entries(options).filter(([key]) => differs(key)));
  return { from: pick(from), to: pick(to) };
}

/** An index that tells rows is there when it does, so that is said apart from what else a table is. */
function withoutIdentity(from: Options, to: Options): readonly [Options, Options] {
  return [from, to].every((options) => identityIndex(options) === undefined)
    ? [from, to]
    : [omit(from, "replicaIdentity"), omit(to, "replicaIdentity")];
}

/** What tells a table's rows, where that is an index: it is let go before it goes, and taken when it has come. */
function compareIdentity(table: TableName, before: Table, after: Table): readonly Operation[] {
  const [was, is] = [before, after].map(({ options }) => identityIndex(options?.postgresql));
  const item = ({ constraints, indexes }: Table, name: string): unknown =>
    [...constraints, ...indexes].find((one) => one.name === name);
  if (was === is && (was === undefined || deepEqual(item(before, was), item(after, was))))
    return [];
  const identity = ({ options }: Table): Options => {
    const replicaIdentity = options?.postgresql?.["replicaIdentity"];
    return replicaIdentity === undefined ? {} : { replicaIdentity };
  };
  const [from, to] = [identity(before), identity(after)];
  const changes =
    was === undefined || is === undefined
      ? [{ from, to }]
      : [
          { from, to: {} },
          { from: {}, to },
        ];
  return changes.map((change): Operation => ({
    kind: "setTableOptions",
    table,
    dialect: "postgresql",
    ...change,
  }));
}

function compareComment(table: TableName, before: Table, after: Table): readonly Operation[] {
  if (before.comment === after.comment) return [];
  return [
    { kind: "setTableComment", table, from: before.comment ?? null, to: after.comment ?? null },
  ];
}
