import type {
  Column,
  Constraint,
  ForeignKey,
  MetaData,
  ReferentialAction,
  Table,
} from "../../../src/schema/index.ts";
import type { Choices } from "./choices.ts";
import { plainColumns, strictOf } from "./columns.ts";
import { isMysql, type Kind } from "./kinds.ts";
import { freshName } from "./names.ts";
import { named, type Surroundings } from "./surroundings.ts";
import { isKeyable } from "./types.ts";
import { someCheck } from "./values.ts";

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
  return { kind: "primaryKey", ...name, columns };
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
  };
  return { columns, key };
}
