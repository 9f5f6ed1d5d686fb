import { nameOnly } from "../../schema/collect.ts";
import { literalDefault } from "./defaults.ts";
import { holdCasts } from "./array-casts.ts";
import { calledFunction, withoutParentheses } from "./expression-text.ts";
import { setSecurity } from "./row-security.ts";
import { within, replicaIdentity, tablespace } from "./parentage.ts";
import { setStorage } from "./column-storage.ts";
import { optionList, splitOptions } from "./options.ts";
import { quote, quoteTable, quoteText, render } from "./spelling.ts";
import {
  compileSequenceOptions,
  createSequence,
  ownSequence,
  nextValue,
  isPlainSerial,
  sequencePath,
} from "./sequences.ts";
import { visibleType } from "./type-names.ts";
import { compileType } from "./types.ts";
import type { ServerInfo } from "../contract.ts";
import { columnList } from "../ddl.ts";
import type { Expression } from "../../schema/expression.ts";
import type {
  CheckConstraint,
  Column,
  Constraint,
  ConstraintKind,
  Deferrability,
  Index,
  IndexElement,
  Options,
  PrimaryKey,
  ServerDefault,
  Table,
  TableName,
  UniqueConstraint,
} from "../../schema/types.ts";
import { RevlineError } from "../../errors.ts";

type Server = Pick<ServerInfo, "versionNumber" | "defaultSchema">;

/** @throws RevlineError unsupported */
export function requireVersion(server: Server, version: number, feature: string): void {
  if (server.versionNumber >= version) return;
  throw new RevlineError(
    "unsupported",
    `${feature} needs PostgreSQL ${String(version / 10_000)}.`,
    {
      hint: "Take it out of the models, or upgrade the server.",
    },
  );
}

export function columns(names: readonly string[]): string {
  return columnList(names, quote);
}

/** A name that may hold its schema already, quoted. */
export function collation(name: string): string {
  return name.startsWith('"') ? name : quote(name);
}

/** The server reads no operators behind DEFAULT, unless in parentheses. */
const BARE_DEFAULT = /^(?:-?[\w.]+|[eE]?'(?:[^']|'')*'(?:::[\w ."]+(?:\(\d+\))?(?:\[\])?)?)$/;

export function defaultText(value: ServerDefault): string {
  if ("value" in value) return literalDefault(value.value);
  const sql = faithful(value.expression);
  return BARE_DEFAULT.test(sql) || calledFunction(sql) !== undefined ? sql : `(${sql})`;
}

/** An expression as text that gives the same catalog entry that it was read from. */
export function faithful(expression: Expression): string {
  return holdCasts(withoutParentheses(render(expression)));
}

const SERIAL: Readonly<Record<string, string>> = {
  smallint: "smallserial",
  integer: "serial",
  bigint: "bigserial",
};

function generation(table: TableName, column: Column, server: Server): readonly string[] {
  const { computed, identity } = column;
  if (computed !== undefined) {
    if (!computed.stored)
      requireVersion(
        server,
        180000,
        `A computed column that is not stored ("${table.name}"."${column.name}")`,
      );
    return [
      `GENERATED ALWAYS AS (${faithful(computed.expression)}) ${computed.stored ? "STORED" : "VIRTUAL"}`,
    ];
  }
  if (identity !== undefined && identity.serial !== true) return [identityText(table, column)];
  if (identity !== undefined)
    return isPlainSerial(column) ? [] : [`DEFAULT ${nextValue(table, column)}`];
  return column.default === undefined ? [] : [`DEFAULT ${defaultText(column.default)}`];
}

/** `GENERATED … AS IDENTITY (…)`. */
export function identityText(table: TableName, column: Column): string {
  const { identity = {} } = column;
  const named =
    column.options?.["sequence"] === undefined
      ? []
      : [`SEQUENCE NAME ${sequencePath(table, column)}`];
  const options = [...named, ...compileSequenceOptions(identity)];
  const words = `GENERATED ${identity.always === true ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY`;
  return options.length === 0 ? words : `${words} (${options.join(" ")})`;
}

