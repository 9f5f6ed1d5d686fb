import { matchByKey } from "./lists.ts";
import { nameOnly, tableKey } from "../schema/collect.ts";
import type { Column, Table, TableName } from "../schema/types.ts";
import { omit } from "../util/equal.ts";

/** A column of the database and the one of the models that it is compared with, both canonical. */
export interface ComparedColumn {
  readonly table: TableName;
  readonly database: Column;
  readonly models: Column;
}

/** True: they differ; false: they are the same; undefined: the comparison decides. */
export type Judge = (pair: ComparedColumn) => boolean | undefined;

/** Decisions in place of the comparison's own. */
export interface ColumnJudges {
  readonly type?: Judge;
  readonly default?: Judge;
}

export interface Judged {
  /** The models: what was judged the same is the database's. */
  readonly tables: readonly Table[];
  /** True for a column that was judged different. */
  readonly isDifferent: (table: TableName, column: string) => boolean;
}

/** Asks the judges about every column that stands on both sides. */
export function judgeColumns(
  before: readonly Table[],
  after: readonly Table[],
  judges: ColumnJudges,
): Judged {
  const different = new Set<string>();
  const keyOf = (table: TableName, column: string): string =>
    JSON.stringify([tableKey(table), column]);
  const judged = new Map<string, Table>();
  for (const [from, to] of matchByKey(before, after, tableKey).both) {
    const table = nameOnly(to);
    const columns = to.columns.map((models) => {
      const database = from.columns.find(({ name }) => name === models.name);
      if (database === undefined) return models;
      const pair: ComparedColumn = { table, database, models };
      const type = judges.type?.(pair);
      const hasDefault = database.default !== undefined || models.default !== undefined;
      const value = hasDefault ? judges.default?.(pair) : undefined;
      if (type === true || value === true) different.add(keyOf(table, models.name));
      return {
        ...(value === false ? omit(models, "default") : models),
        ...(type === false ? { type: database.type } : {}),
        ...(value === false && database.default !== undefined ? { default: database.default } : {}),
      };
    });
    judged.set(tableKey(to), { ...to, columns });
  }
  return {
    tables: after.map((table) => judged.get(tableKey(table)) ?? table),
    isDifferent: (table, column) => different.has(keyOf(table, column)),
  };
}
