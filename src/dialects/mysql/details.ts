import { attributesOfColumn, attributesOfIndex, attributesOfTable } from "./attributes.ts";
import { partitionsIn } from "./partitions.ts";
import { atCommas, createdBy, groupAt, isWord, readShown, type Shown } from "./show-create.ts";
import { tokenize, unwrap, type Token } from "./tokens.ts";
import type { Connection } from "../contract.ts";
import { text } from "../../schema/expression.ts";
import type {
  CheckConstraint,
  Column,
  Constraint,
  Index,
  Options,
  SkippedObject,
  Table,
} from "../../schema/types.ts";
import { RevlineError } from "../../errors.ts";
import { omit } from "../../util/equal.ts";

/** What the catalog does not tell of a table, and the statement that makes it does. */
interface Details {
  readonly shown: Shown;
  readonly options: Options;
  /** Of an application-time period (MariaDB): `FOR xx (a, b)`. */
  readonly period?: { readonly name: string; readonly columns: readonly string[] };
  /** By the index's name in lower case. */
  readonly indexes: ReadonlyMap<string, Options>;
  /** By the column's name. */
  readonly columns: ReadonlyMap<string, Options>;
}

function isNameOrWord(token: Token | undefined): token is Token {
  return token?.kind === "name" || token?.kind === "word";
}

/** `FOR `xx` (`a`, `b`)`: the tokens behind the word PERIOD. */
function periodOf(tokens: readonly Token[]): NonNullable<Details["period"]> | undefined {
  const [, , name] = tokens;
  if (!isWord(tokens[0], "PERIOD") || !isWord(tokens[1], "FOR") || !isNameOrWord(name))
    return undefined;
  const columns = groupAt(tokens, 3)
    .filter(isNameOrWord)
    .map(({ value }) => value);
  return { name: name.value, columns };
}

/** What follows an index's parts: its parser, and the period that may not overlap in it. */
function indexOptions(tokens: readonly Token[]): readonly [string, Options] | undefined {
  const key = tokens.findIndex((token) => isWord(token, "KEY"));
  const name = isWord(tokens[0], "PRIMARY") ? "primary" : tokens[key + 1]?.value.toLowerCase();
  if (key < 0 || key > 1 || name === undefined) return undefined;
  const after = (word: string): string | undefined => {
    const at = tokens.findIndex((token) => isWord(token, word));
    const found = tokens.slice(at + 1).find((token) => token.kind !== "symbol");
    return at < 0 ? undefined : found?.value;
  };
  const overlaps = tokens.findIndex((token) => isWord(token, "WITHOUT"));
  const [parser, period] = [after("PARSER"), tokens[overlaps - 1]];
  const options: Options = {
    ...attributesOfIndex(tokens),
    ...(parser === undefined ? {} : { parser }),
    ...(overlaps < 0 || period === undefined ? {} : { withoutOverlaps: period.value }),
  };
  return [name, options];
}

function readCreated(sql: string): Details {
  const all = tokenize(sql);
  const open = all.findIndex((token) => token.kind === "symbol" && token.value === "(");
  const items = atCommas(all.slice(open + 1));
  const body = groupAt(all, open);
  const tail = all.slice(open + body.length);
  const isVersioned = tail.some(
    (token, at) => isWord(token, "SYSTEM") && isWord(tail[at + 1], "VERSIONING"),
  );
  const periods = items.flatMap((tokens) => periodOf(tokens) ?? []);
  const system = periods.find(({ name }) => name.toUpperCase() === "SYSTEM_TIME");
  const own = periods.find((period) => period !== system);
  const partitionBy = partitionsIn(sql);
  return {
    shown: readShown(sql),
    options: {
      ...attributesOfTable(tail),
      ...(isVersioned ? { systemVersioning: true } : {}),
      ...(system === undefined ? {} : { systemPeriod: system.columns.join(", ") }),
      ...(own === undefined ? {} : { period: `${own.name} (${own.columns.join(", ")})` }),
      ...(partitionBy === undefined ? {} : { partitionBy }),
    },
    ...(own === undefined ? {} : { period: own }),
    indexes: new Map(
      items.flatMap((tokens) => {
        const found = indexOptions(tokens);
        return found === undefined ? [] : [found];
      }),
    ),
    columns: new Map(
      items.flatMap((tokens) =>
        tokens[0]?.kind === "name" ? [[tokens[0].value, attributesOfColumn(tokens)]] : [],
      ),
    ),
  };
}

/** A four-byte character as the views of MariaDB's catalog show it: one mark for each byte. */
const GARBLED = "????";

function withColumn(column: Column, { shown }: Details): Column {
  const { computed, default: value } = column;
  const known = shown.computed.get(column.name);
  const given = shown.defaults.get(column.name);
  const check = column.type.name === "json" ? undefined : shown.columnChecks.get(column.name);
  const isDoubtful =
    value !== undefined &&
    "expression" in value &&
    value.expression.parts.some((part) => typeof part === "string" && part.includes(GARBLED));
  return {
    ...column,
    ...(computed === undefined || known === undefined
      ? {}
      : { computed: { ...computed, expression: text(unwrap(known)) } }),
    ...(check === undefined ? {} : { options: { ...column.options, check: unwrap(check) } }),
    ...(isDoubtful && given !== undefined ? { default: { expression: text(given) } } : {}),
  };
}

