import type { EnumType, MetaData } from "../../../src/schema/index.ts";
import { Choices } from "./choices.ts";
import {
  addColumn,
  changeCollation,
  changeColumnComment,
  changeComputed,
  changeDefault,
  changeIdentity,
  changeInlineEnum,
  changeNullable,
  changeType,
  changedValues,
  dropColumn,
  moveColumn,
} from "./column-edits.ts";
import {
  addConstraint,
  addForeignKey,
  addIndex,
  changeConstraint,
  changeIndex,
  dropConstraint,
  renameConstraint,
} from "./constraint-edits.ts";
import { someCheckConstraint, someExclude, someUnique } from "./constraints.ts";
import { onTable, type Edit } from "./edit.ts";
import type { Kind } from "./kinds.ts";
import { repair } from "./repair.ts";
import { enumsOf, someComment } from "./surroundings.ts";
import { someEnum, someOptions, someTable } from "./tables.ts";

const addTable: Edit = (choices, around) => {
  const columns = Array.from({ length: choices.between(1, 3) }, () =>
    Array.from({ length: 12 }, () => choices.next()),
  );
  return {
    ...around.metadata,
    tables: [...around.metadata.tables, someTable(choices, around, columns)],
  };
};

const dropTable: Edit = (choices, { metadata }) => {
  const table = choices.pick(metadata.tables);
  return table === undefined
    ? undefined
    : { ...metadata, tables: metadata.tables.filter((item) => item !== table) };
};

const changeEnum: Edit = (choices, around) => {
  const { metadata, kind } = around;
  if (kind !== "postgresql") return undefined;
  const enums = enumsOf(metadata);
  const found = choices.pick(enums);
  if (found === undefined || choices.chance(15))
    return { ...metadata, objects: [...metadata.objects, someEnum(choices, around)] };
  if (choices.chance(10))
    return { ...metadata, objects: metadata.objects.filter((item) => item !== found) };
  const next: EnumType = { ...found, values: changedValues(choices, found.values) };
  return { ...metadata, objects: metadata.objects.map((item) => (item === found ? next : item)) };
};

const changeTableComment = onTable((choices, table, { kind }) => {
  if (kind === "sqlite") return undefined;
  const { comment, ...bare } = table;
  return comment !== undefined && choices.chance(40)
    ? bare
    : { ...bare, comment: someComment(choices) };
});

const changeOptions = onTable((choices, table, { kind }) => {
  const { options, ...bare } = table;
  if (options !== undefined && choices.chance(50)) return bare;
  const given = someOptions(choices, kind);
  // strict knows few types: only a table that has it from its birth
  if (kind === "sqlite" && (options !== undefined || given.options?.sqlite?.["strict"] === true))
    return undefined;
  return { ...bare, ...given };
});

const EDITS: readonly [Edit, ...Edit[]] = [
  addColumn,
  addColumn,
  dropColumn,
  moveColumn,
  moveColumn,
  changeType,
  changeType,
  changeDefault,
  changeDefault,
  changeNullable,
  changeCollation,
  changeColumnComment,
  changeComputed,
  addConstraint(someCheckConstraint),
  addConstraint(someUnique),
  addConstraint((choices, around, table) =>
    around.kind === "postgresql" ? someExclude(choices, around, table) : undefined,
  ),
  changeConstraint,
  changeConstraint,
  dropConstraint,
  renameConstraint,
  addForeignKey,
  addForeignKey,
  addIndex,
  addIndex,
  changeIndex,
  addTable,
  dropTable,
  changeEnum,
  changeInlineEnum,
  changeTableComment,
  changeOptions,
  changeIdentity,
];

/** Applies one edit; a schema to which it does not apply stays as it is. */
export function edit(metadata: MetaData, numbers: readonly number[], kind: Kind): MetaData {
  const choices = new Choices(numbers);
  const changed = choices.one(EDITS)(choices, { kind, metadata });
  return changed === undefined ? metadata : repair(changed, kind);
}
