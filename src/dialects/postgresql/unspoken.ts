import { textOption } from "./options.ts";
import { nameOnly, qualifiedName, sameTable, tableKey } from "../../schema/collect.ts";
import { parentsOf } from "../../schema/parents.ts";
import type { SkippedObject, Table } from "../../schema/types.ts";

function option(table: Table, key: string): string | undefined {
  return textOption(table.options?.postgresql ?? {}, key);
}

/** Why a table of the database takes no part, as far as its own words tell. */
function unspoken(table: Table, models: readonly Table[]): SkippedObject | undefined {
  const says = (...keys: readonly string[]): boolean =>
    models.some((model) => keys.some((key) => option(model, key) !== undefined));
  const isPartition = option(table, "partitionOf") !== undefined;
  const name = nameOnly(table);
  if (isPartition || option(table, "partitionBy") !== undefined) {
    if (!says("partitionBy", "partitionOf"))
      return {
        kind: isPartition ? "partition" : "partitioned table",
        ...name,
        reason: "the models declare no partitions",
      };
  } else if (option(table, "inherits") !== undefined && !says("inherits"))
    return { kind: "inherited table", ...name, reason: "the models declare no inheritance" };
  return undefined;
}

/**
 * Tables that take no part since the models do not speak of such: models of other tools cannot, and
 * partitions are often made by a job of the database's own. What no model names is not dropped.
 */
export function unspokenTables(
  live: readonly Table[],
  models: readonly Table[],
): readonly SkippedObject[] {
  const found = new Map<string, SkippedObject>();
  const byKey = new Map(live.map((table) => [tableKey(table), table]));
  const isUndeclared = (table: Table): SkippedObject | undefined => {
    if (option(table, "partitionOf") === undefined) return undefined;
    if (models.some((other) => sameTable(other, table))) return undefined;
    const [parent] = parentsOf(table);
    const above = parent === undefined ? undefined : byKey.get(tableKey(parent));
    if (parent === undefined || above === undefined) return undefined;
    const model = models.find((other) => sameTable(other, parent));
    const isKept =
      model !== undefined && option(model, "partitionBy") === option(above, "partitionBy");
    const hasOwn = models.some((other) => parentsOf(other).some((name) => sameTable(name, parent)));
    if (!found.has(tableKey(parent)) && (!isKept || hasOwn)) return undefined;
    const reason = `the models declare no partition of "${qualifiedName(parent)}"`;
    return { kind: "partition", ...nameOnly(table), reason };
  };
  for (;;) {
    const before = found.size;
    for (const table of live) {
      const why = found.get(tableKey(table)) ?? unspoken(table, models) ?? isUndeclared(table);
      if (why !== undefined) found.set(tableKey(table), why);
    }
    if (found.size === before) return [...found.values()];
  }
}
