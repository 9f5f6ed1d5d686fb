import { array, call, chain, object, string, word, type Code, type Entry } from "./code.ts";
import { literalSource } from "./literal.ts";
import type { Expression } from "../schema/expression.ts";
import type { ColumnType } from "../schema/types.ts";
import type { RenderedItem } from "./render-item.ts";

/** How a file says things: a revision has everything from `op`, models import it. */
export interface Style {
  /** The tag of SQL templates. */
  readonly sql: "op.sql" | "sql";
  /** What constraints and indexes are made with: a parameter's methods, or imported functions. */
  readonly item: (name: string, args: readonly Code[]) => Code;
  /** A column of the table at hand, as an argument. */
  readonly column: (name: string) => Code;
  /** A column of the table at hand inside SQL; undefined: not known by this name. */
  readonly columnInSql: (name: string) => Code | undefined;
  /** Code of the user's own for a piece of a column; undefined: as ever; null: nothing. */
  readonly renderItem?: (item: RenderedItem) => string | null | undefined;
  /** The declared enum that a type is; undefined: none. */
  readonly enumOf?: (type: ColumnType) => string | undefined;
  /** What `t.raw` of a spelling gives; undefined: not known. */
  readonly rawValue?: (spelling: string) => string | undefined;
  /** Models say `primaryKey(c.a, c.b)` and `desc(c.a)`; a revision's lists and objects of names need no import. */
  readonly fluent?: boolean;
}

/** An SQL expression as a tagged template. */
export function sqlCode(expression: Expression, style: Style): Code {
  const pieces = expression.parts.map((part): string | Code => {
    if (typeof part === "string") return part;
    if ("value" in part) return data(part.value, style);
    const [name, ...more] = part.identifier;
    const column = name !== undefined && more.length === 0 ? style.columnInSql(name) : undefined;
    return column ?? call(`${style.sql}.identifier`, ...part.identifier.map(string));
  });
  const template: Code = { is: "template", tag: style.sql, pieces };
  if (expression.variants === undefined) return template;
  const variants = Object.entries(expression.variants).map(([dialect, variant]): Entry => [
    dialect,
    sqlCode(variant, style),
  ]);
  return chain(word(style.sql), [{ name: "variants", args: [template, object(variants)] }]);
}

function isExpressionData(value: object): value is Expression {
  return "parts" in value && Array.isArray(value.parts);
}

/** Plain data as code: scalars, dates, bytes, lists, SQL, objects without what is undefined. */
export function data(value: unknown, style: Style): Code {
  if (typeof value === "string") return string(value);
  if (Array.isArray(value)) return array(value.map((item) => data(item, style)));
  if (value instanceof Date) {
    const time = value.getTime();
    return call("new Date", Number.isNaN(time) ? word("NaN") : string(value.toISOString()));
  }
  if (value instanceof Uint8Array)
    return call("new Uint8Array", array([...value].map((byte) => word(String(byte)))));
  if (typeof value !== "object" || value === null) return word(literalSource(value));
  return isExpressionData(value) ? sqlCode(value, style) : object(entriesOf(value, style));
}

/** The properties of an object that are not undefined. */
export function entriesOf(value: object, style: Style): readonly Entry[] {
  return Object.entries(value).flatMap(([key, part]): Entry[] =>
    part === undefined ? [] : [[key, data(part, style)]],
  );
}

/** An options argument: nothing when there is nothing to say. */
export function optionsArgument(
  value: object,
  style: Style,
  more: readonly Entry[] = [],
): readonly Code[] {
  const entries = [...entriesOf(value, style), ...more];
  return entries.length === 0 ? [] : [object(entries)];
}
