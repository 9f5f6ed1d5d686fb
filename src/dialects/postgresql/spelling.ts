import { renderExpression, renderStatement, type Spelling } from "../ddl.ts";
import type { Statement } from "../contract.ts";
import { partsFor, type Expression, type SqlValue } from "../../schema/expression.ts";
import type { TableName } from "../../schema/types.ts";
import { RevlineError } from "../../errors.ts";

/** NAMEDATALEN - 1: PostgreSQL cuts longer names off without an error. */
export const MAX_NAME_BYTES = 63;

/** @throws RevlineError name-invalid, name-too-long */
export function checkName(name: string): string {
  if (name === "" || name.includes("\0")) {
    throw new RevlineError(
      "name-invalid",
      `${JSON.stringify(name)} cannot be a name in PostgreSQL.`,
      {
        hint: "A name has at least one character and no NUL.",
      },
    );
  }
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_NAME_BYTES) {
    throw new RevlineError(
      "name-too-long",
      `The name "${name}" has ${String(bytes)} bytes; PostgreSQL would cut it off after ${String(MAX_NAME_BYTES)}.`,
      { hint: "Give a shorter name." },
    );
  }
  return name;
}

/** Quotes a name, or a path of names. @throws RevlineError name-invalid, name-too-long */
export function quote(...names: readonly string[]): string {
  return names.map((name) => `"${checkName(name).replaceAll('"', '""')}"`).join(".");
}

/** A table, index or type, with its schema where it has one. */
export function quoteTable({ schema, name }: TableName): string {
  return schema === undefined ? quote(name) : quote(schema, name);
}

/** Text in quotes, right under either setting of `standard_conforming_strings`. */
export function quoteText(value: string): string {
  if (value.includes("\0")) {
    throw new RevlineError("unsupported", "PostgreSQL cannot hold a NUL character in text.", {
      hint: "Take the NUL out of the value.",
    });
  }
  const doubled = value.replaceAll("'", "''");
  return doubled.includes("\\") ? `E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}

/** A literal for SQL text. */
export function literal(value: SqlValue): string {
  if (value === null) return "NULL";
  if (value instanceof Date) return `'${value.toISOString()}'`;
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString("hex")}'::bytea`;
  switch (typeof value) {
    case "string":
      return quoteText(value);
    case "boolean":
      return value ? "true" : "false";
    case "number":
      return Number.isFinite(value) ? String(value) : `'${String(value)}'`;
    case "bigint":
      return String(value);
  }
}

const SPELLING: Spelling = { quote, literal };

/** An expression as SQL text, values as literals. */
export function render(expression: Expression): string {
  return renderExpression(expression, "postgresql", SPELLING);
}

/** Only these take parameters; a utility statement (`ALTER …`, `CREATE …`) has values as literals. */
const TAKES_PARAMETERS =
  /^(?:\s|--[^\n]*\n|\/\*.*?\*\/|\()*(select|insert|update|delete|merge|with|values|table)\b/is;

/** A user's expression as a statement. */
export function statement(expression: Expression): Statement {
  const [first] = partsFor(expression, "postgresql");
  const takes = typeof first === "string" && TAKES_PARAMETERS.test(first);
  return takes
    ? renderStatement(expression, "postgresql", quote, (position) => `$${String(position)}`)
    : { sql: render(expression) };
}
