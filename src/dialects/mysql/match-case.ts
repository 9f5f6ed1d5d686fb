import type { Table, TableName } from "../../schema/types.ts";

/**
 * The models' tables under the names that the database has for them, where the server knows no case there
 * (lower_case_table_names) and so could not rename one to the other. Columns have the case that they are declared with.
 */
export function matchCase(
  models: readonly Table[],
  database: readonly Table[],
  caseless: boolean,
): readonly Table[] {
  if (!caseless) return models;
  const nameOf = (name: TableName): string =>
    database.find(
      (table) =>
        table.schema === name.schema && table.name.toLowerCase() === name.name.toLowerCase(),
    )?.name ?? name.name;
  return models.map((table) => ({
    ...table,
    name: nameOf(table),
    constraints: table.constraints.map((constraint) =>
      constraint.kind === "foreignKey"
        ? {
            ...constraint,
            references: { ...constraint.references, name: nameOf(constraint.references) },
          }
        : constraint,
    ),
  }));
}
