import * as fc from "fast-check";
import type { ColumnType, Constraint, EnumType, MetaData, Table } from "../../src/schema/types.ts";
import { tableKey } from "../../src/schema/collect.ts";
import { longText, name, plainName } from "./arbitrary-column.ts";
import { table } from "./arbitrary-table.ts";

const enumType: fc.Arbitrary<EnumType> = fc
  .record({
    name,
    values: fc.uniqueArray(longText, { minLength: 1, maxLength: 4 }),
    schema: fc.option(plainName, { nil: undefined }),
    comment: fc.option(longText, { nil: undefined }),
  })
  .map(({ schema, comment, ...rest }) => ({
    kind: "enum",
    ...rest,
    ...(schema === undefined ? {} : { schema }),
    ...(comment === undefined ? {} : { comment }),
  }));

/** The type with a declared enum in place of any other named one. */
function withEnum(type: ColumnType, enums: readonly EnumType[], at: number): ColumnType {
  if (type.name === "array") return { name: "array", element: withEnum(type.element, enums, at) };
  if (type.name !== "enum" || type.enumName === undefined) return type;
  const { enumName: _, schema: _schema, ...bare } = type;
  const chosen = enums[at % (enums.length + 1)];
  if (chosen === undefined) return bare;
  const { kind: _kind, name: enumName, values, schema } = chosen;
  return { ...bare, enumName, values, ...(schema === undefined ? {} : { schema }) };
}

/** Foreign keys point to tables and columns that are there. */
function pointed(constraint: Constraint, tables: readonly Table[], at: number): Constraint {
  if (constraint.kind !== "foreignKey") return constraint;
  const target = tables[at % tables.length];
  if (target === undefined) return constraint;
  const names = target.columns.map((column) => column.name);
  const columns = constraint.columns.map(
    (_, position) => names[(at + position) % names.length] ?? "",
  );
  const { schema } = target;
  return {
    ...constraint,
    references: { ...(schema === undefined ? {} : { schema }), name: target.name, columns },
  };
}

/** A whole database whose parts fit together, cycles of foreign keys included. */
export const metadata: fc.Arbitrary<MetaData> = fc
  .tuple(
    fc.uniqueArray(table, { selector: tableKey, maxLength: 5 }),
    fc.uniqueArray(enumType, { selector: tableKey, maxLength: 3 }),
    fc.array(fc.nat(100), { minLength: 20, maxLength: 20 }),
  )
  .map(([tables, objects, choices]) => {
    const choice = (at: number): number => choices[at % choices.length] ?? 0;
    return {
      tables: tables.map((one, at): Table => ({
        ...one,
        columns: one.columns.map((column, position) => ({
          ...column,
          type: withEnum(column.type, objects, choice(position)),
        })),
        constraints: one.constraints.map((constraint, position) =>
          pointed(constraint, tables, choice(at + position)),
        ),
      })),
      objects,
      schemas: [
        ...new Set([...tables, ...objects].flatMap(({ schema }) => schema ?? [])),
      ].toSorted(),
      skipped: [],
    };
  });