/** A column as CREATE TABLE and ADD COLUMN have it. */
export function columnDefinition(table: TableName, column: Column, server: Server): string {
  const serial = isPlainSerial(column) ? SERIAL[column.type.name] : undefined;
  return [
    quote(column.name),
    serial ?? compileType(visibleType(column.type, server)),
    ...(column.collation === undefined ? [] : [`COLLATE ${collation(column.collation)}`]),
    ...generation(table, column, server),
    ...(column.nullable ? [] : ["NOT NULL"]),
  ].join(" ");
}

/** What a serial column needs beside its definition: a sequence of its own, before and after. */
export function columnSequence(
  table: TableName,
  column: Column,
  unlogged = false,
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const separate = column.identity?.serial === true && !isPlainSerial(column);
  return separate
    ? { before: [createSequence(table, column, { unlogged })], after: [ownSequence(table, column)] }
    : { before: [], after: [] };
}

function deferrability({ deferrable, initiallyDeferred }: Deferrability): readonly string[] {
  if (initiallyDeferred === true) return ["DEFERRABLE INITIALLY DEFERRED"];
  return deferrable === true ? ["DEFERRABLE"] : [];
}

function storage(options: Options | undefined): readonly string[] {
  return options === undefined || Object.keys(options).length === 0
    ? []
    : [`WITH (${optionList(options)})`];
}

function including(names: readonly string[] | undefined): readonly string[] {
  return names === undefined || names.length === 0 ? [] : [`INCLUDE ${columns(names)}`];
}

function checkText(check: CheckConstraint): readonly string[] {
  return [
    `CHECK (${faithful(check.expression)})`,
    ...(check.noInherit === true ? ["NO INHERIT"] : []),
    ...(check.notEnforced === true ? ["NOT ENFORCED"] : []),
    ...(check.notValid === true ? ["NOT VALID"] : []),
  ];
}

function keyColumns(
  { columns: names, withoutOverlaps }: PrimaryKey | UniqueConstraint,
  server: Server,
): string {
  if (withoutOverlaps !== true) return columns(names);
  requireVersion(server, 180000, "WITHOUT OVERLAPS");
  return overRange(names, (range) => `${range} WITHOUT OVERLAPS`);
}

/** Columns of which the last is a range, written in another way. */
function overRange(names: readonly string[], write: (range: string) => string): string {
  const last = names.length - 1;
  return `(${names.map((name, at) => (at === last ? write(quote(name)) : quote(name))).join(", ")})`;
}

const BODY: {
  readonly [K in ConstraintKind]: (
    constraint: Extract<Constraint, { kind: K }>,
    server: Server,
  ) => readonly string[];
} = {
  primaryKey: (key, server) => [
    `PRIMARY KEY ${keyColumns(key, server)}`,
    ...including(key.include),
    ...storage(key.options),
    ...deferrability(key),
  ],
  unique: (key, server) => {
    if (key.nullsNotDistinct === true) requireVersion(server, 150000, "NULLS NOT DISTINCT");
    const words = key.nullsNotDistinct === true ? "UNIQUE NULLS NOT DISTINCT" : "UNIQUE";
    return [
      `${words} ${keyColumns(key, server)}`,
      ...including(key.include),
      ...storage(key.options),
      ...deferrability(key),
    ];
  },
  foreignKey: (key, server) => {
    const { references, onDelete, onUpdate, onDeleteColumns = [] } = key;
    if (onDeleteColumns.length > 0)
      requireVersion(server, 150000, "ON DELETE SET NULL with columns");
    if (key.period === true) requireVersion(server, 180000, "PERIOD");
    if (key.notEnforced === true) requireVersion(server, 180000, "NOT ENFORCED");
    const only = onDeleteColumns.length === 0 ? "" : ` ${columns(onDeleteColumns)}`;
    const list = (names: readonly string[]): string =>
      key.period === true ? overRange(names, (range) => `PERIOD ${range}`) : columns(names);
    return [
      `FOREIGN KEY ${list(key.columns)} REFERENCES ${quoteTable(references)} ${list(references.columns)}`,
      ...(key.match === "full" ? ["MATCH FULL"] : []),
      ...(onUpdate === undefined || onUpdate === "no action"
        ? []
        : [`ON UPDATE ${onUpdate.toUpperCase()}`]),
      ...(onDelete === undefined || onDelete === "no action"
        ? []
        : [`ON DELETE ${onDelete.toUpperCase()}${only}`]),
      ...deferrability(key),
      ...(key.notEnforced === true ? ["NOT ENFORCED"] : []),
      ...(key.notValid === true ? ["NOT VALID"] : []),
    ];
  },
  check: (check, server) => {
    if (check.notEnforced === true) requireVersion(server, 180000, "NOT ENFORCED");
    return checkText(check);
  },
  exclude: (key) => [`EXCLUDE ${holdCasts(render(key.definition))}`, ...deferrability(key)],
};

