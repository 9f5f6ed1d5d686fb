import { camelCase, uniqueName } from "../util/text.ts";
import { objectKey } from "../schema/objects/declare.ts";
import type { OpenObject } from "../schema/objects/types.ts";
import { tableKey } from "../schema/collect.ts";
import type { EnumType, Table, TableName } from "../schema/types.ts";

/** What no constant of a module may be called. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    "abstract arguments as async await boolean break case catch class const constructor continue debugger declare default delete do else " +
    "enum eval export extends false finally for from function get if implements import in instanceof interface is keyof let module " +
    "namespace never new null number object of package private protected public readonly require return set static string super " +
    "switch symbol this throw true try type typeof undefined unknown using var void while with yield any bigint globalThis Infinity NaN"
  ).split(" "),
);

/** What models import, and the parameter of `with`. */
const IMPORTED: ReadonlySet<string> = new Set(
  (
    "aggregate c cast check collation compositeType customObject defaultPrivileges desc domain enumType event exclude extension foreignKey func grants index materializedView " +
    "metadata Model operator part policy primaryKey publication rangeType rule schemaComment sequence sql sqlFunction sqlProcedure statistics t table textSearchConfiguration textSearchDictionary trigger unique uniqueIndex view " +
    "virtualTable"
  ).split(" "),
);

/** A valid identifier near to a name; `word` stands where nothing is left of the name. */
function identifier(name: string, word: string): string {
  const camel = camelCase(name);
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(camel)) return camel;
  const suffixed = `${word}${camel}`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(suffixed) ? suffixed : word;
}

/** The exported names of a module of models. */
export interface ExportNames {
  readonly ofTable: (table: TableName) => string | undefined;
  readonly ofEnum: (type: TableName) => string | undefined;
  readonly ofObject: (object: OpenObject) => string | undefined;
}

/** What stands on a table may have the name of another on another table: then all of them say theirs. */
function sharedNames(objects: readonly OpenObject[]): (object: OpenObject) => boolean {
  const key = ({ kind, name }: OpenObject): string => JSON.stringify([kind, name]);
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const object of objects) {
    if (seen.has(key(object))) shared.add(key(object));
    seen.add(key(object));
  }
  return (object) => shared.has(key(object));
}

/**
 * Names for what the models export: the tables' and enums' own in camelCase, with the table, the schema or
 * a number where two would be the same. No two differ by case alone: they may become files.
 */
export function exportNames(
  tables: readonly Table[],
  enums: readonly EnumType[],
  objects: readonly OpenObject[],
): ExportNames {
  const taken = new Set<string>();
  const isShared = sharedNames(objects);
  const name = (given: TableName, word: string): string => {
    const isTaken = (candidate: string): boolean =>
      RESERVED.has(candidate) || IMPORTED.has(candidate) || taken.has(candidate.toLowerCase());
    const plain = identifier(given.name, word);
    const suffix = word.replace(/^./, (letter) => letter.toUpperCase());
    const withSchema =
      given.schema === undefined ? [] : [identifier(`${given.schema}_${given.name}`, word)];
    const candidates = [plain, ...withSchema, `${plain}${suffix}`];
    const chosen =
      candidates.find((candidate) => !isTaken(candidate)) ?? uniqueName(plain, isTaken);
    taken.add(chosen.toLowerCase());
    return chosen;
  };
  const tableNames = new Map(tables.map((table) => [tableKey(table), name(table, "table")]));
  const enumNames = new Map(enums.map((type) => [tableKey(type), name(type, "enum")]));
  const objectNames = new Map(
    objects.map((object) => {
      const { table, kind } = object;
      const isOfTable = table !== undefined && isShared(object);
      // a symbol is no word, but its function has a name
      const own = kind === "operator" ? { ...object, name: object.function } : object;
      const said = isOfTable ? { ...object, name: `${table}_${object.name}` } : own;
      return [objectKey(kind, object), name(said, kind)];
    }),
  );
  return {
    ofTable: (table) => tableNames.get(tableKey(table)),
    ofEnum: (type) => enumNames.get(tableKey(type)),
    ofObject: (object) => objectNames.get(objectKey(object.kind, object)),
  };
}

/** The properties that a table's columns become, by the columns' names: camelCase, each once. */
export function columnKeys(table: Table): ReadonlyMap<string, string> {
  // `$columns` is a property of every table
  const taken = new Set<string>(["$columns"]);
  const exact = new Set(
    table.columns.map(({ name }) => name).filter((name) => camelCase(name) === name),
  );
  return new Map(
    table.columns.map(({ name }) => {
      const wanted = identifier(name, "column");
      // a column that has the name already keeps it
      const key = uniqueName(
        wanted,
        (candidate) => taken.has(candidate) || (candidate !== name && exact.has(candidate)),
      );
      taken.add(key);
      return [name, key];
    }),
  );
}
