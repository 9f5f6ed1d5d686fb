import { hazards, type Hazard } from "./hazards.ts";
import { dispatch, type Operation, type OperationTable } from "./operation.ts";
import { describeConstraint, describeIndex, describeType, describeColumnChange } from "./words.ts";
import { describeObject, describeObjectChange } from "./object-words.ts";
import { qualifiedName } from "../schema/collect.ts";
import { redact } from "../util/redact.ts";

/** One line for a person: `+` adds, `-` takes away, `~` changes, `>` runs SQL of the user's own. */
export interface Description {
  readonly symbol: "+" | "-" | "~" | ">";
  /** What it is about: a table, an enum, a schema; empty for SQL. */
  readonly subject: string;
  readonly text: string;
  /** What it may destroy, and where it may fail because of the rows that are there; absent: it is safe. */
  readonly hazards?: readonly Hazard[];
}

const DESCRIBE: OperationTable<Description> = {
  createTable: ({ table }) => ({
    symbol: "+",
    subject: qualifiedName(table),
    text: `create table ${qualifiedName(table)} (${table.columns.map((column) => column.name).join(", ")})`,
  }),
  dropTable: ({ table }) => line("-", table, `drop table ${qualifiedName(table)}`),
  renameTable: ({ from, to }) =>
    line("~", to, `rename table ${qualifiedName(from)} to ${qualifiedName(to)}`),
  addColumn: ({ table, column }) =>
    line("+", table, `add column ${column.name} ${describeType(column.type)}`),
  dropColumn: ({ table, name }) => line("-", table, `drop column ${name}`),
  alterColumn: ({ table, from, to, after }) => {
    const move =
      after === undefined ? [] : [after === null ? "move to the front" : `move behind ${after}`];
    const change = describeColumnChange(from, to);
    return line(
      "~",
      table,
      `alter column ${from.name}: ${[...(change === "" ? [] : [change]), ...move].join(", ")}`,
    );
  },
  renameColumn: ({ table, from, to }) => line("~", table, `rename column ${from} to ${to}`),
  addConstraint: ({ table, constraint }) =>
    line("+", table, `add ${describeConstraint(constraint)}`),
  dropConstraint: ({ table, name, type, dropped }) =>
    line(
      "-",
      table,
      `drop ${dropped === undefined ? `constraint ${name ?? `(${type})`}` : describeConstraint(dropped)}`,
    ),
  renameConstraint: ({ table, from, to }) => line("~", table, `rename constraint ${from} to ${to}`),
  createIndex: ({ table, index }) => line("+", table, `create ${describeIndex(index)}`),
  dropIndex: ({ table, name }) => line("-", table, `drop index ${name}`),
  renameIndex: ({ table, from, to }) => line("~", table, `rename index ${from} to ${to}`),
  setTableComment: ({ table, to }) =>
    line("~", table, to === null ? "remove comment" : `set comment ${JSON.stringify(to)}`),
  setTableOptions: ({ table, from, to }) =>
    line("~", table, `change options: ${describeOptions(from)} → ${describeOptions(to)}`),
  createSchema: ({ name }) => ({ symbol: "+", subject: name, text: `create schema ${name}` }),
  dropSchema: ({ name }) => ({ symbol: "-", subject: name, text: `drop schema ${name}` }),
  execute: ({ sql }) => ({
    symbol: ">",
    subject: "",
    text: `execute ${firstLine(sql.parts.map((part) => (typeof part === "string" ? part : "…")).join(""))}`,
  }),
  bulkInsert: ({ table, rows }) => line(">", table, `insert ${rows.length} rows`),
  createObject: ({ object }) => line("+", object, `create ${describeObject(object.kind, object)}`),
  dropObject: ({ type, object }) => line("-", object, `drop ${describeObject(type, object)}`),
  alterObject: ({ from, to }) =>
    line("~", to, `alter ${describeObject(to.kind, to)}: ${describeObjectChange(from, to)}`),
  invoke: ({ name }) => ({ symbol: ">", subject: "", text: `invoke ${name}` }),
  createEnum: ({ enum: type }) =>
    line("+", type, `create enum ${qualifiedName(type)} (${type.values.join(", ")})`),
  dropEnum: ({ enum: name }) => line("-", name, `drop enum ${qualifiedName(name)}`),
  alterEnum: ({ from, to }) =>
    line(
      "~",
      to,
      `alter enum ${qualifiedName(to)}: (${from.values.join(", ")}) → (${to.values.join(", ")})`,
    ),
  renameEnumValue: ({ enum: type, from, to }) =>
    line("~", type, `rename value ${from} of enum ${qualifiedName(type)} to ${to}`),
};

function line(
  symbol: Description["symbol"],
  subject: { schema?: string; name: string },
  text: string,
): Description {
  return { symbol, subject: qualifiedName(subject), text };
}

function describeOptions(options: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(options).map(([key, value]) => `${key}=${String(value)}`);
  return words.length === 0 ? "none" : words.join(", ");
}

function firstLine(text: string): string {
  // before it is cut: a half of a password is not recognised as one
  const [first = "", ...rest] = redact(text).trim().split("\n");
  const cut = first.length > 80 ? first.slice(0, 79) : first;
  return rest.length > 0 || cut !== first ? `${cut}…` : cut;
}

/** What an operation does, in words. */
export function describe(operation: Operation): Description {
  const described = dispatch(DESCRIBE, operation);
  const dangers = hazards(operation);
  return dangers.length === 0 ? described : { ...described, hazards: dangers };
}
