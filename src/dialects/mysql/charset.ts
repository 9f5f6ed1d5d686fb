import { modern, type Defaults } from "./catalog.ts";
import type { Column, ColumnType, Options, Table } from "../../schema/types.ts";
import { omit } from "../../util/equal.ts";

/** A character set is the collation's name up to the first `_`. */
export function charsetOf(collation: string): string {
  return /^[^_]*/.exec(modern(collation))?.[0] ?? "";
}

/** The collation that a given character set and collation mean together. */
function effective(
  charset: string | undefined,
  collation: string | undefined,
  inherited: string,
  defaults: Defaults,
): string {
  if (collation !== undefined) return modern(collation);
  if (charset === undefined) return inherited;
  return defaults.collationOf.get(modern(charset)) ?? modern(charset);
}

interface Spelled {
  readonly charset?: string;
  readonly collation?: string;
}

/** The shortest way to say a collation where another is inherited. */
function shortest(collation: string, inherited: string, defaults: Defaults): Spelled {
  if (collation === inherited) return {};
  const charset = charsetOf(collation);
  if (charset === charsetOf(inherited)) return { collation };
  return defaults.collationOf.get(charset) === collation ? { charset } : { charset, collation };
}

/** The collation of a schema's tables. */
export function schemaCollation(schema: string | undefined, defaults: Defaults): string {
  return defaults.collations.get(schema ?? "") ?? defaults.collations.get("") ?? "";
}

/** The collation of a table's columns, from its options. */
export function tableCollation(
  table: Pick<Table, "schema">,
  options: Options,
  defaults: Defaults,
): string {
  const { charset, collation } = options;
  return effective(
    charset === undefined ? undefined : String(charset),
    collation === undefined ? undefined : String(collation),
    schemaCollation(table.schema, defaults),
    defaults,
  );
}

/** Character set and collation as table options, where they are not the schema's own. */
export function collationOptions(
  collation: string,
  schema: string | undefined,
  defaults: Defaults,
): Spelled {
  return shortest(collation, schemaCollation(schema, defaults), defaults);
}

type Named<T, N> = T extends { readonly name: string } ? (N extends T["name"] ? T : never) : never;
/** The types that have a character set. */
type CharacterType =
  | Named<ColumnType, "char">
  | Named<ColumnType, "text">
  | Named<ColumnType, "enum">
  | Named<ColumnType, "set">;

const CHARACTER_TYPES: ReadonlySet<string> = new Set([
  "char",
  "varchar",
  "text",
  "tinytext",
  "mediumtext",
  "longtext",
  "enum",
  "set",
]);

function isCharacterType(type: ColumnType): type is CharacterType {
  return CHARACTER_TYPES.has(type.name);
}

/** True for a type that holds text. */
export function hasCharset(type: ColumnType): boolean {
  return isCharacterType(type);
}

/** The type in a character set; undefined: in the inherited one. Other types have none. */
export function inCharset(type: ColumnType, charset: string | undefined): ColumnType {
  if (!isCharacterType(type)) return type;
  const { charset: _inherited, ...bare } = type;
  return charset === undefined ? bare : { ...bare, charset };
}

/** The character set that a type names. */
export function charsetOfType(type: ColumnType): string | undefined {
  return isCharacterType(type) ? type.charset : undefined;
}

/** The column with character set and collation only where they are not the table's. */
export function withShortCollation(
  column: Column,
  tableDefault: string,
  defaults: Defaults,
): Column {
  const plain: Column = { ...omit(column, "collation"), type: inCharset(column.type, undefined) };
  if (!isCharacterType(column.type)) return plain;
  const collation = effective(column.type.charset, column.collation, tableDefault, defaults);
  const spelled = shortest(collation, tableDefault, defaults);
  return {
    ...plain,
    type: inCharset(column.type, spelled.charset),
    ...(spelled.collation === undefined ? {} : { collation: spelled.collation }),
  };
}

/** True for a column of text that says nothing of character set or collation. */
export function hasInheritedCharset(column: Column): boolean {
  return (
    isCharacterType(column.type) &&
    column.type.charset === undefined &&
    column.collation === undefined
  );
}
