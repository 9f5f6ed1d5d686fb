import { text } from "../../schema/expression.ts";
import type { Column, Constraint, Index, Options, Table } from "../../schema/types.ts";
import { withOptions } from "./parse-constraint.ts";
import type { Clause, ParsedColumn, ParsedTable } from "./parse-table.ts";
import { constraintDefinition } from "./compile.ts";
import { parseDefault } from "./default.ts";
import { bareText, unqualified, withStrings } from "./expressions.ts";
import { fold, sameName } from "./names.ts";
import { isImplicitlyNotNull, isRowidAlias, shapeOf } from "./shape.ts";
import { render } from "./spelling.ts";
import { parseType } from "./types.ts";

/** Built-in collations have one spelling. What an index says counts, BINARY too: else its column's own holds. */
export function elementCollationOf(name: string | undefined): { collation?: string } {
  if (name === undefined) return {};
  return { collation: /^(?:binary|nocase|rtrim)$/i.test(name) ? name.toUpperCase() : name };
}

/** The collation of a column, where BINARY is the default. */
export function collationOf(name: string | undefined): { collation?: string } {
  const known = elementCollationOf(name);
  return known.collation === "BINARY" ? {} : known;
}

function columnOf(parsed: ParsedColumn, table: string, autoincrement: boolean): Column {
  const { clauses } = parsed;
  const type = parseType(parsed.type);
  const last = <K extends keyof Clause>(key: K): Clause[K] | undefined =>
    clauses.findLast((clause) => clause[key] !== undefined)?.[key];
  const options: Options = Object.fromEntries(
    clauses.flatMap((clause) => Object.entries(clause.options ?? {})),
  );
  const sql = last("default");
  const computed = last("computed");
  return {
    name: parsed.name,
    type,
    nullable: last("notNull") === undefined,
    ...(sql === undefined ? {} : { default: parseDefault(bareText(sql), type) }),
    ...(autoincrement ? { identity: {} } : {}),
    ...(computed === undefined
      ? {}
      : {
          computed: {
            ...computed,
            expression: text(bareText(unqualified(render(computed.expression), table))),
          },
        }),
    ...collationOf(last("collation")),
    ...withOptions(options),
  };
}

/** See `writesNotNull` in shape.ts for what the two options mean. */
function withKeyNullability(column: Column, table: Table): Column {
  const shape = shapeOf(table);
  if (!(shape.key?.columns.includes(column.name) ?? false)) return column;
  const mark = (option: string): Column => ({
    ...column,
    options: { ...column.options, [option]: true },
  });
  if (isRowidAlias(column, shape))
    return { ...(column.nullable ? column : mark("notNull")), nullable: false };
  if (isImplicitlyNotNull(column, shape)) return { ...column, nullable: false };
  return column.nullable ? mark("nullable") : column;
}

