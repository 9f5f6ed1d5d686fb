import { array, call, chain, string, word, type Call, type Code } from "./code.ts";
import { optionsArgument, type Style } from "./data.ts";
import type { ColumnType, TypeName } from "../schema/types.ts";
import { omit } from "../util/equal.ts";

type Arguments<T extends ColumnType> = (type: T, style: Style) => readonly Code[];
type TypeTable = { readonly [N in TypeName]: Arguments<Extract<ColumnType, { readonly name: N }>> };

const none: Arguments<ColumnType> = () => [];
const options: Arguments<ColumnType> = (type, style) => optionsArgument(omit(type, "name"), style);
const sized = (type: Extract<ColumnType, { length?: number }>, style: Style): readonly Code[] => {
  const { name: _, length, ...rest } = type;
  return [...(length === undefined ? [] : [word(String(length))]), ...optionsArgument(rest, style)];
};
const listed: Arguments<Extract<ColumnType, { name: "enum" | "set" }>> = (type, style) => {
  const { name: _, values, ...rest } = type;
  return [array(values.map(string)), ...optionsArgument(rest, style)];
};
const digits: Arguments<Extract<ColumnType, { name: "numeric" | "float" | "double" }>> = (
  type,
  style,
) => {
  const { name, precision, scale, ...rest } = type;
  if (precision === undefined)
    return optionsArgument(scale === undefined ? rest : { scale, ...rest }, style);
  // only a numeric takes its scale as a number
  const isSecond = name === "numeric" && scale !== undefined;
  return [
    word(String(precision)),
    ...(isSecond ? [word(String(scale))] : []),
    ...optionsArgument(isSecond || scale === undefined ? rest : { scale, ...rest }, style),
  ];
};

const TYPES: TypeTable = {
  tinyint: options,
  smallint: options,
  mediumint: options,
  integer: options,
  bigint: options,
  numeric: digits,
  real: none,
  float: digits,
  double: digits,
  boolean: none,
  char: sized,
  varchar: sized,
  text: sized,
  tinytext: options,
  mediumtext: options,
  longtext: options,
  binary: sized,
  varbinary: sized,
  blob: sized,
  tinyblob: none,
  mediumblob: none,
  longblob: none,
  bit: sized,
  varbit: sized,
  date: none,
  year: none,
  time: options,
  timestamp: options,
  interval: options,
  uuid: none,
  json: none,
  jsonb: none,
  enum: listed,
  set: listed,
  array: ({ element }, style) => [typeCode(element, style)],
  raw: ({ sql }) => [string(sql)],
};

function argumentsOf<N extends TypeName>(
  table: { readonly [P in N]: Arguments<Extract<ColumnType, { readonly name: P }>> },
  type: Extract<ColumnType, { readonly name: N }>,
  style: Style,
): readonly Code[] {
  return table[type.name](type, style);
}

export function typeCall(type: ColumnType, style: Style, name?: string): Call {
  const value = type.name === "raw" ? style.rawValue?.(type.sql) : undefined;
  return {
    name: value === undefined ? type.name : `${type.name}<${value}>`,
    args: [...argumentsOf(TYPES, type, style), ...(name === undefined ? [] : [string(name)])],
  };
}

export function typeCode(type: ColumnType, style: Style): Code {
  const declared = style.enumOf?.(type);
  return declared === undefined ? chain(word("t"), [typeCall(type, style)]) : call(declared);
}
