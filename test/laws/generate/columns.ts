import {
  text,
  type Column,
  type ColumnType,
  type Identity,
  type Table,
} from "../../../src/schema/index.ts";
import type { Choices } from "./choices.ts";
import { isMysql, type Kind } from "./kinds.ts";
import { freshName } from "./names.ts";
import { enumsOf, someComment, type Surroundings } from "./surroundings.ts";
import { familyOf, someType } from "./types.ts";
import { someComputed, someDefault } from "./values.ts";

function collationFor(choices: Choices, kind: Kind, type: ColumnType): string | undefined {
  if (familyOf(type) !== "string") return undefined;
  if (kind === "postgresql") return choices.one(["C", "POSIX", "en-x-icu"]);
  if (kind === "sqlite") return choices.one(["NOCASE", "RTRIM"]);
  if ("charset" in type && type.charset === "latin1")
    return choices.one(["latin1_bin", "latin1_general_ci"]);
  return choices.one(["utf8mb4_bin", "utf8mb4_unicode_ci"]);
}

export const strictOf = (table: Pick<Table, "options">): boolean =>
  table.options?.sqlite?.["strict"] === true;

/** A new column that stands alone: no key, no reference. */
export function someColumn(
  choices: Choices,
  { kind, metadata }: Surroundings,
  table: Table,
): Column {
  const taken = new Set(table.columns.map(({ name }) => name.toLowerCase()));
  const name = freshName(choices, kind, taken);
  const type = someType(choices, kind, enumsOf(metadata), strictOf(table));
  if (choices.chance(10)) {
    const computed = computedColumn(choices, kind, table, name);
    if (computed !== undefined) return computed;
  }
  const column: Column = { name, type, nullable: !choices.chance(40) };
  const collation = choices.chance(12) ? collationFor(choices, kind, type) : undefined;
  const given = choices.chance(40) ? someDefault(choices, kind, type) : undefined;
  const onUpdate =
    isMysql(kind) && type.name === "timestamp" && choices.chance(20) ? onUpdateOf(type) : undefined;
  return {
    ...column,
    ...(collation === undefined ? {} : { collation }),
    ...(given === undefined ? {} : { default: given }),
    ...(kind !== "sqlite" && choices.chance(12) ? { comment: someComment(choices) } : {}),
    ...(onUpdate === undefined ? {} : { onUpdate: text(onUpdate) }),
    ...(isMysql(kind) &&
    (column.nullable || given !== undefined) &&
    table.columns.length > 0 &&
    choices.chance(4)
      ? { invisible: true }
      : {}),
    ...(kind === "mariadb" && choices.chance(12) ? ownOptions(choices, type) : {}),
  };
}

/** Types of MariaDB whose values can be compressed. */
export const COMPRESSIBLE: readonly string[] = ["varchar", "text", "mediumtext", "longtext"];

/** What only MariaDB knows of a column; the repair takes away what does not fit its table. */
function ownOptions(choices: Choices, type: ColumnType): Pick<Column, "options"> {
  return choices.chance(50) && COMPRESSIBLE.includes(type.name)
    ? { options: { compressed: true } }
    : { options: { systemVersioning: false } };
}

function onUpdateOf(type: ColumnType): string {
  const digits = "precision" in type ? type.precision : undefined;
  return digits === undefined || digits === 0
    ? "CURRENT_TIMESTAMP"
    : `CURRENT_TIMESTAMP(${String(digits)})`;
}

/** A column that stands in no generated column, default or foreign key of its own. */
export function plainColumns(kind: Kind, table: Table): readonly Column[] {
  const referencing = new Set(
    table.constraints.flatMap((item) => (item.kind === "foreignKey" ? item.columns : [])),
  );
  return table.columns.filter(
    // InnoDB: no generated column, no check over a column that a foreign key's action writes
    (column) =>
      column.computed === undefined &&
      !(isMysql(kind) && (column.identity !== undefined || referencing.has(column.name))),
  );
}

export function computedColumn(
  choices: Choices,
  kind: Kind,
  table: Table,
  name: string,
): Column | undefined {
  const base = choices.pick(plainColumns(kind, table));
  // a CHAR's trailing spaces depend on the session: MariaDB stores nothing computed from it
  const padded = isMysql(kind) && base?.type.name === "char";
  const found =
    base === undefined || padded || strictOf(table)
      ? undefined
      : someComputed(choices, base.name, base.type);
  if (found === undefined) return undefined;
  const stored = kind === "postgresql" || choices.chance(50);
  return {
    name,
    type: found.type,
    nullable: true,
    computed: { expression: found.expression, stored },
  };
}

/** Identity options of a column that the database numbers. */
export function someIdentity(choices: Choices, kind: Kind): Identity {
  if (kind !== "postgresql") return {};
  if (choices.chance(30)) return { serial: true };
  const always = choices.chance(40) ? { always: true } : {};
  return {
    ...always,
    ...choices.one<Identity>([
      {},
      {},
      { start: 100n },
      { start: 5n, increment: 5n },
      { cache: 10n },
      { minValue: 1n, maxValue: 30000n, cycle: true },
    ]),
  };
}
