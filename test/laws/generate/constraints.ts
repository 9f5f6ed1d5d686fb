import {
  expression,
  type Column,
  type Constraint,
  type ExcludeConstraint,
  type ForeignKey,
  type MetaData,
  type ReferentialAction,
  type SqlPart,
  type Table,
} from "../../../src/schema/index.ts";
import type { Choices } from "./choices.ts";
import { plainColumns, strictOf } from "./columns.ts";
import { isMysql, type Kind } from "./kinds.ts";
import { freshName } from "./names.ts";
import { named, someComment, type Surroundings } from "./surroundings.ts";
import { isKeyable } from "./types.ts";
import { someCheck } from "./values.ts";
import { deepEqual } from "../../../src/util/equal.ts";

export function someCheckConstraint(
  choices: Choices,
  around: Surroundings,
  table: Table,
): Constraint | undefined {
  const column = choices.pick(plainColumns(around.kind, table));
  if (column === undefined) return undefined;
  const condition = someCheck(choices, around.kind, column.name, column.type);
  const isFirst = !table.constraints.some(
    (item) => item.kind === "check" && item.name === undefined,
  );
  // MySQL builds the name from the table's, which may be too long for it already
  const unnamed =
    isFirst && choices.chance(15) && !(isMysql(around.kind) && table.name.length > 50);
  return {
    kind: "check",
    ...(unnamed ? {} : { name: named(choices, around, "ck_") }),
    expression: condition,
    ...(around.kind === "postgresql" && choices.chance(10) ? { noInherit: true } : {}),
    ...(around.kind === "postgresql" && !unnamed && choices.chance(10) ? { notValid: true } : {}),
    ...(around.kind === "mysql" && choices.chance(10) ? { notEnforced: true } : {}),
    ...constraintComment(choices, around),
  };
}

function constraintComment(choices: Choices, { kind }: Surroundings): { comment?: string } {
  return kind === "postgresql" && choices.chance(8) ? { comment: someComment(choices) } : {};
}

/** Columns that an index of PostgreSQL carries beside its keys. */
function included(
  choices: Choices,
  { kind }: Surroundings,
  table: Table,
  columns: readonly string[],
): { include?: readonly string[] } {
  if (kind !== "postgresql" || !choices.chance(8)) return {};
  const other = choices.pick(
    table.columns.filter(({ name, computed }) => !columns.includes(name) && computed === undefined),
  );
  return other === undefined ? {} : { include: [other.name] };
}

/** No two rows alike in a column, as an exclusion says it. */
export function someExclude(
  choices: Choices,
  around: Surroundings,
  table: Table,
): ExcludeConstraint | undefined {
  const column = choices.pick(keyColumns(around.kind, table));
  if (column === undefined) return undefined;
  const name: SqlPart = { identifier: [column.name] };
  const where = choices.chance(30) ? [" WHERE (", name, " IS NOT NULL)"] : [];
  const definition = expression(["USING btree (", name, " WITH =)", ...where]);
  // of two alike in one CREATE TABLE the server makes one
  const exists = table.constraints.some(
    (item) => item.kind === "exclude" && deepEqual(item.definition, definition),
  );
  if (exists) return undefined;
  return {
    kind: "exclude",
    name: named(choices, around, "ex_"),
    definition,
    ...(choices.chance(20) ? { deferrable: true } : {}),
    ...constraintComment(choices, around),
  };
}

const keyColumns = (kind: Kind, table: Table): readonly Column[] =>
  table.columns.filter((column) => isKeyable(kind, column.type) && column.computed === undefined);