function withOptions(given: Options | undefined, more: Options): { readonly options?: Options } {
  const options = { ...given, ...more };
  return Object.keys(options).length === 0 ? {} : { options };
}

/** An index over the columns of a period is an index over the period. */
function overPeriod<T extends Constraint | Index>(item: T, { indexes, period }: Details): T {
  const name = "kind" in item && item.kind === "primaryKey" ? "primary" : item.name?.toLowerCase();
  const options = name === undefined ? undefined : indexes.get(name);
  if (options === undefined || ("kind" in item && item.kind !== "primaryKey")) return item;
  const inPeriod = (column: string | undefined): boolean =>
    options["withoutOverlaps"] !== undefined && (period?.columns ?? []).includes(column ?? "");
  const changed = withOptions(item.options, options);
  return "elements" in item
    ? { ...item, elements: item.elements.filter(({ column }) => !inPeriod(column)), ...changed }
    : { ...item, columns: item.columns.filter((column) => !inPeriod(column)), ...changed };
}

function withDetails(table: Table, details: Details, mariadb: boolean): Table {
  const { shown, period } = details;
  const isPeriods = (constraint: Constraint): boolean =>
    constraint.kind === "check" && constraint.name?.toLowerCase() === period?.name.toLowerCase();
  const withText = (check: CheckConstraint): CheckConstraint => {
    const found = shown.checks.get(check.name ?? "");
    return found === undefined ? check : { ...check, expression: text(unwrap(found)) };
  };
  return {
    ...table,
    columns: table.columns
      .map((column) => (mariadb ? withColumn(column, details) : column))
      .map((column) => ({
        ...column,
        ...withOptions(column.options, details.columns.get(column.name) ?? {}),
      })),
    constraints: table.constraints
      .filter((constraint) => !isPeriods(constraint))
      .map((constraint) =>
        constraint.kind === "check" && mariadb
          ? withText(constraint)
          : overPeriod(constraint, details),
      ),
    indexes: table.indexes.map((index) => overPeriod(index, details)),
    // the catalog says `transactional=1` of every table of Aria, given or not (MariaDB)
    options: {
      mysql: { ...omit(table.options?.mysql ?? {}, "transactional"), ...details.options },
    },
  };
}

/** What the server itself writes into the catalog where a table has a period: a check of its name (MariaDB before 11.4 has no other view). */
function mayBePeriod(constraint: Constraint): boolean {
  if (constraint.kind !== "check") return false;
  const [first, sign, second, ...rest] = tokenize(
    constraint.expression.parts.filter((part) => typeof part === "string").join(""),
  );
  const isNames = first?.kind === "name" && second?.kind === "name";
  return isNames && sign?.value === "<" && rest.length === 0;
}

function isGarbled(table: Table): boolean {
  return JSON.stringify(table, (_key, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  ).includes(GARBLED);
}

/** True for a table of which the catalog does not tell all. */
export function isObscure(table: Table, marks: string, mariadb: boolean): boolean {
  return (
    /\bpartitioned\b|SYSTEM VERSIONED/i.test(marks) ||
    table.indexes.some(({ method }) => method === "fulltext") ||
    (mariadb && (table.constraints.some(mayBePeriod) || isGarbled(table)))
  );
}

/** The statement that makes a table, or why the server does not give it: a table of MERGE whose parts are gone (1168). */
async function shownOrRefused(
  connection: Connection,
  table: Table,
): Promise<{ readonly sql: string } | { readonly refused: SkippedObject }> {
  try {
    return { sql: await createdBy(connection, table) };
  } catch (error) {
    if (!(error instanceof RevlineError) || error.code !== "statement-failed") throw error;
    const { schema, name } = table;
    const located = schema === undefined ? {} : { schema };
    const reason = `SHOW CREATE TABLE fails, so that the catalog alone tells of it: ${error.message}`;
    return { refused: { kind: "table options", ...located, name, table: name, reason } };
  }
}

/** The tables with what only SHOW CREATE TABLE says of them: one query a table that is obscure. */
export async function readDetails(
  connection: Connection,
  tables: readonly Table[],
  obscure: ReadonlySet<Table>,
): Promise<{ readonly tables: readonly Table[]; readonly skipped: readonly SkippedObject[] }> {
  const mariadb = connection.server.dialect === "mariadb";
  const read: Table[] = [];
  const skipped: SkippedObject[] = [];
  for (const table of tables) {
    const answer = obscure.has(table) ? await shownOrRefused(connection, table) : undefined;
    if (answer !== undefined && "refused" in answer) skipped.push(answer.refused);
    read.push(
      answer !== undefined && "sql" in answer
        ? withDetails(table, readCreated(answer.sql), mariadb)
        : table,
    );
  }
  return { tables: read, skipped };
}
