import { columnFor, columnList } from "../ddl.ts";
import type { Expression } from "../../schema/expression.ts";
import type {
  Column,
  Constraint,
  ForeignKey,
  Index,
  IndexElement,
  Options,
  Table,
  TableName,
} from "../../schema/types.ts";
import { RevlineError } from "../../errors.ts";
import { compileDefault } from "./default.ts";
import { bareText } from "./expressions.ts";
import { inKey, isRowidAlias, shapeOf, writesNotNull, type TableShape } from "./shape.ts";
import { quote, render } from "./spelling.ts";
import { standsAlone, tokenize } from "./tokens.ts";
import { compileType } from "./types.ts";

/** The table's name, which can be in no schema but `main`. @throws RevlineError unsupported */
export function tableName(table: TableName): string {
  if (table.schema === undefined || table.schema === "main") return table.name;
  throw new RevlineError(
    "unsupported",
    `Table "${table.schema}.${table.name}" is in a schema, and SQLite has none.`,
    {
      hint: "Leave the schema out for SQLite.",
    },
  );
}

function conflict(options: Options | undefined): string {
  const word = options?.["onConflict"];
  return typeof word === "string" ? ` ON CONFLICT ${word.toUpperCase()}` : "";
}

function constraintName(name: unknown): string {
  return typeof name === "string" ? `CONSTRAINT ${quote(name)} ` : "";
}

/**
 * The column at which the primary key is written: when it is about that column alone and says no more
 * than a column can. Elsewhere it keeps its place among the constraints, which numbers their indexes.
 */
export function inlineKeyColumn(shape: TableShape): Column | undefined {
  const { key } = shape;
  if (key === undefined || key.columns.length !== 1 || key.options?.["elements"] !== undefined)
    return undefined;
  const column = shape.columns.find((candidate) => inKey(candidate, shape));
  const mustBe =
    column !== undefined && (isRowidAlias(column, shape) || key.options?.["desc"] === true);
  return mustBe || shape.keyFirst ? column : undefined;
}

function inlineKey(column: Column, shape: TableShape): string {
  const { key } = shape;
  if (column.identity !== undefined && !isRowidAlias(column, shape)) {
    throw new RevlineError(
      "unsupported",
      `Column "${column.name}" is numbered by the database, and SQLite does that only for the primary key of a table with rowids.`,
      {
        hint: "Make the column the whole primary key, or take .identity() away (by a variant for sqlite, or in the model).",
      },
    );
  }
  if (key === undefined || inlineKeyColumn(shape)?.name !== column.name) return "";
  const order = key.options?.["desc"] === true ? " DESC" : "";
  const auto = column.identity === undefined ? "" : " AUTOINCREMENT";
  return ` ${constraintName(key.name)}PRIMARY KEY${order}${conflict(key.options)}${auto}`;
}

/** A column as it stands in CREATE TABLE and ADD COLUMN. */
export function columnDefinition(given: Column, shape: TableShape): string {
  const column = columnFor(given, "sqlite");
  // AUTOINCREMENT takes no other word than INTEGER
  const type = column.identity === undefined ? compileType(column.type, shape.strict) : "INTEGER";
  const { options, computed } = column;
  return [
    quote(column.name),
    type === "" ? "" : ` ${type}`,
    writesNotNull(column, shape)
      ? ` ${constraintName(options?.["notNullName"])}NOT NULL${conflict(options)}`
      : "",
    inlineKey(column, shape),
    column.default === undefined ? "" : ` DEFAULT ${compileDefault(column.default)}`,
    column.collation === undefined ? "" : ` COLLATE ${quote(column.collation)}`,
    computed === undefined
      ? ""
      : ` GENERATED ALWAYS AS (${bareText(render(computed.expression))}) ${computed.stored ? "STORED" : "VIRTUAL"}`,
  ].join("");
}

/** REFERENCES and what follows. */
export function referencesClause(key: ForeignKey): string {
  const { references, onDelete, onUpdate, match, options } = key;
  const matches = match ?? options?.["match"];
  const implicit = options?.["implicitTarget"] === true || references.columns.length === 0;
  return [
    `REFERENCES ${quote(tableName(references))}`,
    implicit ? "" : ` ${columnList(references.columns, quote)}`,
    onDelete === undefined || onDelete === "no action"
      ? ""
      : ` ON DELETE ${onDelete.toUpperCase()}`,
    onUpdate === undefined || onUpdate === "no action"
      ? ""
      : ` ON UPDATE ${onUpdate.toUpperCase()}`,
    typeof matches === "string" ? ` MATCH ${matches.toUpperCase()}` : "",
    key.deferrable || key.initiallyDeferred ? " DEFERRABLE" : "",
    key.initiallyDeferred ? " INITIALLY DEFERRED" : "",
  ].join("");
}