/** Columns that a unique constraint of the table does not have yet. */
export function someUnique(
  choices: Choices,
  around: Surroundings,
  table: Table,
): Constraint | undefined {
  const columns = choices.some(keyColumns(around.kind, table), 1, 2).map(({ name }) => name);
  const exists = table.constraints.some(
    (item) =>
      (item.kind === "unique" || item.kind === "primaryKey") && sameSet(item.columns, columns),
  );
  if (columns.length === 0 || exists) return undefined;
  const postgresql = around.kind === "postgresql";
  const base = {
    kind: "unique" as const,
    ...(choices.chance(20) && !isMysql(around.kind) ? {} : { name: named(choices, around, "uq_") }),
    columns,
    ...included(choices, around, table, columns),
    ...constraintComment(choices, around),
  };
  if (postgresql && choices.chance(10))
    return {
      ...base,
      deferrable: true,
      ...(choices.chance(50) ? { initiallyDeferred: true } : {}),
    };
  return postgresql && choices.chance(10) ? { ...base, nullsNotDistinct: true } : base;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

export function somePrimaryKey(
  choices: Choices,
  around: Surroundings,
  table: Table,
): Constraint | undefined {
  const candidates = keyColumns(around.kind, table);
  const columns = choices.some(candidates, 1, 2).map(({ name }) => name);
  if (columns.length === 0) return undefined;
  const name =
    choices.chance(30) && !isMysql(around.kind) ? { name: named(choices, around, "pk_") } : {};
  return {
    kind: "primaryKey",
    ...name,
    columns,
    ...included(choices, around, table, columns),
    ...constraintComment(choices, around),
  };
}

const ACTIONS: readonly ReferentialAction[] = ["cascade", "set null", "restrict", "set default"];

export function someActions(
  choices: Choices,
  kind: Kind,
): Pick<ForeignKey, "onDelete" | "onUpdate" | "deferrable" | "initiallyDeferred"> {
  const allowed = isMysql(kind) ? ACTIONS.slice(0, 3) : ACTIONS;
  const onDelete = choices.chance(50) ? choices.pick(allowed) : undefined;
  const onUpdate = choices.chance(25) ? choices.pick(allowed) : undefined;
  const deferrable = !isMysql(kind) && choices.chance(15);
  return {
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
    ...(deferrable
      ? {
          deferrable: true,
          ...(kind === "sqlite" || choices.chance(50) ? { initiallyDeferred: true } : {}),
        }
      : {}),
  };
}

/** Keys that a foreign key may point to. */
function targetsOf(
  metadata: MetaData,
): readonly { readonly table: Table; readonly columns: readonly string[] }[] {
  return metadata.tables.flatMap((table) =>
    table.constraints.flatMap((item) =>
      (item.kind === "primaryKey" || item.kind === "unique") && item.deferrable !== true
        ? [{ table, columns: item.columns }]
        : [],
    ),
  );
}

/** A foreign key with columns of its own, of the types it points to. */
export function someForeignKey(
  choices: Choices,
  around: Surroundings,
  table: Table,
): { columns: readonly Column[]; key: ForeignKey } | undefined {
  const target = choices.pick(targetsOf(around.metadata));
  if (target === undefined || strictOf(table) !== strictOf(target.table)) return undefined;
  const taken = new Set(table.columns.map(({ name }) => name.toLowerCase()));
  const columns: Column[] = [];
  for (const name of target.columns) {
    const wanted = target.table.columns.find((column) => column.name === name);
    if (wanted === undefined || wanted.computed !== undefined || wanted.type.name === "array")
      return undefined;
    const fresh = freshName(choices, around.kind, taken, "ref_");
    taken.add(fresh.toLowerCase());
    columns.push({
      name: fresh,
      type: wanted.type,
      nullable: !choices.chance(20),
      ...(wanted.collation === undefined ? {} : { collation: wanted.collation }),
    });
  }
  const unnamed = !isMysql(around.kind) && choices.chance(20);
  const key: ForeignKey = {
    kind: "foreignKey",
    ...(unnamed ? {} : { name: named(choices, around, "fk_") }),
    columns: columns.map((column) => column.name),
    references: {
      ...(target.table.schema === undefined ? {} : { schema: target.table.schema }),
      name: target.table.name,
      columns: target.columns,
    },
    ...someActions(choices, around.kind),
    ...(around.kind === "postgresql" && choices.chance(10) ? { match: "full" as const } : {}),
    ...(around.kind === "postgresql" && !unnamed && choices.chance(8) ? { notValid: true } : {}),
    ...constraintComment(choices, around),
  };
  return { columns, key };
}
