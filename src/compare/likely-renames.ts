import type {
  AddColumn,
  AlterEnum,
  CreateTable,
  DropColumn,
  DropTable,
  Operation,
} from "../operations/operation.ts";
import type { Rename } from "./renames.ts";
import { nameOnly, qualifiedName, sameTable } from "../schema/collect.ts";
import type { Table } from "../schema/types.ts";
import { deepEqual } from "../util/equal.ts";

/** A drop and an add that look like a rename. */
export interface LikelyRename {
  readonly rename: Rename;
  /** What `--rename` and a file of answers call it: `users.name:full_name`. */
  readonly name: string;
  /** What answers the question ahead: `--rename users.name:full_name`. */
  readonly flag: string;
}

/** How much of the larger table the two share, from 0 to 1: 1 is the same columns in the same order. */
function likeness(a: Table, b: Table): number {
  const columns = (table: Table): readonly unknown[] =>
    table.columns.map(({ name, type }) => ({ name, type }));
  const [small, large] =
    a.columns.length <= b.columns.length ? [columns(a), columns(b)] : [columns(b), columns(a)];
  if (deepEqual(small, large)) return 1;
  const isPart = small.every((column) => large.some((other) => deepEqual(column, other)));
  return isPart && small.length > 1 ? small.length / (large.length + 1) : 0;
}

/** Drops and adds that may be renames: tables of which one has all columns of the other, columns of one type in one table, values of an enum in the same place. */
export function likelyRenames(operations: readonly Operation[]): readonly LikelyRename[] {
  const of = <K extends Operation["kind"]>(kind: K): readonly Extract<Operation, { kind: K }>[] =>
    operations.filter(
      (operation): operation is Extract<Operation, { kind: K }> => operation.kind === kind,
    );
  return [
    ...tableRenames(of("dropTable"), of("createTable")),
    ...columnRenames(of("dropColumn"), of("addColumn")),
    ...valueRenames(of("alterEnum")),
  ];
}

function likely(rename: Rename, name: string): LikelyRename {
  return { rename, name, flag: `--rename ${name}` };
}

function tableRenames(
  drops: readonly DropTable[],
  creates: readonly CreateTable[],
): readonly LikelyRename[] {
  const pairs = drops
    .flatMap(({ dropped }) =>
      creates.map(({ table }) => ({
        dropped,
        table,
        alike: dropped === undefined ? 0 : likeness(dropped, table),
      })),
    )
    .filter(({ alike }) => alike >= 0.5)
    .toSorted((a, b) => b.alike - a.alike);
  const used = new Set<Table>();
  return pairs.flatMap(({ dropped, table }) => {
    if (dropped === undefined || used.has(dropped) || used.has(table)) return [];
    used.add(dropped).add(table);
    const rename: Rename = { kind: "table", from: nameOnly(dropped), to: nameOnly(table) };
    return [likely(rename, `${qualifiedName(dropped)}:${qualifiedName(table)}`)];
  });
}

function columnRenames(
  drops: readonly DropColumn[],
  adds: readonly AddColumn[],
): readonly LikelyRename[] {
  const free = [...adds];
  // drops come from the last column to the first; people read them the other way
  return drops.toReversed().flatMap(({ table, name, dropped }) => {
    const at = free.findIndex(
      ({ table: other, column }) =>
        sameTable(table, other) && dropped !== undefined && deepEqual(column.type, dropped.type),
    );
    const [found] = at < 0 ? [] : free.splice(at, 1);
    if (found === undefined) return [];
    const rename: Rename = { kind: "column", table, from: name, to: found.column.name };
    return [likely(rename, `${qualifiedName(table)}.${name}:${found.column.name}`)];
  });
}

/** The values between those that stay, by the one behind them: as many old as new ones are renames. */
function between(values: readonly string[], others: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let gap: string[] = [];
  for (const value of values) {
    if (!others.includes(value)) {
      gap.push(value);
      continue;
    }
    found.set(value, gap);
    gap = [];
  }
  return found.set("", gap);
}

function valueRenames(alters: readonly AlterEnum[]): readonly LikelyRename[] {
  return alters.flatMap(({ from, to }) => {
    const added = between(to.values, from.values);
    return [...between(from.values, to.values)].flatMap(([next, gone]) => {
      const come = added.get(next) ?? [];
      if (come.length !== gone.length) return [];
      return gone.map((value, at) => {
        const name = come[at] ?? "";
        const rename: Rename = { kind: "enumValue", enum: nameOnly(to), from: value, to: name };
        return likely(rename, `${qualifiedName(to)}.${value}:${name}`);
      });
    });
  });
}
