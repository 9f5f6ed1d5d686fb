import type { Column, MetaData, Table } from "../../../src/schema/index.ts";
import type { Choices } from "./choices.ts";
import { isTable } from "./repair.ts";
import type { Surroundings } from "./surroundings.ts";

export type Edit = (choices: Choices, around: Surroundings) => MetaData | undefined;

export function putTable(metadata: MetaData, table: Table): MetaData {
  return {
    ...metadata,
    tables: metadata.tables.map((item) => (isTable(item, table) ? table : item)),
  };
}

/** An edit of one table that is drawn. */
export const onTable =
  (change: (choices: Choices, table: Table, around: Surroundings) => Table | undefined): Edit =>
  (choices, around) => {
    const table = choices.pick(around.metadata.tables);
    const changed = table === undefined ? undefined : change(choices, table, around);
    return changed === undefined ? undefined : putTable(around.metadata, changed);
  };

/** An edit of one column that is drawn. */
export const onColumn = (
  change: (
    choices: Choices,
    column: Column,
    around: Surroundings,
    table: Table,
  ) => Column | undefined,
): Edit =>
  onTable((choices, table, around) => {
    const column = choices.pick(table.columns);
    const changed = column === undefined ? undefined : change(choices, column, around, table);
    return changed === undefined
      ? undefined
      : { ...table, columns: table.columns.map((item) => (item === column ? changed : item)) };
  });
