import { columnFor } from "../ddl.ts";
import type { Column, Constraint, Index, PrimaryKey, Table } from "../../schema/types.ts";
import {
  columnDefinition,
  constraintDefinition,
  createTableFrom,
  inlineKeyColumn,
} from "./compile.ts";
import { unqualified } from "./expressions.ts";
import type { ParsedColumn } from "./parse-table.ts";
import { sameName } from "./names.ts";
import { isImplicitlyNotNull, isRowidAlias, writesNotNull, type TableShape } from "./shape.ts";
import { sourceOfTable } from "./source.ts";

/** A column of a table under change. */
export interface ColumnPart {
  readonly column: Column;
  /** The column as it was; absent for a new one. */
  readonly origin?: Column;
  /** Its text in the catalog, as long as nothing about the column changed. */
  readonly source?: ParsedColumn;
  /** How the old value becomes the new one. */
  readonly using?: string;
}

/** A constraint of a table under change. */
export interface ConstraintPart {
  readonly constraint: Constraint;
  /** Its text in the catalog, as long as it did not change. */
  readonly text?: string;
  /** The column it is written at. */
  readonly at?: string;
}

export interface IndexPart {
  readonly index: Index;
  readonly sql?: string;
}

/** A table under change: each part with the catalog's text for it, so that what stays is not rewritten. */
export interface Definition {
  readonly name: string;
  readonly columns: readonly ColumnPart[];
  readonly constraints: readonly ConstraintPart[];
  readonly indexes: readonly IndexPart[];
  readonly strict: boolean;
  readonly withoutRowid: boolean;
}

function keyOf(definition: Definition): PrimaryKey | undefined {
  return definition.constraints
    .map(({ constraint }) => constraint)
    .find((constraint) => constraint.kind === "primaryKey");
}

export function shapeOfDefinition(definition: Definition): TableShape {
  const { strict, withoutRowid } = definition;
  return {
    columns: definition.columns.map(({ column }) => column),
    key: keyOf(definition),
    keyFirst: definition.constraints[0]?.constraint.kind === "primaryKey",
    strict,
    withoutRowid,
  };
}

/** A reflected table as a definition that can be changed. */
export function definitionOf(table: Table): Definition {
  const source = sourceOfTable(table);
  const parsed = source?.parsed;
  const inline = parsed?.columns.flatMap(({ name, clauses }) =>
    clauses.flatMap(({ constraint, text }): ConstraintPart[] =>
      constraint === undefined ? [] : [{ constraint, text, at: name }],
    ),
  );
  const texts = [...(source?.indexes ?? [])];
  const made = texts.flatMap(([name, sql]): IndexPart[] =>
    table.indexes.filter((index) => index.name === name).map((index) => ({ index, sql })),
  );
  const options = table.options?.sqlite;
  return {
    name: table.name,
    columns: table.columns.map((given): ColumnPart => {
      const column = columnFor(given, "sqlite");
      const text = parsed?.columns.find(({ name }) => name === column.name);
      return { column, origin: column, ...(text === undefined ? {} : { source: text }) };
    }),
    constraints:
      parsed === undefined || inline === undefined
        ? table.constraints.map((constraint) => ({ constraint }))
        : [...inline, ...parsed.constraints.map(({ constraint, text }) => ({ constraint, text }))],
    indexes:
      made.length === table.indexes.length ? made : table.indexes.map((index) => ({ index })),
    strict: options?.["strict"] === true,
    withoutRowid: options?.["withoutRowid"] === true,
  };
}

/** Whether the catalog's text still says what the column needs: NOT NULL and the key depend on the whole table. */
function textHolds(part: ColumnPart, shape: TableShape, key: ConstraintPart | undefined): boolean {
  const { source, column } = part;
  if (source === undefined) return false;
  if (column.identity !== undefined && !isRowidAlias(column, shape)) return false;
  const isNewKey =
    key !== undefined && key.text === undefined && inlineKeyColumn(shape)?.name === column.name;
  const notNull = source.clauses.some((clause) => clause.notNull);
  const free = isImplicitlyNotNull(column, shape) && !isRowidAlias(column, shape);
  return !isNewKey && (free || notNull === writesNotNull(column, shape));
}

/** The definition as CREATE TABLE, under another name for the time of the rebuild. */
export function createDefinition(definition: Definition, name: string): string {
  const shape = shapeOfDefinition(definition);
  const key = definition.constraints.find(({ constraint }) => constraint.kind === "primaryKey");
  const written = new Set<ConstraintPart>();
  const partOf = (constraint: Constraint | undefined): ConstraintPart | undefined =>
    definition.constraints.find(
      (part) => part.constraint === constraint && part.text !== undefined,
    );

  const columns = definition.columns.map((part) => {
    if (part.source !== undefined && textHolds(part, shape, key)) {
      const clauses = part.source.clauses.flatMap((clause) => {
        if (clause.constraint === undefined) return [clause.text];
        const kept = partOf(clause.constraint);
        if (kept === undefined) return [];
        written.add(kept);
        return [clause.text];
      });
      return [part.source.head, ...clauses].join(" ");
    }
    if (key !== undefined && inlineKeyColumn(shape)?.name === part.column.name) written.add(key);
    const kept = definition.constraints.filter(
      (item) =>
        item.at !== undefined &&
        part.origin !== undefined &&
        sameName(item.at, part.origin.name) &&
        item.constraint.kind !== "primaryKey",
    );
    const texts = kept.flatMap((item) => {
      if (item.text === undefined) return [];
      written.add(item);
      return [item.text];
    });
    return [columnDefinition(part.column, shape), ...texts].join(" ");
  });
  const numbered = definition.columns.some(({ column }) => column.identity !== undefined);
  const constraints = definition.constraints
    .filter((part) => !written.has(part))
    .map(
      (part) =>
        (part.at === undefined ? part.text : undefined) ??
        constraintDefinition(part.constraint, numbered),
    );
  const items = [...columns, ...constraints].map((item) => unqualified(item, definition.name));
  return createTableFrom(name, items, shape);
}