/** The table's name and key as other tables' foreign keys need them. */
export interface Parent {
  readonly name: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

export type FindParent = (name: string) => Parent | undefined;

function declaredName(name: string, columns: readonly string[]): string {
  return (
    columns.find((column) => column === name) ??
    columns.find((column) => sameName(column, name)) ??
    name
  );
}

/** Names in the case in which they are declared, and the parent's key where a reference names no columns. */
function resolved(
  constraint: Constraint,
  columns: readonly string[],
  table: string,
  parentOf: FindParent,
): Constraint {
  if (constraint.kind === "check") {
    const sql = bareText(unqualified(render(constraint.expression), table));
    return { ...constraint, expression: text(withStrings(sql, columns)) };
  }
  if (!("columns" in constraint)) return constraint;
  const own = constraint.columns.map((name) => declaredName(name, columns));
  if (constraint.kind !== "foreignKey") return { ...constraint, columns: own };
  const { references } = constraint;
  const parent = parentOf(references.name);
  const implicit = references.columns.length === 0;
  const targets = implicit
    ? // a parent that is not there has no key to name
      (parent?.key ?? own)
    : references.columns.map((name) => declaredName(name, parent?.columns ?? []));
  return {
    ...constraint,
    columns: own,
    references: { name: parent?.name ?? references.name, columns: targets },
    ...(implicit ? { options: { ...constraint.options, implicitTarget: true } } : {}),
  };
}

/** A check's own text, or where its strings stand in double quotes, the text that any SQLite takes. */
function textOf(
  item: { readonly text: string; readonly constraint?: Constraint },
  constraint: Constraint,
  columns: readonly string[],
): string {
  if (item.constraint?.kind !== "check") return item.text;
  const sql = render(item.constraint.expression);
  return withStrings(sql, columns) === sql ? item.text : constraintDefinition(constraint);
}

/** The same parsed table with every constraint resolved: its objects are the very ones of the Table. */
export function resolveParsed(parsed: ParsedTable, parentOf: FindParent): ParsedTable {
  const columns = parsed.columns.map(({ name }) => name);
  const resolve = (constraint: Constraint): Constraint =>
    resolved(constraint, columns, parsed.name, parentOf);
  return {
    ...parsed,
    columns: parsed.columns.map((column) => ({
      ...column,
      clauses: column.clauses.map((clause) => {
        if (clause.constraint === undefined) return clause;
        const constraint = resolve(clause.constraint);
        return { ...clause, constraint, text: textOf(clause, constraint, columns) };
      }),
    })),
    constraints: parsed.constraints.map((item) => {
      const constraint = resolve(item.constraint);
      return { ...item, constraint, text: textOf(item, constraint, columns) };
    }),
  };
}

/** Whether a text had to be written anew, for this SQLite would not take it any more. */
export function isOutdated(parsed: ParsedTable, known: ParsedTable): boolean {
  const texts = ({ columns, constraints }: ParsedTable): string =>
    JSON.stringify(
      [...columns.flatMap(({ clauses }) => clauses), ...constraints].map((item) => item.text),
    );
  return texts(parsed) !== texts(known);
}

/** The columns of a parsed table's primary key. */
export function keyOf(parsed: ParsedTable): readonly string[] {
  const all = [...parsed.columns.flatMap(({ clauses }) => clauses), ...parsed.constraints];
  const key = all.flatMap(({ constraint }) =>
    constraint?.kind === "primaryKey" ? [constraint] : [],
  )[0];
  return key?.columns ?? [];
}

/** Names of an index's columns in the case in which they are declared. */
export function resolveIndex(index: Index, columns: readonly string[]): Index {
  return {
    ...index,
    elements: index.elements.map((element) => {
      const { collation, expression, ...rest } = element;
      const column =
        element.column === undefined ? {} : { column: declaredName(element.column, columns) };
      const known =
        expression === undefined
          ? {}
          : { expression: text(withStrings(render(expression), columns)) };
      return { ...rest, ...column, ...known, ...elementCollationOf(collation) };
    }),
    ...(index.where === undefined
      ? {}
      : { where: text(withStrings(render(index.where), columns)) }),
  };
}

/**
 * The order of keys in the text numbers their indexes (sqlite_autoindex_…_1), so it is kept; the key
 * that is the rowid has no index and stands first, as in models.
 */
function rowidKeyFirst(table: Table): readonly Constraint[] {
  const shape = shapeOf(table);
  const { key } = shape;
  if (key === undefined || !table.columns.some((column) => isRowidAlias(column, shape)))
    return table.constraints;
  return [key, ...table.constraints.filter((constraint) => constraint !== key)];
}

/** The plain data of a parsed and resolved table. */
export function tableFrom(name: string, parsed: ParsedTable, indexes: readonly Index[]): Table {
  const numbered = new Set(
    [
      ...parsed.columns
        .filter(({ clauses }) => clauses.some((clause) => clause.autoincrement))
        .map((column) => column.name),
      ...parsed.constraints
        .filter((item) => item.autoincrement)
        .flatMap(({ constraint }) => ("columns" in constraint ? constraint.columns : [])),
    ].map(fold),
  );
  const inline = parsed.columns.flatMap(({ clauses }) =>
    clauses.flatMap(({ constraint }) => constraint ?? []),
  );
  const options = {
    ...(parsed.strict ? { strict: true } : {}),
    ...(parsed.withoutRowid ? { withoutRowid: true } : {}),
  };
  const columns = parsed.columns.map((column) =>
    columnOf(column, name, numbered.has(fold(column.name))),
  );
  const table: Table = {
    name,
    columns,
    constraints: [...inline, ...parsed.constraints.map(({ constraint }) => constraint)],
    indexes: indexes.map((index) =>
      resolveIndex(
        index,
        columns.map((column) => column.name),
      ),
    ),
    ...(Object.keys(options).length === 0 ? {} : { options: { sqlite: options } }),
  };
  return {
    ...table,
    columns: columns.map((column) => withKeyNullability(column, table)),
    constraints: rowidKeyFirst(table),
  };
}
