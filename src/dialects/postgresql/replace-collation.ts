import { changeOf } from "./alter-column.ts";
import { alterColumns } from "./alter-columns.ts";
import { putAsideOnColumns, takeBackOn } from "./aside.ts";
import { inSchemaOf } from "./compile.ts";
import { PlanState } from "./state.ts";
import { quote, quoteTable } from "./spelling.ts";
import type { PlanContext, Statement } from "../contract.ts";
import { nameOnly } from "../../schema/collect.ts";
import type { Column, TableName } from "../../schema/types.ts";

/** A collation that another one of the same name takes the place of. */
export interface CollationReplacement {
  readonly collation: TableName;
  /** Statements that create the new one; the old one has stepped aside. */
  readonly create: readonly string[];
}

/** What the collation is called while the new one takes its place. */
const OLD = "revline_old_collation";

function holds({ collation }: Column, name: TableName): boolean {
  const paths = name.schema === undefined ? [name.name, quote(name.name)] : [quoteTable(name)];
  return collation !== undefined && paths.includes(collation);
}

/**
 * Puts a new collation in the place of one of the same name, which no ALTER COLLATION does: columns are
 * ordered by the new one, and their indexes are made anew.
 */
export async function replaceCollation(
  { collation, create }: CollationReplacement,
  context: PlanContext,
): Promise<readonly Statement[]> {
  const { tables } = await context.reflect({ allSchemas: true });
  const old = quoteTable(inSchemaOf(collation, OLD));
  const using = tables.filter(({ columns }) => columns.some((column) => holds(column, collation)));
  const altered = await Promise.all(
    using.map((table) =>
      alterColumns(
        nameOnly(table),
        table.columns
          .filter((column) => holds(column, collation))
          .map((column) =>
            changeOf(
              nameOnly(table),
              { from: { ...column, collation: old }, to: column },
              context.server,
            ),
          ),
        new PlanState(context, []),
        context.server,
      ),
    ),
  );
  const touched = altered.flatMap((part) => part.touched);
  const statements = [
    ...(touched.length === 0 ? [] : [putAsideOnColumns(touched)]),
    `ALTER COLLATION ${quoteTable(collation)} RENAME TO ${quote(OLD)}`,
    ...create,
    ...altered.flatMap(({ parts }) => parts.flat()),
    ...(touched.length === 0 ? [] : [takeBackOn("columns")]),
    `DROP COLLATION ${old}`,
  ];
  return statements.map((sql) => ({ sql }));
}