function bodyOf<K extends ConstraintKind>(
  table: {
    readonly [P in K]: (
      constraint: Extract<Constraint, { kind: P }>,
      server: Server,
    ) => readonly string[];
  },
  constraint: Extract<Constraint, { kind: K }>,
  server: Server,
): readonly string[] {
  const kind: K = constraint.kind;
  return table[kind](constraint, server);
}

/** `CONSTRAINT "name" …`; without a name the server chooses. */
export function constraintDefinition(constraint: Constraint, server: Server): string {
  const name = constraint.name === undefined ? [] : [`CONSTRAINT ${quote(constraint.name)}`];
  return [...name, ...bodyOf<ConstraintKind>(BODY, constraint, server)].join(" ");
}

/**
 * What counts only behind ALTER TABLE … ADD: `NOT VALID`, and a key over the same columns as an earlier
 * one, which CREATE TABLE leaves out without a word.
 */
function isInline(constraint: Constraint, at: number, all: readonly Constraint[]): boolean {
  if (constraint.kind !== "unique")
    return !("notValid" in constraint && constraint.notValid === true);
  const columns = JSON.stringify(constraint.columns);
  return !all.some((other, place) => {
    const comesFirst = other.kind === "primaryKey" || (other.kind === "unique" && place < at);
    return comesFirst && JSON.stringify(other.columns) === columns;
  });
}

export function addConstraint(
  table: TableName,
  constraint: Constraint,
  server: Server,
): readonly string[] {
  const added = `ALTER TABLE ${quoteTable(table)} ADD ${constraintDefinition(constraint, server)}`;
  return [added, ...constraintComment(table, constraint)];
}

export function constraintComment(
  table: TableName,
  { name, comment }: Pick<Constraint, "name" | "comment">,
): readonly string[] {
  if (name === undefined || comment === undefined || comment === "") return [];
  return [`COMMENT ON CONSTRAINT ${quote(name)} ON ${quoteTable(table)} IS ${quoteText(comment)}`];
}

/** `COMMENT ON …`; no comment takes it away. */
export function comment(what: string, words: string | null | undefined): string {
  return `COMMENT ON ${what} IS ${words === null || words === undefined || words === "" ? "NULL" : quoteText(words)}`;
}

function elementText(element: IndexElement): string {
  const target = element.column === undefined ? expressionText(element) : quote(element.column);
  return [
    target,
    ...(element.collation === undefined ? [] : [`COLLATE ${collation(element.collation)}`]),
    ...(element.operatorClass === undefined ? [] : [element.operatorClass]),
    ...(element.order === "desc" ? ["DESC"] : []),
    ...(element.nulls === undefined ? [] : [`NULLS ${element.nulls.toUpperCase()}`]),
  ].join(" ");
}

function expressionText({ expression }: IndexElement): string {
  if (expression === undefined)
    throw new RevlineError(
      "model-invalid",
      "An index has a part with neither column nor expression.",
    );
  return `(${faithful(expression)})`;
}

