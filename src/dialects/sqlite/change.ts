import { columnFor } from "../ddl.ts";
import type {
  AddColumn,
  AddConstraint,
  AlterColumn,
  CreateIndex,
  DropColumn,
  DropConstraint,
  DropIndex,
  RenameConstraint,
  RenameIndex,
  SetTableComment,
  SetTableOptions,
} from "../../operations/operation.ts";
import type { Column, Constraint, Index } from "../../schema/types.ts";
import { RevlineError } from "../../errors.ts";
import { deepEqual } from "../../util/equal.ts";
import type { ConstraintPart, Definition } from "./definition.ts";
import { sameName } from "./names.ts";
import { render } from "./spelling.ts";
import { expressionKey, nameOf, tokenize } from "./tokens.ts";

/** The operations that change a table in place: what a rebuild can take together. */
export interface AlterMap {
  addColumn: AddColumn;
  dropColumn: DropColumn;
  alterColumn: AlterColumn;
  addConstraint: AddConstraint;
  dropConstraint: DropConstraint;
  renameConstraint: RenameConstraint;
  createIndex: CreateIndex;
  dropIndex: DropIndex;
  renameIndex: RenameIndex;
  setTableComment: SetTableComment;
  setTableOptions: SetTableOptions;
}
export type AlterOperation = AlterMap[keyof AlterMap];
type Changes = {
  readonly [K in keyof AlterMap]: (definition: Definition, operation: AlterMap[K]) => Definition;
};

function missing(definition: Definition, what: string): RevlineError {
  return new RevlineError("statement-failed", `Table "${definition.name}" has no ${what}.`, {
    hint: "Correct the name in the revision, or look at the table with: migrate introspect.",
  });
}

/** Whether a text may mean a column: SQLite itself has to say whether it does. */
export function mayMention(sql: string, column: string): boolean {
  return tokenize(sql).some(
    (token) =>
      (token.kind === "word" || token.kind === "quoted") && sameName(nameOf(token), column),
  );
}

function isAbout(names: readonly string[], column: string): boolean {
  return names.some((name) => sameName(name, column));
}

function replaceColumn(
  definition: Definition,
  name: string,
  column: Column,
  using: string | undefined,
): Definition {
  if (!definition.columns.some((part) => sameName(part.column.name, name)))
    throw missing(definition, `column "${name}"`);
  return {
    ...definition,
    columns: definition.columns.map((part) => {
      if (!sameName(part.column.name, name)) return part;
      const { source: _, ...rest } = part;
      return {
        ...rest,
        column: columnFor(column, "sqlite"),
        ...(using === undefined ? {} : { using }),
      };
    }),
  };
}

function sameConstraint(a: Constraint, b: Constraint): boolean {
  if (a.kind === "check" || b.kind === "check") {
    return (
      a.kind === "check" &&
      b.kind === "check" &&
      expressionKey(render(a.expression)) === expressionKey(render(b.expression))
    );
  }
  if (a.kind === "exclude" || b.kind === "exclude" || a.kind !== b.kind) return false;
  const columns = (names: readonly string[]): string =>
    JSON.stringify(names.map((name) => name.toLowerCase()));
  if (columns(a.columns) !== columns(b.columns)) return false;
  // a revision that drops a key without a name says its own columns alone
  return (
    a.kind !== "foreignKey" ||
    b.kind !== "foreignKey" ||
    b.references.name === "" ||
    sameName(a.references.name, b.references.name)
  );
}

/** The constraint an operation means: by its name, else the one that is equal, else the one that is alike. */
function findConstraint(definition: Definition, operation: DropConstraint): ConstraintPart {
  const { name, type, dropped } = operation;
  const ofType = definition.constraints.filter(({ constraint }) => constraint.kind === type);
  const byName = ofType.find(
    ({ constraint }) =>
      name !== undefined && constraint.name !== undefined && sameName(constraint.name, name),
  );
  const unnamed = ofType.filter(({ constraint }) => constraint.name === undefined);
  const exact = dropped && unnamed.find(({ constraint }) => deepEqual(constraint, dropped));
  const alike = dropped && unnamed.find(({ constraint }) => sameConstraint(constraint, dropped));
  const onlyKey = type === "primaryKey" ? ofType[0] : undefined;
  const found = byName ?? exact ?? alike ?? onlyKey;
  if (found === undefined)
    throw missing(
      definition,
      `${type} constraint ${name === undefined ? "like that" : `"${name}"`}`,
    );
  return found;
}

function indexNamed(definition: Definition, name: string): Index {
  const found = definition.indexes.find(
    ({ index }) => index.name !== undefined && sameName(index.name, name),
  );
  if (found === undefined) throw missing(definition, `index "${name}"`);
  return found.index;
}

/** Where a new column stands: at the end where nothing is said. */
export function placeBehind(definition: Definition, after: string | null | undefined): number {
  const { columns } = definition;
  if (after === null) return 0;
  const at =
    after === undefined ? -1 : columns.findIndex(({ column }) => sameName(column.name, after));
  return at < 0 ? columns.length : at + 1;
}

