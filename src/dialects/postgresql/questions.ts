import { defaultSql, numericDefault, parseDefault, predictDefault } from "./defaults.ts";
import { isUnknown } from "./types.ts";
import { render } from "./spelling.ts";
import type { Expression } from "../../schema/expression.ts";
import type { CheckConstraint, Column, Constraint, ExcludeConstraint, Index, ServerDefault, Table } from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

/** Something of a model's table that only the database can spell as its catalog does. */
export type Question =
  | { readonly kind: "type"; readonly column: Column }
  | { readonly kind: "default"; readonly column: Column; readonly value: ServerDefault }
  | { readonly kind: "computed"; readonly column: Column; readonly expression: Expression }
  | { readonly kind: "check"; readonly constraint: CheckConstraint }
  | { readonly kind: "exclude"; readonly constraint: ExcludeConstraint }
  | { readonly kind: "index"; readonly index: Index };

/** A model's table, and what is to be asked about it. */
export interface Doubt {
  readonly table: Table;
  readonly live: Table;
  readonly questions: readonly Question[];
}

function sameText(a: Expression | undefined, b: Expression | undefined): boolean {
  return a === undefined || b === undefined ? a === b : render(a) === render(b);
}

/**
 * A model's default in the catalog's words where its text decides: equal to what is there, certain by
 * itself, or the same number in other words.
 */
function settleDefault(column: Column, live: Column): ServerDefault | undefined {
  const { default: value, type } = column;
  if (value === undefined) return undefined;
  const { default: there } = live;
  const certain = "value" in value ? predictDefault(value.value, type) : undefined;
  const parsed = parseDefault(certain ?? defaultSql(value, type), type);
  if (there !== undefined && (deepEqual(value, there) || deepEqual(parsed, there))) return there;
  if (there !== undefined && deepEqual(type, live.type)) {
    const number = numericDefault(certain ?? defaultSql(value, type), type);
    if (number !== undefined && number === numericDefault(defaultSql(there, type), type)) return there;
  }
  return certain === undefined ? undefined : parsed;
}

function columnQuestions(column: Column, live: Column | undefined): readonly Question[] {
  if (live === undefined) return [];
  const sameType = deepEqual(column.type, live.type);
  const asksType = isUnknown(column.type) && !sameType;
  const { default: value, computed } = column;
  const settled = value === undefined || settleDefault(column, live) !== undefined;
  // where the type differs for certain, the column is altered whatever its default is called
  const asksMore = sameType || asksType;
  return [
    ...(asksType ? [{ kind: "type", column } as const] : []),
    ...(asksMore && value !== undefined && !settled ? [{ kind: "default", column, value } as const] : []),
    ...(asksMore && computed !== undefined && live.computed !== undefined && !sameText(computed.expression, live.computed.expression)
      ? [{ kind: "computed", column, expression: computed.expression } as const]
      : []),
  ];
}

function constraintQuestions(constraint: Constraint, live: readonly Constraint[]): readonly Question[] {
  if (constraint.kind === "check") {
    const known = live.some((other) => other.kind === "check" && sameText(other.expression, constraint.expression));
    return known ? [] : [{ kind: "check", constraint }];
  }
  if (constraint.kind === "exclude") {
    const known = live.some((other) => other.kind === "exclude" && sameText(other.definition, constraint.definition));
    return known ? [] : [{ kind: "exclude", constraint }];
  }
  return [];
}

function isPlain(index: Index): boolean {
  const plain = index.elements.every(
    ({ expression, collation, operatorClass }) => expression === undefined && collation === undefined && operatorClass === undefined,
  );
  return plain && index.where === undefined;
}

function indexQuestions(index: Index, live: readonly Index[]): readonly Question[] {
  const known = live.some((other) => deepEqual(omit(other, "name", "comment"), omit(index, "name", "comment")));
  return known || isPlain(index) ? [] : [{ kind: "index", index }];
}

/** What has to be asked about a table that is on both sides. */
export function doubtOf(table: Table, live: Table): Doubt {
  const columns = new Map(live.columns.map((column) => [column.name, column]));
  const questions = [
    ...table.columns.flatMap((column) => columnQuestions(column, columns.get(column.name))),
    ...table.constraints.flatMap((constraint) => constraintQuestions(constraint, live.constraints)),
    ...table.indexes.flatMap((index) => indexQuestions(index, live.indexes)),
  ];
  return { table, live, questions };
}

/** The defaults whose text decides, in the catalog's words; a sequence keeps the name it has. */
export function settle(table: Table, live: Table): Table {
  const columns = new Map(live.columns.map((column) => [column.name, column]));
  return {
    ...table,
    columns: table.columns.map((column) => {
      const there = columns.get(column.name);
      if (there === undefined) return column;
      const value = settleDefault(column, there);
      const keepsSequence =
        column.identity !== undefined && there.identity?.serial === column.identity.serial && column.options === undefined && there.options !== undefined;
      return {
        ...column,
        ...(value === undefined ? {} : { default: value }),
        ...(keepsSequence && there.options !== undefined ? { options: there.options } : {}),
      };
    }),
  };
}
