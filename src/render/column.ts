import { call, chain, string, word, type Call, type Code } from "./code.ts";
import { data, optionsArgument, sqlCode, type Style } from "./data.ts";
import type {
  CheckConstraint,
  Column,
  ColumnType,
  ForeignKey,
  Index,
  PrimaryKey,
  ServerDefault,
  UniqueConstraint,
} from "../schema/types.ts";
import { typeCall, typeCode } from "./type.ts";
import { omit } from "../util/equal.ts";

/** The constraints and indexes that are said at their column. */
export interface Inline {
  readonly primaryKey?: PrimaryKey;
  readonly unique?: UniqueConstraint;
  readonly index?: Index;
  readonly references?: ForeignKey;
  /** The code of what it references, where that is not `"table.column"`. */
  readonly target?: Code;
  readonly checks?: readonly CheckConstraint[];
}

type Scalar = "string" | "number" | "bigint" | "boolean";
const NUMBERS: readonly Scalar[] = ["number", "bigint", "string"];
const ANYTHING: readonly Scalar[] = ["string", "number", "bigint", "boolean"];

/** The values that `.default()` takes by its types. */
function defaultTypes(type: ColumnType, style: Style): readonly Scalar[] {
  switch (type.name) {
    case "tinyint":
    case "smallint":
    case "mediumint":
    case "integer":
    case "bigint":
    case "numeric":
    case "real":
    case "float":
    case "double":
    case "year":
      return NUMBERS;
    case "json":
    case "jsonb":
      return ANYTHING;
    case "raw": {
      const value = style.rawValue?.(type.sql);
      return value === undefined ? ANYTHING : ANYTHING.filter((word) => word === value);
    }
    case "boolean":
      return ["boolean"];
    default:
      return ["string"];
  }
}

function defaultCalls(type: ColumnType, given: ServerDefault, style: Style): readonly Call[] {
  if ("expression" in given) return [{ name: "default", args: [sqlCode(given.expression, style)] }];
  const { value } = given;
  const isKnown = type.name !== "enum" || type.values.some((known) => known === value);
  const isTyped = isKnown && defaultTypes(type, style).some((word) => word === typeof value);
  // a database may hold what no developer would write: the text column whose default is 0
  const cast: readonly Call[] = isTyped ? [] : [{ name: "$as<unknown>", args: [] }];
  return [...cast, { name: "default", args: [data(value, style)] }];
}

function identityArguments(
  identity: NonNullable<Column["identity"]>,
  style: Style,
): readonly Code[] {
  const readable = Object.entries(identity).map(([key, value]): [string, unknown] => [
    key,
    typeof value === "bigint" &&
    BigInt(Number(value)) === value &&
    Number.isSafeInteger(Number(value))
      ? Number(value)
      : value,
  ]);
  return optionsArgument(Object.fromEntries(readable), style);
}

/** `"table.column"`, or an object where dots would mislead. */
export function targetCode(references: ForeignKey["references"], column: string): Code {
  const { schema, name } = references;
  const names = schema === undefined ? [name, column] : [schema, name, column];
  if (names.every((part) => part !== "" && !part.includes("."))) return string(names.join("."));
  const entries = Object.entries({ schema, table: name, column });
  return {
    is: "object",
    expanded: false,
    entries: entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, string(value)]])),
  };
}

const optional = (name: string, value: string | undefined): Call[] =>
  value === undefined ? [] : [{ name, args: [string(value)] }];
const given = (name: string | undefined): readonly Code[] =>
  name === undefined ? [] : [string(name)];

function inlineCalls(
  inline: Inline,
  style: Style,
): { keys: readonly Call[]; rest: readonly Call[] } {
  const { primaryKey, unique, index, references, checks = [] } = inline;
  const keys: Call[] = [];
  const rest: Call[] = [];
  if (primaryKey !== undefined) keys.push({ name: "primaryKey", args: given(primaryKey.name) });
  if (unique !== undefined) {
    const { nullsNotDistinct } = unique;
    const more = optionsArgument({ nullsNotDistinct }, style);
    const name =
      unique.name === undefined && more.length > 0 ? [word("undefined")] : given(unique.name);
    keys.push({ name: "unique", args: [...name, ...more] });
  }
  if (index !== undefined) keys.push({ name: "index", args: given(index.name) });
  if (references !== undefined) {
    const [column = ""] = references.references.columns;
    const options = optionsArgument(omit(references, "kind", "columns", "references"), style);
    keys.push({
      name: "references",
      args: [inline.target ?? targetCode(references.references, column), ...options],
    });
  }
  for (const { expression, name } of checks)
    rest.push({ name: "check", args: [sqlCode(expression, style), ...given(name)] });
  return { keys, rest };
}

