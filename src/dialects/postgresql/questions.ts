import { defaultSql, numericDefault, parseDefault, predictDefault } from "./defaults.ts";
import { pushCasts } from "./array-casts.ts";
import { isUnknown } from "./types.ts";
import { adoptOptions } from "./options.ts";
import { render } from "./spelling.ts";
import type { Expression } from "../../schema/expression.ts";
import type {
  CheckConstraint,
  Column,
  Constraint,
  ExcludeConstraint,
  Index,
  ServerDefault,
  Table,
} from "../../schema/types.ts";
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

/** The same text, or texts of which the server makes the same when it reads them again. */
export function sameText(a: Expression | undefined, b: Expression | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return render(a) === render(b) || pushCasts(render(a)) === pushCasts(render(b));
}

function adoptIn<T extends Constraint>(constraint: T, live: readonly Constraint[]): T {
  const named = live.filter(({ name }) => name === constraint.name);
  const candidates = constraint.name === undefined || named.length === 0 ? live : named;
  if (constraint.kind === "check") {
    const { expression } = constraint;
    const found = candidates.find(
      (other) => other.kind === "check" && sameText(other.expression, expression),
    );
    return found?.kind === "check" ? { ...constraint, expression: found.expression } : constraint;
  }
  if (constraint.kind === "exclude") {
    const { definition } = constraint;
    const found = candidates.find(
      (other) => other.kind === "exclude" && sameText(other.definition, definition),
    );
    return found?.kind === "exclude" ? { ...constraint, definition: found.definition } : constraint;
  }
  const key = candidates.find(({ kind }) => kind === constraint.kind);
  const there = key !== undefined && "options" in key ? key.options : undefined;
  return "options" in constraint && constraint.options !== undefined
    ? { ...constraint, options: adoptOptions(constraint.options, there) }
    : constraint;
}

function adoptIndex(index: Index, live: readonly Index[]): Index {
  const found =
    live.find(({ name }) => name === index.name) ??
    live.find(
      (other) =>
        sameText(other.where, index.where) && other.elements.length === index.elements.length,
    );
  if (found === undefined) return index;
  const { where } = found;
  return {
    ...index,
    elements: index.elements.map((element, at) => {
      const there = found.elements[at]?.expression;
      return there !== undefined && sameText(there, element.expression)
        ? { ...element, expression: there }
        : element;
    }),
    ...(where !== undefined && sameText(where, index.where) ? { where } : {}),
    ...(index.options === undefined ? {} : { options: adoptOptions(index.options, found.options) }),
  };
}

/** The database's own text wherever it says the same as the model's. */
export function adopt(table: Table, live: Table): Table {
  const columns = new Map(live.columns.map((column) => [column.name, column]));
  const options = table.options?.postgresql;
  return {
    ...table,
    columns: table.columns.map((column) => {
      const there = columns.get(column.name);
      const { default: value, computed } = column;
      const liveDefault = there?.default;
      const sameDefault =
        value !== undefined &&
        liveDefault !== undefined &&
        "expression" in value &&
        "expression" in liveDefault &&
        sameText(value.expression, liveDefault.expression);
      const sameComputed =
        computed !== undefined &&
        there?.computed !== undefined &&
        sameText(computed.expression, there.computed.expression);
      return {
        ...column,
        ...(sameDefault ? { default: liveDefault } : {}),
        ...(sameComputed && there.computed !== undefined
          ? { computed: { ...computed, expression: there.computed.expression } }
          : {}),
      };
    }),
    constraints: table.constraints.map((constraint) => adoptIn(constraint, live.constraints)),
    indexes: table.indexes.map((index) => adoptIndex(index, live.indexes)),
    ...(options === undefined
      ? {}
      : {
          options: {
            ...table.options,
            postgresql: adoptOptions(options, live.options?.postgresql),
          },
        }),
  };
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
    if (number !== undefined && number === numericDefault(defaultSql(there, type), type))
      return there;
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
    ...(asksMore && value !== undefined && !settled
      ? [{ kind: "default", column, value } as const]
      : []),
    ...(asksMore &&
    computed !== undefined &&
    live.computed !== undefined &&
    !sameText(computed.expression, live.computed.expression)
      ? [{ kind: "computed", column, expression: computed.expression } as const]
      : []),
  ];
}

function constraintQuestions(
  constraint: Constraint,
  live: readonly Constraint[],
): readonly Question[] {
  if (constraint.kind === "check") {
    const known = live.some(
      (other) => other.kind === "check" && sameText(other.expression, constraint.expression),
    );
    return known ? [] : [{ kind: "check", constraint }];
  }
  if (constraint.kind === "exclude") {
    const known = live.some(
      (other) => other.kind === "exclude" && sameText(other.definition, constraint.definition),
    );
    return known ? [] : [{ kind: "exclude", constraint }];
  }
  return [];
}

function isPlain(index: Index): boolean {
  const plain = index.elements.every(
    ({ expression, collation, operatorClass }) =>
      expression === undefined && collation === undefined && operatorClass === undefined,
  );
  return plain && index.where === undefined;
}

function indexQuestions(index: Index, live: readonly Index[]): readonly Question[] {
  const known = live.some((other) =>
    deepEqual(omit(other, "name", "comment"), omit(index, "name", "comment")),
  );
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
        column.identity !== undefined && there.identity?.serial === column.identity.serial;
      const sequence = keepsSequence ? there.options?.["sequence"] : undefined;
      return {
        ...column,
        ...(value === undefined ? {} : { default: value }),
        ...(sequence === undefined ? {} : { options: { sequence, ...column.options } }),
      };
    }),
  };
}
