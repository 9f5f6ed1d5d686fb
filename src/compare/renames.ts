import type {
  AddColumn,
  CreateTable,
  DropColumn,
  DropTable,
  Operation,
} from "../operations/operation.ts";
import type { Capabilities } from "../dialects/contract.ts";
import { nameOnly, qualifiedName, sameTable } from "../schema/collect.ts";
import type { MetaData, Table, TableName } from "../schema/types.ts";
import { deepEqual } from "../util/equal.ts";
import { RevlineError } from "../errors.ts";

/** A decision that something was renamed: a table, or (with `column`) a column of it. */
export type Rename =
  | { readonly kind: "table"; readonly from: TableName; readonly to: TableName }
  | {
      readonly kind: "column";
      readonly table: TableName;
      readonly from: string;
      readonly to: string;
    };

/** A drop and an add that look like a rename. */
export interface LikelyRename {
  readonly rename: Rename;
  /** What `--rename` and a file of answers call it: `users.name:full_name`. */
  readonly name: string;
  /** What answers the question ahead: `--rename users.name:full_name`. */
  readonly flag: string;
}

function split(
  text: string,
  tables: readonly TableName[],
): { table: TableName; column: string } | undefined {
  const found = tables.find((table) => text.startsWith(`${qualifiedName(table)}.`));
  return found === undefined
    ? undefined
    : { table: found, column: text.slice(qualifiedName(found).length + 1) };
}

/**
 * Reads `--rename old:new` (tables) and `--rename table.old:new` (columns; the table by its new name).
 *
 * @throws RevlineError usage when neither fits what is there
 */
export function parseRename(text: string, database: MetaData, models: MetaData): Rename {
  const at = text.lastIndexOf(":");
  const [from, to] = [text.slice(0, at), text.slice(at + 1)];
  if (at <= 0 || to === "") {
    throw new RevlineError(
      "usage",
      `--rename ${text} is not of the form old:new or table.old:new.`,
      {
        hint: "Write --rename users:accounts for a table, --rename users.name:full_name for a column.",
      },
    );
  }
  const table = database.tables.find((known) => qualifiedName(known) === from);
  const target = models.tables.find((known) => qualifiedName(known) === to);
  if (table !== undefined && target !== undefined) {
    if (database.tables.some((known) => sameTable(known, target))) {
      throw new RevlineError(
        "usage",
        `--rename ${text}: table "${to}" exists in the database already.`,
        {
          hint: "Rename to a name that is free, or drop that table in a revision of its own first.",
        },
      );
    }
    return { kind: "table", from: nameOnly(table), to: nameOnly(target) };
  }
  const column = split(from, models.tables);
  const inModels = column && models.tables.find((known) => sameTable(known, column.table));
  if (column !== undefined && inModels?.columns.some(({ name }) => name === to)) {
    return { kind: "column", table: nameOnly(column.table), from: column.column, to };
  }
  throw new RevlineError(
    "usage",
    `--rename ${text} fits no table or column of the database and the models.`,
    {
      hint: "The old name must be in the database, the new one in the models.",
    },
  );
}

/** The operation that a decision becomes. @throws RevlineError usage when the column is not there or the name is taken */
export function renameOperation(rename: Rename, database: MetaData): Operation {
  if (rename.kind === "table") return { kind: "renameTable", from: rename.from, to: rename.to };
  const table = database.tables.find((known) => sameTable(known, rename.table));
  const has = (name: string): boolean =>
    table?.columns.some((column) => column.name === name) ?? false;
  if (!has(rename.from) || has(rename.to)) {
    const problem = has(rename.from)
      ? `has a column "${rename.to}" already`
      : `has no column "${rename.from}"`;
    throw new RevlineError(
      "usage",
      `Table "${qualifiedName(rename.table)}" ${problem}, so it cannot be renamed.`,
      {
        hint: "Give --rename table.old:new with the old name as it is in the database.",
      },
    );
  }
  return { kind: "renameColumn", table: rename.table, from: rename.from, to: rename.to };
}

/**
 * Where names are the same whatever their case, a name spelled anew is a rename, never a drop and an add:
 * the database would say that the name is taken.
 */
export function caseRenames(
  database: MetaData,
  models: MetaData,
  rule: Capabilities["caseInsensitive"],
): readonly Rename[] {
  return models.tables.flatMap((table): readonly Rename[] => {
    const live =
      database.tables.find((known) => sameTable(known, table)) ??
      (rule.tables
        ? database.tables.find((known) => sameTable(folded(known), folded(table)))
        : undefined);
    if (live === undefined) return [];
    const renamed: readonly Rename[] =
      live.name === table.name
        ? []
        : [{ kind: "table", from: nameOnly(live), to: nameOnly(table) }];
    if (!rule.columns) return renamed;
    const names = new Set(live.columns.map(({ name }) => name));
    const columns = table.columns.flatMap(({ name: to }): readonly Rename[] => {
      const from = names.has(to)
        ? undefined
        : live.columns.find(({ name }) => name.toLowerCase() === to.toLowerCase())?.name;
      return from === undefined ? [] : [{ kind: "column", table: nameOnly(table), from, to }];
    });
    return [...renamed, ...columns];
  });
}

function folded({ schema, name }: TableName): TableName {
  return {
    ...(schema === undefined ? {} : { schema: schema.toLowerCase() }),
    name: name.toLowerCase(),
  };
}

function sameShape(a: Table, b: Table): boolean {
  const columns = (table: Table): unknown =>
    table.columns.map(({ name, type }) => ({ name, type }));
  return deepEqual(columns(a), columns(b));
}

/** Drops and adds that may be renames: tables with the same columns, columns of one type in one table. */
export function likelyRenames(operations: readonly Operation[]): readonly LikelyRename[] {
  const of = <K extends Operation["kind"]>(kind: K): readonly Extract<Operation, { kind: K }>[] =>
    operations.filter(
      (operation): operation is Extract<Operation, { kind: K }> => operation.kind === kind,
    );
  return [
    ...tableRenames(of("dropTable"), of("createTable")),
    ...columnRenames(of("dropColumn"), of("addColumn")),
  ];
}

function likely(rename: Rename, name: string): LikelyRename {
  return { rename, name, flag: `--rename ${name}` };
}

function tableRenames(
  drops: readonly DropTable[],
  creates: readonly CreateTable[],
): readonly LikelyRename[] {
  const free = [...creates];
  return drops.flatMap(({ table, dropped }) => {
    const at = free.findIndex(
      (created) => dropped !== undefined && sameShape(dropped, created.table),
    );
    const [found] = at < 0 ? [] : free.splice(at, 1);
    if (found === undefined) return [];
    const rename: Rename = { kind: "table", from: nameOnly(table), to: nameOnly(found.table) };
    return [likely(rename, `${qualifiedName(table)}:${qualifiedName(found.table)}`)];
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