export function createIndex(table: TableName, index: Index, server: Server): readonly string[] {
  if (index.nullsNotDistinct === true) requireVersion(server, 150000, "NULLS NOT DISTINCT");
  const { invalid: _, clustered, ...options } = index.options ?? {};
  const created = [
    index.unique === true ? "CREATE UNIQUE INDEX" : "CREATE INDEX",
    ...(index.name === undefined ? [] : [quote(index.name)]),
    `ON ${quoteTable(table)}`,
    ...(index.method === undefined ? [] : [`USING ${quote(index.method)}`]),
    `(${index.elements.map(elementText).join(", ")})`,
    ...including(index.include),
    ...(index.nullsNotDistinct === true ? ["NULLS NOT DISTINCT"] : []),
    ...storage(options),
    ...(index.where === undefined ? [] : [`WHERE ${faithful(index.where)}`]),
  ].join(" ");
  if (index.name === undefined) return [created];
  const path = quoteTable(inSchemaOf(table, index.name));
  const says = index.comment !== undefined && index.comment !== "";
  return [
    created,
    ...(clustered === true
      ? [`ALTER TABLE ${quoteTable(table)} CLUSTER ON ${quote(index.name)}`]
      : []),
    ...(says ? [comment(`INDEX ${path}`, index.comment ?? "")] : []),
  ];
}

/** An index or sequence lies in its table's schema. */
export function inSchemaOf({ schema }: TableName, name: string): TableName {
  return nameOnly({ schema, name });
}

export function columnComment(table: TableName, column: Column): readonly string[] {
  if (column.comment === undefined || column.comment === "") return [];
  return [comment(`COLUMN ${quoteTable(table)}.${quote(column.name)}`, column.comment)];
}

export function createTable(table: Table, server: Server): readonly string[] {
  const { own, storage: parameters } = splitOptions(table.options?.postgresql);
  const { unlogged } = own;
  const sequences = table.columns.map((column) =>
    columnSequence(table, column, unlogged === true && server.versionNumber >= 150000),
  );
  const inline = own["partitionOf"] === undefined ? table.constraints.filter(isInline) : [];
  const separate = table.constraints.filter((constraint) => !inline.includes(constraint));
  const lines = [
    ...table.columns.map((column) => columnDefinition(table, column, server)),
    ...inline.map((constraint) => constraintDefinition(constraint, server)),
  ];
  const body = lines.length === 0 ? "()" : `(\n${lines.map((line) => `  ${line}`).join(",\n")}\n)`;
  return [
    ...sequences.flatMap(({ before }) => before),
    [
      `CREATE ${unlogged === true ? "UNLOGGED " : ""}TABLE ${quoteTable(table)}`,
      ...within(own, body),
      ...storage(parameters),
      ...tablespace(own),
    ].join(" "),
    ...sequences.flatMap(({ after }) => after),
    ...inline.flatMap((constraint) => constraintComment(table, constraint)),
    ...separate.flatMap((constraint) => addConstraint(table, constraint, server)),
    ...table.indexes.flatMap((index) => createIndex(table, index, server)),
    ...replicaIdentity(table, {}, own),
    ...setStorage(table, table.columns),
    ...(table.comment === undefined || table.comment === ""
      ? []
      : [comment(`TABLE ${quoteTable(table)}`, table.comment)]),
    ...table.columns.flatMap((column) => columnComment(table, column)),
    ...setSecurity(table, undefined, table.options?.postgresql),
  ];
}

export function addColumn(
  table: TableName,
  column: Column,
  server: Server,
  ifNotExists = false,
): readonly string[] {
  const { before, after } = columnSequence(table, column);
  return [
    ...before,
    `ALTER TABLE ${quoteTable(table)} ADD COLUMN ${ifNotExists ? "IF NOT EXISTS " : ""}${columnDefinition(table, column, server)}`,
    ...after,
    ...setStorage(table, [column]),
    ...columnComment(table, column),
  ];
}
