import { isRetyped, type ColumnChange } from "./alter-column.ts";
import type { TouchedColumn } from "./aside.ts";
import { isComparable } from "./casting.ts";
import { addConstraint } from "./compile.ts";
import type { PlanState } from "./state.ts";
import { quote, quoteTable } from "./spelling.ts";
import type { ServerInfo } from "../contract.ts";
import { nameOnly, sameTable } from "../../schema/collect.ts";
import type { ForeignKey, Table, TableName } from "../../schema/types.ts";

/** A foreign key that is away while its columns change, one table after the other. */
export interface Suspended {
  readonly table: TableName;
  readonly key: ForeignKey & { readonly name: string };
}

function isIncomparable(change: ColumnChange): boolean {
  return isRetyped(change) && !isComparable(change.from.type, change.to.type);
}

function stands(table: Table, key: ForeignKey, changes: readonly ColumnChange[]): boolean {
  return changes.some(
    (change) =>
      (sameTable(change.table, table) && key.columns.includes(change.from.name)) ||
      (sameTable(change.table, key.references) &&
        key.references.columns.includes(change.from.name)),
  );
}

/** A key of the table's own over a column that is made again comes again with that column. */
function pointsTo(table: Table, key: ForeignKey, remade: readonly TouchedColumn[]): boolean {
  const isRemade = (name: TableName, columns: readonly string[]): boolean =>
    remade.some((each) => sameTable(each.table, name) && columns.includes(each.column));
  return isRemade(key.references, key.references.columns) && !isRemade(table, key.columns);
}

/** The columns of a key or index where it includes one of those that change. */
function withIncluded(table: Table, retyped: readonly ColumnChange[]): readonly Included[] {
  const own = retyped.filter((change) => sameTable(change.table, table));
  return [...table.constraints, ...table.indexes].flatMap((item) => {
    if (!("include" in item)) return [];
    if (!own.some(({ from }) => item.include?.includes(from.name) === true)) return [];
    const columns = "columns" in item ? item.columns : item.elements.map(({ column }) => column);
    return [{ table, columns }];
  });
}

interface Included {
  readonly table: TableName;
  readonly columns: readonly (string | undefined)[];
}

/** The server makes an index again with a column that it includes, but not the keys that stand on the index (2BP01). */
function standsOnAny({ references }: ForeignKey, included: readonly Included[]): boolean {
  return included.some(
    ({ table, columns }) =>
      sameTable(table, references) &&
      columns.length === references.columns.length &&
      references.columns.every((name) => columns.includes(name)),
  );
}

/**
 * Foreign keys over columns that cannot be compared with the other side while only one of the two is
 * changed, those that point to columns that are made again, and those that stand on an index which is.
 */
export async function keysToSuspend(
  changes: readonly ColumnChange[],
  remade: readonly TouchedColumn[],
  state: PlanState,
): Promise<readonly Suspended[]> {
  const incomparable = changes.filter(isIncomparable);
  const retyped = changes.filter(isRetyped);
  const own =
    retyped.length === 0
      ? []
      : (await state.reflect({ tables: retyped.map(({ table }) => table) })).tables;
  const included = own.flatMap((table) => withIncluded(table, retyped));
  if (incomparable.length === 0 && remade.length === 0 && included.length === 0) return [];
  const { tables } = await state.reflect({ allSchemas: true });
  return tables.flatMap((table) =>
    table.constraints.flatMap((constraint): readonly Suspended[] => {
      if (constraint.kind !== "foreignKey" || constraint.name === undefined) return [];
      return stands(table, constraint, incomparable) ||
        pointsTo(table, constraint, remade) ||
        standsOnAny(constraint, included)
        ? [{ table: nameOnly(table), key: { ...constraint, name: constraint.name } }]
        : [];
    }),
  );
}

export function suspend({ table, key }: Suspended): string {
  return `ALTER TABLE ${quoteTable(table)} DROP CONSTRAINT ${quote(key.name)}`;
}

export function resume(
  { table, key }: Suspended,
  server: Pick<ServerInfo, "versionNumber" | "defaultSchema">,
): readonly string[] {
  return addConstraint(table, key, server);
}