/** @throws RevlineError statement-failed when there is no such column */
function moveColumn(definition: Definition, name: string, after: string | null): Definition {
  const others = definition.columns.filter(({ column }) => !sameName(column.name, name));
  const moved = definition.columns.filter(({ column }) => sameName(column.name, name));
  const behind =
    after === null ? -1 : others.findIndex(({ column }) => sameName(column.name, after));
  if (after !== null && behind < 0) throw missing(definition, `column "${after}"`);
  return { ...definition, columns: others.toSpliced(behind + 1, 0, ...moved) };
}

/** By kind, then by the places of its columns. */
function isBehind(definition: Definition, a: Constraint, b: Constraint): boolean {
  if (!("columns" in a) || !("columns" in b)) return false;
  const places = ({ columns }: { readonly columns: readonly string[] }): readonly number[] =>
    columns.map((name) =>
      definition.columns.findIndex(({ column }) => sameName(column.name, name)),
    );
  const [left, right] = [places(a), places(b)];
  const at = left.findIndex((place, index) => place !== right[index]);
  return at >= 0 && (left[at] ?? 0) > (right[at] ?? -1);
}

/**
 * Where a new constraint stands: the order numbers the indexes of keys and the foreign keys, and what is
 * dropped and put back should have its number again. Models mostly have them in the order of columns.
 */
function placeOf(definition: Definition, constraint: Constraint): number {
  if (constraint.kind === "primaryKey") return 0;
  const { constraints } = definition;
  const alike = constraints.findIndex(
    (part) =>
      part.constraint.kind === constraint.kind && isBehind(definition, part.constraint, constraint),
  );
  if (alike >= 0) return alike;
  const last = constraints.findLastIndex((part) => part.constraint.kind === constraint.kind);
  return last < 0 ? constraints.length : last + 1;
}

/** What each operation makes of a table. */
export const CHANGES: Changes = {
  addColumn: (definition, { column, after }) => {
    const { columns } = definition;
    const behind =
      after === undefined
        ? columns.length - 1
        : columns.findIndex((part) => after !== null && sameName(part.column.name, after));
    if (behind === -1 && typeof after === "string") throw missing(definition, `column "${after}"`);
    return {
      ...definition,
      columns: columns.toSpliced(behind + 1, 0, { column: columnFor(column, "sqlite") }),
    };
  },
  // as on PostgreSQL, keys and indexes of the column go with it; for expressions see `withoutDependents` in plan.ts
  dropColumn: (definition, { name }) => {
    if (!definition.columns.some(({ column }) => sameName(column.name, name)))
      throw missing(definition, `column "${name}"`);
    return {
      ...definition,
      columns: definition.columns.filter(({ column }) => !sameName(column.name, name)),
      constraints: definition.constraints.filter(
        ({ constraint }) => !("columns" in constraint && isAbout(constraint.columns, name)),
      ),
      indexes: definition.indexes.filter(
        ({ index }) =>
          !isAbout(
            index.elements.flatMap((element) => element.column ?? []),
            name,
          ),
      ),
    };
  },
  alterColumn: (definition, { from, to, using, after }) => {
    const changed = replaceColumn(
      definition,
      from.name,
      to,
      using === undefined ? undefined : render(using),
    );
    return after === undefined ? changed : moveColumn(changed, to.name, after);
  },
  addConstraint: (definition, { constraint }) => ({
    ...definition,
    constraints: definition.constraints.toSpliced(placeOf(definition, constraint), 0, {
      constraint,
    }),
  }),
  dropConstraint: (definition, operation) => {
    const found = findConstraint(definition, operation);
    return { ...definition, constraints: definition.constraints.filter((part) => part !== found) };
  },
  renameConstraint: (definition, { type, from, to, table }) => {
    const found = findConstraint(definition, { kind: "dropConstraint", table, name: from, type });
    const renamed: ConstraintPart = { constraint: { ...found.constraint, name: to } };
    return {
      ...definition,
      constraints: definition.constraints.map((part) => (part === found ? renamed : part)),
    };
  },
  createIndex: (definition, { index }) => ({
    ...definition,
    indexes: [...definition.indexes, { index }],
  }),
  dropIndex: (definition, { name }) => {
    const found = indexNamed(definition, name);
    return { ...definition, indexes: definition.indexes.filter(({ index }) => index !== found) };
  },
  renameIndex: (definition, { from, to }) => {
    const found = indexNamed(definition, from);
    return {
      ...definition,
      indexes: definition.indexes.map((part) =>
        part.index === found ? { index: { ...found, name: to } } : part,
      ),
    };
  },
  setTableComment: (definition) => definition,
  setTableOptions: (definition, { dialect, from, to }) => {
    if (dialect !== "sqlite") return definition;
    const after = (key: "strict" | "withoutRowid"): boolean =>
      key in to ? to[key] === true : key in from ? false : definition[key];
    return { ...definition, strict: after("strict"), withoutRowid: after("withoutRowid") };
  },
};

/** The definition after one operation. @throws RevlineError statement-failed when it names what is not there */
export function change(definition: Definition, operation: AlterOperation): Definition {
  return changeBy(CHANGES, definition, operation);
}

function changeBy<K extends keyof AlterMap>(
  changes: { readonly [P in K]: (definition: Definition, operation: AlterMap[P]) => Definition },
  definition: Definition,
  operation: AlterMap[K] & { readonly kind: K },
): Definition {
  return changes[operation.kind](definition, operation);
}
