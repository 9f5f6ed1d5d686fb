import type { SqlPart, Expression, SqlValue } from "../../schema/expression.ts";
import { partsFor } from "../../schema/expression.ts";
import type { TableName } from "../../schema/types.ts";
import type { Flavor } from "./flavor.ts";
import { RevlineError } from "../../errors.ts";

/** The longest identifier, in characters. @see https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html */
export const MAX_IDENTIFIER = 64;

/** @throws RevlineError name-invalid, name-too-long */
export function quoteName(name: string): string {
  if (
    name === "" ||
    name.includes("\0") ||
    name.endsWith(" ") ||
    /[\u{10000}-\u{10ffff}]/u.test(name)
  ) {
    throw new RevlineError(
      "name-invalid",
      `${JSON.stringify(name)} is no name for MySQL or MariaDB.`,
      {
        hint: "Names are not empty, hold no NUL and no four-byte character (emoji), and do not end with a space.",
      },
    );
  }
  if ([...name].length > MAX_IDENTIFIER) {
    throw new RevlineError(
      "name-too-long",
      `The name "${name}" has ${String([...name].length)} characters; MySQL and MariaDB allow ${String(MAX_IDENTIFIER)}.`,
      {
        hint: "Give a shorter name.",
      },
    );
  }
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A name, or a dotted path of names. @throws RevlineError name-invalid, name-too-long */
export function quote(...names: readonly string[]): string {
  return names.map(quoteName).join(".");
}

export function quoteTable(table: TableName): string {
  return table.schema === undefined ? quote(table.name) : quote(table.schema, table.name);
}

export function columnList(columns: readonly string[]): string {
  return `(${columns.map(quoteName).join(", ")})`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "'": "''",
  "\\": "\\\\",
  "\0": "\\0",
  "\n": "\\n",
  "\r": "\\r",
  "\x1a": "\\Z",
};

/** A string literal; our sessions never have NO_BACKSLASH_ESCAPES. */
export function stringLiteral(value: string): string {
  // oxlint-disable-next-line no-control-regex -- NUL and Ctrl-Z are what has to be escaped
  return `'${value.replace(/['\\\0\n\r\x1a]/g, (character) => ESCAPES[character] ?? character)}'`;
}

function dateLiteral(value: Date): string {
  if (Number.isNaN(value.getTime())) {
    throw new RevlineError("model-invalid", "An invalid Date cannot be written as SQL.", {
      hint: "Check where the value comes from.",
    });
  }
  return stringLiteral(
    value
      .toISOString()
      .replace("T", " ")
      .replace("Z", "")
      .replace(/\.000$/, ""),
  );
}

/** A literal for SQL text; dates in UTC. */
export function literal(value: SqlValue): string {
  if (value === null) return "NULL";
  if (value instanceof Date) return dateLiteral(value);
  if (value instanceof Uint8Array)
    return value.length === 0 ? "''" : `0x${Buffer.from(value).toString("hex")}`;
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RevlineError("model-invalid", `${String(value)} cannot be written as SQL.`, {
      hint: "MySQL and MariaDB have no such number.",
    });
  }
  return typeof value === "string" ? stringLiteral(value) : String(value);
}

function partSql(part: SqlPart): string {
  if (typeof part === "string") return part;
  return "identifier" in part ? quote(...part.identifier) : literal(part.value);
}

/** An expression as SQL text, with names quoted and values as literals. */
export function expressionSql(expression: Expression, flavor: Pick<Flavor, "name">): string {
  return partsFor(expression, flavor.name).map(partSql).join("");
}
