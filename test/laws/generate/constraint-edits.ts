import type { Constraint, Index, Table } from "../../../src/schema/index.ts";
import type { Choices } from "./choices.ts";
import {
  someActions,
  someCheckConstraint,
  someExclude,
  someForeignKey,
  somePrimaryKey,
  someUnique,
} from "./constraints.ts";
import { onTable, type Edit } from "./edit.ts";
import { someIndex } from "./indexes.ts";
import { isMysql } from "./kinds.ts";
import { freshName } from "./names.ts";
import { takenNames, type Surroundings } from "./surroundings.ts";

export const addConstraint = (
  make: (choices: Choices, around: Surroundings, table: Table) => Constraint | undefined,
): Edit =>
  onTable((choices, table, around) => {
    const found = make(choices, around, table);
    if (found === undefined) return undefined;
    // a constraint without a name gets it from the history: only one made with the table is the same in two histories
    const named: Constraint =
      found.name !== undefined || around.kind === "sqlite"
        ? found
        : { ...found, name: freshName(choices, around.kind, takenNames(around.metadata), "c_") };
    return { ...table, constraints: [...table.constraints, named] };
  });

export const dropConstraint = onTable((choices, table) => {
  const found = choices.pick(table.constraints);
  return found === undefined
    ? undefined
    : { ...table, constraints: table.constraints.filter((item) => item !== found) };
});

/** The same name, another content. */
export const changeConstraint = onTable((choices, table, around) => {
  const found = choices.pick(
    table.constraints.filter((item) => item.name !== undefined || item.kind === "primaryKey"),
  );
  if (found === undefined) return undefined;
  const replacement = replace(choices, found, table, around);
  if (replacement === undefined) return undefined;
  const { name: _, ...rest } = replacement;
  const next: Constraint = found.name === undefined ? rest : { ...rest, name: found.name };
  return { ...table, constraints: table.constraints.map((item) => (item === found ? next : item)) };
});

function replace(
  choices: Choices,
  found: Constraint,
  table: Table,
  around: Surroundings,
): Constraint | undefined {
  if (found.kind === "check") return someCheckConstraint(choices, around, table);
  if (found.kind === "unique") return someUnique(choices, around, table);
  if (found.kind === "primaryKey") return somePrimaryKey(choices, around, table);
  if (found.kind === "exclude") return someExclude(choices, around, table);
  const { onDelete: _a, onUpdate: _b, deferrable: _c, initiallyDeferred: _d, ...rest } = found;
  return { ...rest, ...someActions(choices, around.kind) };
}

export const renameConstraint = onTable((choices, table, { kind, metadata }) => {
  const found = choices.pick(table.constraints.filter((item) => item.name !== undefined));
  if (found === undefined || (isMysql(kind) && found.kind === "primaryKey")) return undefined;
  const name = freshName(choices, kind, takenNames(metadata), "re_");
  return {
    ...table,
    constraints: table.constraints.map((item) => (item === found ? { ...item, name } : item)),
  };
});

export const addForeignKey = onTable((choices, table, around) => {
  const found = someForeignKey(choices, around, table);
  if (found === undefined) return undefined;
  const { key } = found;
  const name = key.name ?? freshName(choices, around.kind, takenNames(around.metadata), "fk_");
  return {
    ...table,
    columns: [...table.columns, ...found.columns],
    constraints: [...table.constraints, { ...key, name }],
  };
});

export const addIndex = onTable((choices, table, around) => {
  const found = someIndex(choices, around, table);
  return found === undefined ? undefined : { ...table, indexes: [...table.indexes, found] };
});

export const changeIndex = onTable((choices, table, around) => {
  const found = choices.pick(table.indexes);
  if (found === undefined) return undefined;
  if (choices.chance(40))
    return { ...table, indexes: table.indexes.filter((item) => item !== found) };
  const other = someIndex(choices, around, table);
  const { name } = found;
  const next: Index | undefined =
    other === undefined || name === undefined ? undefined : { ...other, name };
  return next === undefined
    ? undefined
    : { ...table, indexes: table.indexes.map((item) => (item === found ? next : item)) };
});
