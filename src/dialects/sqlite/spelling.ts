import { renderExpression } from "../ddl.ts";
import type { Expression, SqlValue } from "../../schema/expression.ts";
import { RevlineError } from "../../errors.ts";

function withoutNul(name: string): string {
  if (!name.includes("\0")) return name;
  throw new RevlineError(
    "name-invalid",
    `The name ${JSON.stringify(name)} holds a NUL character.`,
    { hint: "No database takes such a name; use another one." },
  );
}

/** A name that models may give: SQLite itself takes the empty one. @throws RevlineError name-invalid */
export function checkName(name: string): void {
  if (withoutNul(name) !== "") return;
  throw new RevlineError("name-invalid", "A table, or a part of one, has an empty name.", {
    hint: "Give it a name; leave the property out for a constraint without one.",
  });
}

/** A name, or a path of names, in double quotes. @throws RevlineError name-invalid */
export function quote(...names: readonly string[]): string {
  return names.map((name) => `"${withoutNul(name).replaceAll('"', '""')}"`).join(".");
}

/** A moment as `CURRENT_TIMESTAMP` spells it, in UTC, with milliseconds where there are any. */
export function timestampText(value: Date): string {
  return value
    .toISOString()
    .replace("T", " ")
    .replace(/(?:\.000)?Z$/, "");
}

function numberLiteral(value: number): string {
  if (Number.isNaN(value)) return "NULL";
  if (!Number.isFinite(value)) return value > 0 ? "9e999" : "-9e999";
  return Object.is(value, -0) ? "-0.0" : String(value);
}

/** A value as SQL text. */
export function literal(value: SqlValue): string {
  if (value === null) return "NULL";
  if (typeof value === "number") return numberLiteral(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "boolean") return value ? "1" : "0";
  if (value instanceof Date) return `'${timestampText(value)}'`;
  if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString("hex").toUpperCase()}'`;
  // a NUL would end the statement's text
  if (value.includes("\0"))
    return `CAST(X'${Buffer.from(value).toString("hex").toUpperCase()}' AS TEXT)`;
  return `'${value.replaceAll("'", "''")}'`;
}

/** An expression as SQL text. */
export function render(expression: Expression): string {
  return renderExpression(expression, "sqlite", { quote, literal });
}
