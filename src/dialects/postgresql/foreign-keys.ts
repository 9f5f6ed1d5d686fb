import { isRetyped, type ColumnChange } from "./alter-column.ts";
import { isComparable } from "./casting.ts";
import { addConstraint } from "./compile.ts";
import type { PlanState } from "./state.ts";
import { quote, quoteTable } from "./spelling.ts";
import type { ServerInfo } from "../contract.ts";
import { nameOnly, sameTable } from "../../schema/collect.ts";
import type { ForeignKey, Table, TableName } from "../../schema/types.ts";

/** A foreign key that is away while the types of its columns change, one table after the other. */
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

/** Foreign keys over columns that cannot be compared with the other side while only one of the two is changed. */
export async function keysToSuspend(
  changes: readonly ColumnChange[],
  state: PlanState,
): Promise<readonly Suspended[]> {
  const incomparable = changes.filter(isIncomparable);
  if (incomparable.length === 0) return [];
  const { tables } = await state.reflect({ allSchemas: true });
  return tables.flatMap((table) =>
    table.constraints.flatMap((constraint): readonly Suspended[] => {
      if (constraint.kind !== "foreignKey" || constraint.name === undefined) return [];
      const { schema, name } = table;
      return stands(table, constraint, incomparable)
        ? [
            {
              table: nameOnly({ schema, name }),
              key: { ...constraint, name: constraint.name },
            },
          ]
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
