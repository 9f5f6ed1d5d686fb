import { array, arrow, call, object, string, word, type Code, type Entry } from "./code.ts";
import { exportConst } from "./layout.ts";
import { columnCode, targetCode } from "./column.ts";
import { data, entriesOf, optionsArgument, type Style } from "./data.ts";
import { builderName, definedAs } from "./object.ts";
import { columnKeys, exportNames, type ExportNames } from "./names.ts";
import { dialectOptions, itemCode, split, type TargetsCode } from "./table.ts";
import { enumsOf, isOpen } from "../schema/objects/declare.ts";
import { userTypeOf } from "../schema/objects/user-types.ts";
import type { OpenObject } from "../schema/objects/types.ts";
import { sameTable, tableKey } from "../schema/collect.ts";
import type { Constraint, EnumType, ForeignKey, Index, MetaData, Table } from "../schema/types.ts";
import { deepEqual } from "../util/equal.ts";
import { topologicalSort } from "../util/topological-sort.ts";

export interface ModelsOptions {
  /** The name that the database gives to what has none: such names are left out. */
  readonly defaultName?: (table: Table, item: Constraint | Index) => string | undefined;
  /** TypeScript's type of the values of a type without a builder. */
  readonly rawValue?: (spelling: string) => string | undefined;
}

/** A declaration, and what it needs from elsewhere. */
export interface Declaration {
  readonly name: string;
  readonly text: string;
  /** From `revline/schema`. */
  readonly imports: ReadonlySet<string>;
  /** Names of other declarations. */
  readonly uses: ReadonlySet<string>;
}

export interface Context {
  readonly tables: ReadonlyMap<string, Table>;
  readonly enums: readonly EnumType[];
  readonly objects: readonly OpenObject[];
  readonly names: ExportNames;
  readonly keys: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly options: ModelsOptions;
}

export function contextOf(metadata: MetaData, options: ModelsOptions): Context {
  const enums = enumsOf(metadata.objects);
  const objects = metadata.objects.filter(isOpen);
  return {
    tables: new Map(metadata.tables.map((table) => [tableKey(table), table])),
    enums,
    objects,
    names: exportNames(metadata.tables, enums, objects),
    keys: new Map(metadata.tables.map((table) => [tableKey(table), columnKeys(table)])),
    options,
  };
}

/** The primary key before all else, wherever it stood when the table was written. */
function keyFirst(items: readonly (Constraint | Index)[]): readonly (Constraint | Index)[] {
  const rank = (item: Constraint | Index): number =>
    "kind" in item && item.kind === "primaryKey" ? 0 : 1;
  return items.toSorted((a, b) => rank(a) - rank(b));
}

/** Referenced tables first, as far as there is no cycle; else in the order given. */
export function inOrder(
  tables: readonly Table[],
  byKey: ReadonlyMap<string, Table>,
): readonly Table[] {
  return topologicalSort(tables, (table) =>
    table.constraints.flatMap((item) => {
      const target = item.kind === "foreignKey" ? byKey.get(tableKey(item.references)) : undefined;
      return target === undefined || target === table ? [] : [target];
    }),
  );
}

/** The table without the names that it would get anyway. */
function withoutDefaultNames(table: Table, { defaultName }: ModelsOptions): Table {
  if (defaultName === undefined) return table;
  const names = [...table.constraints, ...table.indexes].flatMap(({ name }) => name ?? []);
  const bare = <T extends Constraint | Index>(item: T): T => {
    const { name } = item;
    // MySQL: the index that has the name of a foreign key belongs to it by that name
    if (name === undefined || names.filter((other) => other === name).length > 1) return item;
    const unnamed: T & { name?: string } = { ...item };
    delete unnamed.name;
    return defaultName(table, unnamed) === name ? unnamed : item;
  };
  return { ...table, constraints: table.constraints.map(bare), indexes: table.indexes.map(bare) };
}

/** Kinds of objects that are types of columns: they are declared before the tables. */
const TYPES: ReadonlySet<OpenObject["kind"]> = new Set<OpenObject["kind"]>([
  "domain",
  "compositeType",
  "rangeType",
]);

/** True for what tables are declared with. */
export function isUserType({ kind }: OpenObject): boolean {
  return TYPES.has(kind);
}

/** The export that is the type of this spelling. */
function declaredType(spelling: string, { objects, names }: Context): string | undefined {
  const plain = (sql: string): string => sql.replace(/"([a-z_][a-z0-9_]*)"/g, "$1");
  const found = objects.find(
    (object) => isUserType(object) && plain(userTypeOf(object).sql) === plain(spelling),
  );
  return found === undefined ? undefined : names.ofObject(found);
}

/** Keys to tables that are not declared say so, or the models would be taken for incomplete. */
function withExternals(table: Table, { tables }: Context): Table {
  const constraints = table.constraints.map((item) =>
    item.kind === "foreignKey" && !tables.has(tableKey(item.references))
      ? { ...item, external: true }
      : item,
  );
  return { ...table, constraints };
}