/** The default in the user's own words, or as ever. */
function defaultCallsOf(column: Column, style: Style): readonly Call[] {
  const { type, default: value } = column;
  if (value === undefined) return [];
  const own = style.renderItem?.({ kind: "default", default: value, column });
  if (own === undefined) return defaultCalls(type, value, style);
  return own === null ? [] : [{ name: "default", args: [word(own)] }];
}

export interface ColumnCodeOptions {
  readonly inline?: Inline;
  /** The column's name, where the place it stands in does not give it. */
  readonly name?: string | undefined;
}

/** `t` and its type, a declared enum, or the type in the user's own words. */
function beginningOf(
  column: Column,
  style: Style,
  name: string | undefined,
): { readonly head: Code; readonly typed: readonly Call[] } {
  const own = style.renderItem?.({ kind: "type", type: column.type, column });
  if (typeof own === "string") return { head: word(own), typed: [] };
  const declared = style.enumOf?.(column.type);
  return declared === undefined
    ? { head: word("t"), typed: [typeCall(column.type, style, name)] }
    : { head: call(declared, ...given(name)), typed: [] };
}

/** A column as the chain of calls that declares it: `t.varchar(255).notNull().unique()`. */
export function columnCode(column: Column, style: Style, options: ColumnCodeOptions = {}): Code {
  const { inline = {}, name } = options;
  const whole = style.renderItem?.({ kind: "column", column });
  if (typeof whole === "string") return word(whole);
  const { head, typed } = beginningOf(column, style, name);
  const { identity, computed, collation, comment, onUpdate, variants } = column;
  const { keys, rest } = inlineCalls(inline, style);
  const isImplied = identity !== undefined || inline.primaryKey !== undefined;
  const calls: readonly Call[] = [
    ...typed,
    ...(identity === undefined
      ? []
      : [{ name: "identity", args: identityArguments(identity, style) }]),
    ...(computed === undefined
      ? []
      : [
          {
            name: "generatedAs",
            args: [
              sqlCode(computed.expression, style),
              ...(computed.stored ? [] : optionsArgument({ stored: false }, style)),
            ],
          },
        ]),
    ...(column.nullable || isImplied ? [] : [{ name: "notNull", args: [] }]),
    ...keys,
    ...defaultCallsOf(column, style),
    ...(onUpdate === undefined ? [] : [{ name: "onUpdate", args: [sqlCode(onUpdate, style)] }]),
    ...optional("collate", collation),
    ...rest,
    ...(column.invisible === true ? [{ name: "invisible", args: [] }] : []),
    ...(column.options === undefined
      ? []
      : [{ name: "options", args: [data(column.options, style)] }]),
    ...Object.entries(variants ?? {}).map(([dialect, variant]): Call => ({
      name: "variant",
      args: [string(dialect), variantCode(variant, style)],
    })),
    ...optional("comment", comment),
  ];
  return chain(head, calls);
}

function variantCode(
  variant: NonNullable<NonNullable<Column["variants"]>["sqlite"]>,
  style: Style,
): Code {
  const { type, default: value, collation, computed } = variant;
  const isTypeAlone = Object.keys(variant).length === 1;
  const typed =
    type === undefined ? undefined : type.name === "raw" ? string(type.sql) : typeCode(type, style);
  if (isTypeAlone && type?.name === "raw" && typed !== undefined) return typed;
  const plain =
    value === null || value === undefined
      ? value
      : "expression" in value
        ? value.expression
        : value.value;
  const others = { default: plain, collation, generatedAs: computed };
  return {
    is: "object",
    expanded: false,
    entries: [
      ...(typed === undefined ? [] : [["type", typed] as const]),
      ...Object.entries(others).flatMap(([key, part]) =>
        part === undefined ? [] : [[key, data(part, style)] as const],
      ),
    ],
  };
}
