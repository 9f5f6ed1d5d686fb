import type { Rename } from "./renames.ts";
import { nameOnly, qualifiedName, sameTable } from "../schema/collect.ts";
import { enumsOf } from "../schema/objects/declare.ts";
import type { MetaData, Table } from "../schema/types.ts";
import { RevlineError } from "../errors.ts";

interface Words {
  readonly from: string;
  readonly to: string;
}

/** Every way to part it in two: an enum's value may have a colon in it, or be empty. */
function partings(text: string): readonly Words[] {
  return [...text.matchAll(/:/g)]
    .map(({ index }) => ({ from: text.slice(0, index), to: text.slice(index + 1) }))
    .filter(({ from }) => from !== "");
}

/** What stands behind `name.`; undefined where the text does not begin so. */
function behind(text: string, name: string): string | undefined {
  return text.startsWith(`${name}.`) ? text.slice(name.length + 1) : undefined;
}

function tableRename(
  { from, to }: Words,
  database: MetaData,
  models: MetaData,
): Rename | undefined {
  const table = database.tables.find((known) => qualifiedName(known) === from);
  const target = models.tables.find((known) => qualifiedName(known) === to);
  return table === undefined || target === undefined
    ? undefined
    : { kind: "table", from: nameOnly(table), to: nameOnly(target) };
}

type Part = "column" | "constraint" | "index";
const NAMES: { readonly [K in Part]: (table: Table) => readonly (string | undefined)[] } = {
  column: ({ columns }) => columns.map(({ name }) => name),
  constraint: ({ constraints }) => constraints.map(({ name }) => name),
  index: ({ indexes }) => indexes.map(({ name }) => name),
};
const PARTS = ["column", "constraint", "index"] as const;

/** A column, a constraint and an index may have one name: then the one is meant that the database has. */
function partRename(
  { from: whole, to }: Words,
  database: MetaData,
  models: MetaData,
): Rename | undefined {
  const fitting = models.tables.flatMap((table): readonly Rename[] => {
    const from = behind(whole, qualifiedName(table));
    if (from === undefined) return [];
    const live = database.tables.find((known) => sameTable(known, table));
    const kinds = PARTS.filter((kind) => NAMES[kind](table).includes(to));
    const kind =
      kinds.find((one) => live !== undefined && NAMES[one](live).includes(from)) ?? kinds[0];
    return kind === undefined ? [] : [{ kind, table: nameOnly(table), from, to }];
  });
  return fitting[0];
}

function valueRename(
  { from: whole, to }: Words,
  database: MetaData,
  models: MetaData,
): Rename | undefined {
  for (const type of enumsOf(database.objects)) {
    const from = behind(whole, qualifiedName(type));
    const target = enumsOf(models.objects).find((known) => sameTable(known, type));
    if (from !== undefined && type.values.includes(from) && target?.values.includes(to) === true)
      return { kind: "enumValue", enum: nameOnly(type), from, to };
  }
  return undefined;
}

/** What `old:new` means; undefined where it fits nothing that is there. */
export function findRename(text: string, database: MetaData, models: MetaData): Rename | undefined {
  const ways = partings(text);
  for (const read of [tableRename, partRename, valueRename])
    for (const words of ways) {
      const rename = read(words, database, models);
      if (rename !== undefined) return rename;
    }
  return undefined;
}

/**
 * Reads `--rename old:new` (tables), `--rename table.old:new` (columns, constraints, indexes; the table by its new
 * name) and `--rename enum.old:new` (values of an enum).
 *
 * @throws RevlineError usage when none of them fits what is there
 */
export function parseRename(text: string, database: MetaData, models: MetaData): Rename {
  const found = findRename(text, database, models);
  if (found !== undefined) return found;
  throw partings(text).length === 0
    ? new RevlineError(
        "usage",
        `--rename ${text} is not of the form old:new, table.old:new or enum.old:new.`,
        {
          hint: "Write --rename users:accounts for a table, --rename users.name:full_name for a column, a constraint or an index, --rename mood.sad:unhappy for a value of an enum.",
        },
      )
    : new RevlineError(
        "usage",
        `--rename ${text} fits no table, column, constraint, index or value of an enum.`,
        { hint: "The old name must be in the database, the new one in the models." },
      );
}