export function tableDeclaration(given: Table, context: Context): Declaration {
  const table = withExternals(withoutDefaultNames(given, context.options), context);
  const name = context.names.ofTable(table) ?? "";
  const keys = context.keys.get(tableKey(table)) ?? new Map<string, string>();
  const imports = new Set(["table"]);
  const uses = new Set<string>();
  let usesColumns = false;

  const property = (of: string, key: string): Code => word(`${of}.${key}`);
  const ownColumn = (column: string): Code => {
    usesColumns = true;
    return property("c", keys.get(column) ?? column);
  };
  const enumOf: Style["enumOf"] = (type) => {
    if (type.name === "raw") {
      const exported = declaredType(type.sql, context);
      if (exported !== undefined) uses.add(exported);
      return exported;
    }
    if (type.name !== "enum" || type.enumName === undefined || type.charset !== undefined)
      return undefined;
    const { enumName, schema, values } = type;
    const declared = context.enums.find(
      (one) => one.name === enumName && one.schema === schema && deepEqual(one.values, values),
    );
    const exported = declared === undefined ? undefined : context.names.ofEnum(declared);
    if (exported !== undefined) uses.add(exported);
    return exported;
  };
  const item = (word: string, args: readonly Code[]): Code => {
    imports.add(word);
    return call(word, ...args);
  };
  const atColumn: Style = {
    sql: "sql",
    item,
    column: string,
    columnInSql: () => undefined,
    enumOf,
    ...(context.options.rawValue === undefined ? {} : { rawValue: context.options.rawValue }),
    fluent: true,
  };
  const beside: Style = {
    ...atColumn,
    column: (column) => (keys.has(column) ? ownColumn(column) : string(column)),
    columnInSql: (column) => (keys.has(column) ? ownColumn(column) : undefined),
  };

  const target = (references: ForeignKey["references"], column: string): Code => {
    const exported = context.names.ofTable(references);
    const key = context.keys.get(tableKey(references))?.get(column);
    if (exported === undefined || key === undefined) return targetCode(references, column);
    if (!sameTable(references, table)) uses.add(exported);
    return arrow("()", property(exported, key));
  };
  const targets: TargetsCode = ({ references }) =>
    references.columns.map((column) => target(references, column));

  const parts = split(table);
  const columns = table.columns.map((column): Entry => {
    const key = keys.get(column.name) ?? column.name;
    const inline = parts.inline.get(column.name) ?? {};
    const [referenced] = inline.references?.references.columns ?? [];
    const targeted =
      inline.references === undefined || referenced === undefined
        ? {}
        : { target: target(inline.references.references, referenced) };
    return [
      key,
      columnCode(column, atColumn, {
        inline: { ...inline, ...targeted },
        name: key === column.name ? undefined : column.name,
      }),
    ];
  });
  const items = keyFirst(parts.items).map((one) => itemCode(one, beside, targets));
  const options: readonly Entry[] = [
    ...entriesOf({ schema: table.schema, comment: table.comment }, atColumn),
    ...(items.length === 0
      ? []
      : [["with", arrow(usesColumns ? "(c)" : "()", array(items))] as const]),
    ...dialectOptions(table, atColumn),
  ];
  const code = call(
    "table",
    string(table.name),
    object(columns, true),
    ...(options.length === 0 ? [] : [object(options)]),
  );
  const text = exportConst(name, code);
  for (const helper of helpersIn(code)) imports.add(helper);
  return { name, text, imports, uses };
}

/** `t` and `sql`, where the code has them. */
function helpersIn(code: Code): readonly string[] {
  const used = new Set<string>();
  const visit = (one: Code): void => {
    if (one.is === "template") used.add(one.tag);
    if (one.is === "word" && one.text === "sql") used.add("sql");
    if (one.is === "chain" && one.head.is === "word" && one.head.text === "t") used.add("t");
    for (const part of partsOf(one)) visit(part);
  };
  visit(code);
  return [...used];
}

function partsOf(code: Code): readonly Code[] {
  switch (code.is) {
    case "array":
      return code.items;
    case "object":
      return code.entries.map(([, value]) => value);
    case "arrow":
      return [code.body];
    case "call":
      return code.args;
    case "chain":
      return [code.head, ...code.calls.flatMap(({ args }) => args)];
    case "template":
      return code.pieces.filter((piece) => typeof piece !== "string");
    default:
      return [];
  }
}

/** For what stands outside tables. */
const ALONE: Style = {
  sql: "sql",
  item: (word, args) => call(word, ...args),
  column: string,
  columnInSql: () => undefined,
};

function objectCode(object: OpenObject): Code {
  if (object.kind !== "custom") return call(builderName(object.kind), ...definedAs(object, ALONE));
  const { type, name, definition, schema, table } = object;
  return call(
    builderName(object.kind),
    string(type),
    string(name),
    data(definition, ALONE),
    ...optionsArgument({ schema, table }, ALONE),
  );
}

/** An object beside tables, made by the builder that has its kind's name. */
export function objectDeclaration(object: OpenObject, names: ExportNames): Declaration {
  const name = names.ofObject(object) ?? "";
  const code = objectCode(object);
  return {
    name,
    text: exportConst(name, code),
    imports: new Set([builderName(object.kind), ...helpersIn(code)]),
    uses: new Set(),
  };
}

export function enumDeclaration(type: EnumType, names: ExportNames): Declaration {
  const { schema, comment } = type;
  const name = names.ofEnum(type) ?? "";
  const options = optionsArgument({ schema, comment }, ALONE);
  const code = call("enumType", string(type.name), array(type.values.map(string)), ...options);
  return { name, text: exportConst(name, code), imports: new Set(["enumType"]), uses: new Set() };
}
