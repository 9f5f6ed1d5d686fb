import type { Constraint, Index, Table, TableName } from "../../schema/types.ts";

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The names of the database for those of the models, where they differ in case alone. */
function columnNames(table: Table, live: Table): ReadonlyMap<string, string> {
  const exact = new Set(live.columns.map(({ name }) => name));
  return new Map(
    table.columns.flatMap(({ name }) => {
      const found = exact.has(name)
        ? undefined
        : live.columns.find((column) => same(column.name, name));
      return found === undefined ? [] : [[name, found.name] as const];
    }),
  );
}

type Rename = (name: string) => string;

function inConstraint(constraint: Constraint, rename: Rename): Constraint {
  return "columns" in constraint
    ? { ...constraint, columns: constraint.columns.map(rename) }
    : constraint;
}

function inIndex(index: Index, rename: Rename): Index {
  return {
    ...index,
    elements: index.elements.map((element) =>
      element.column === undefined ? element : { ...element, column: rename(element.column) },
    ),
  };
}

/**
 * The models' tables under the names that the database has for them: columns are the same whatever their
 * case, tables too where the server says so (lower_case_table_names). Case alone is no difference: a
 * column dropped and added again would lose its rows' values.
 */
export function matchCase(
  models: readonly Table[],
  database: readonly Table[],
  tablesToo: boolean,
): readonly Table[] {
  const liveTable = (name: TableName): Table | undefined =>
    database.find(
      (table) =>
        table.schema === name.schema &&
        (table.name === name.name || (tablesToo && same(table.name, name.name))),
    );
  const renames = new Map<Table, Rename>();
  for (const table of models) {
    const live = liveTable(table);
    const names = live === undefined ? new Map<string, string>() : columnNames(table, live);
    renames.set(table, (name) => names.get(name) ?? name);
  }
  const renameOf = (name: TableName): Rename => {
    const table = models.find((other) => other.schema === name.schema && other.name === name.name);
    return (table && renames.get(table)) ?? ((column) => column);
  };
  return models.map((table) => {
    const rename = renameOf(table);
    return {
      ...table,
      name: liveTable(table)?.name ?? table.name,
      columns: table.columns.map((column) => ({ ...column, name: rename(column.name) })),
      constraints: table.constraints.map((constraint) => {
        const own = inConstraint(constraint, rename);
        if (own.kind !== "foreignKey") return own;
        const { references } = own;
        const columns = references.columns.map(renameOf(references));
        return {
          ...own,
          references: {
            ...references,
            name: liveTable(references)?.name ?? references.name,
            columns,
          },
        };
      }),
      indexes: table.indexes.map((index) => inIndex(index, rename)),
    };
  });
}