function keyColumns(
  columns: readonly string[],
  options: Options | undefined,
  autoincrement: boolean,
): string {
  const elements = options?.["elements"];
  const list = typeof elements === "string" ? `(${elements})` : columnList(columns, quote);
  return autoincrement ? list.replace(/\)$/, " AUTOINCREMENT)") : list;
}

/** A constraint as it stands for itself in CREATE TABLE. @throws RevlineError unsupported */
export function constraintDefinition(constraint: Constraint, autoincrement = false): string {
  const name = constraintName(constraint.name);
  switch (constraint.kind) {
    case "primaryKey":
      return `${name}PRIMARY KEY ${keyColumns(constraint.columns, constraint.options, autoincrement)}${conflict(constraint.options)}`;
    case "unique":
      return `${name}UNIQUE ${keyColumns(constraint.columns, constraint.options, false)}${conflict(constraint.options)}`;
    case "check":
      return `${name}CHECK (${bareText(render(constraint.expression))})`;
    case "foreignKey":
      return `${name}FOREIGN KEY ${columnList(constraint.columns, quote)} ${referencesClause(constraint)}`;
    case "exclude":
      throw new RevlineError(
        "unsupported",
        `SQLite has no exclusion constraints (${constraint.name ?? "without a name"}).`,
        {
          hint: "Leave it out of the models of an SQLite database.",
        },
      );
  }
}

/** A call stands as it is; other expressions in parentheses, or COLLATE behind would be about their last part. */
function indexed(expression: Expression): string {
  const sql = bareText(render(expression));
  const tokens = tokenize(sql);
  return tokens.length > 1 && standsAlone(tokens) ? sql : `(${sql})`;
}

function elementText(element: IndexElement): string {
  const { column, expression } = element;
  const what =
    column === undefined ? (expression === undefined ? "" : indexed(expression)) : quote(column);
  const collation = element.collation === undefined ? "" : ` COLLATE ${quote(element.collation)}`;
  return `${what}${collation}${element.order === "desc" ? " DESC" : ""}`;
}

/** CREATE INDEX. @throws RevlineError unsupported for an index without a name */
export function createIndex(table: TableName, index: Index): string {
  if (index.name === undefined) {
    throw new RevlineError(
      "unsupported",
      `An index of table "${table.name}" has no name, and SQLite gives none.`,
      {
        hint: "Name the index.",
      },
    );
  }
  const where = index.where === undefined ? "" : ` WHERE ${bareText(render(index.where))}`;
  const list = index.elements.map(elementText).join(", ");
  return `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${quote(index.name)} ON ${quote(tableName(table))} (${list})${where}`;
}

/** What follows the closing parenthesis of CREATE TABLE. */
export function tableOptions(shape: TableShape): string {
  const words = [
    ...(shape.withoutRowid ? ["WITHOUT ROWID"] : []),
    ...(shape.strict ? ["STRICT"] : []),
  ];
  return words.length === 0 ? "" : ` ${words.join(", ")}`;
}

/** CREATE TABLE from the parts between its parentheses. */
export function createTableFrom(name: string, items: readonly string[], shape: TableShape): string {
  return `CREATE TABLE ${quote(name)} (\n  ${items.join(",\n  ")}\n)${tableOptions(shape)}`;
}

/** CREATE TABLE and CREATE INDEX of a whole table. */
export function createTable(table: Table): readonly string[] {
  const plain = { ...table, columns: table.columns.map((column) => columnFor(column, "sqlite")) };
  const shape = shapeOf(plain);
  const columns = plain.columns.map((column) => columnDefinition(column, shape));
  const numbered = plain.columns.some((column) => column.identity !== undefined);
  const constraints = plain.constraints
    .filter(
      (constraint) => constraint.kind !== "primaryKey" || inlineKeyColumn(shape) === undefined,
    )
    .map((constraint) => constraintDefinition(constraint, numbered));
  return [
    createTableFrom(tableName(table), [...columns, ...constraints], shape),
    ...table.indexes.map((index) => createIndex(table, index)),
  ];
}
