import * as fc from "fast-check";
import type {
  CheckConstraint,
  Constraint,
  ForeignKey,
  Index,
  IndexElement,
  PrimaryKey,
  Table,
  TableName,
  UniqueConstraint,
} from "../../src/schema/types.ts";
import {
  column,
  longText,
  name,
  options,
  plainName,
  record,
  size,
  sqlExpression,
  yes,
  type Fields,
} from "./arbitrary-column.ts";

const deferrability = { deferrable: yes, initiallyDeferred: yes };
const key = {
  include: fc.array(plainName, { minLength: 1, maxLength: 2 }),
  comment: longText,
  options,
  ...deferrability,
};

const action = fc.constantFrom("restrict", "cascade", "set null", "set default");

function sparse<T extends object>(required: Fields, optional: Fields): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 3, arbitrary: record<T>(required) },
    { weight: 2, arbitrary: record<T>(required, { name }) },
    { weight: 1, arbitrary: record<T>(required, optional) },
  );
}

export const tableName: fc.Arbitrary<TableName> = record<TableName>(
  { name },
  { schema: fc.oneof(plainName, fc.constant("a.b")) },
);

export interface ColumnsOf {
  readonly columns: fc.Arbitrary<readonly string[]>;
  readonly one: fc.Arbitrary<string>;
}
export function pick(names: readonly string[]): ColumnsOf {
  return {
    columns: fc.subarray([...names], { minLength: 1, maxLength: Math.min(3, names.length) }),
    one: fc.constantFrom(...names),
  };
}

const foreignKey = (of: ColumnsOf): fc.Arbitrary<ForeignKey> =>
  fc.tuple(of.columns, tableName).chain(([columns, at]) =>
    sparse<ForeignKey>(
      {
        kind: fc.constant("foreignKey"),
        columns: fc.constant(columns),
        references: fc
          .tuple(...columns.map(() => name))
          .map((targets) => ({ ...at, columns: targets })),
      },
      {
        name,
        onDelete: action,
        onUpdate: action,
        match: fc.constantFrom("full", "partial"),
        notValid: yes,
        comment: longText,
        options,
        onDeleteColumns: fc.constant(columns),
        ...deferrability,
      },
    ),
  );

const elements = (of: ColumnsOf): fc.Arbitrary<readonly IndexElement[]> =>
  fc.array(
    fc.oneof(
      fc.record({ column: of.one }),
      fc.record({ expression: sqlExpression }),
      record<IndexElement>(
        { column: of.one },
        {
          order: fc.constant("desc"),
          nulls: fc.constantFrom("first", "last"),
          collation: plainName,
          operatorClass: plainName,
          length: size,
        },
      ),
    ),
    { minLength: 1, maxLength: 3 },
  );
export const index = (of: ColumnsOf): fc.Arbitrary<Index> =>
  fc.oneof(
    record<Index>({ elements: of.one.map((one) => [{ column: one }]) }, { name }),
    record<Index>({ elements: elements(of), name }),
    record<Index>(
      { elements: elements(of) },
      {
        name,
        unique: yes,
        method: plainName,
        where: sqlExpression,
        include: of.columns,
        nullsNotDistinct: yes,
        invisible: yes,
        comment: longText,
        options,
      },
    ),
  );

export const primaryKey = (of: ColumnsOf): fc.Arbitrary<PrimaryKey> =>
  sparse<PrimaryKey>({ kind: fc.constant("primaryKey"), columns: of.columns }, { name, ...key });
export const otherConstraint = (of: ColumnsOf): fc.Arbitrary<Constraint> =>
  fc.oneof(
    sparse<UniqueConstraint>(
      { kind: fc.constant("unique"), columns: of.columns },
      { name, nullsNotDistinct: yes, ...key },
    ),
    foreignKey(of),
    sparse<CheckConstraint>(
      { kind: fc.constant("check"), expression: sqlExpression },
      {
        name,
        noInherit: yes,
        notValid: yes,
        notEnforced: yes,
        comment: longText,
        options,
        ...deferrability,
      },
    ),
    fc.record({
      kind: fc.constant("exclude" as const),
      name: plainName,
      definition: sqlExpression,
    }),
  );

const tableOptions = fc.dictionary(
  fc.constantFrom("sqlite", "mysql", "mariadb", "postgresql"),
  options,
  { minKeys: 1, maxKeys: 2 },
);

export const table: fc.Arbitrary<Table> = fc
  .tuple(tableName, fc.uniqueArray(name, { minLength: 1, maxLength: 6 }))
  .chain(([at, names]) => {
    const of = pick(names);
    return fc
      .tuple(
        fc.tuple(...names.map((one) => column(fc.constant(one)))),
        fc.option(primaryKey(of), { nil: undefined, freq: 3 }),
        fc.array(otherConstraint(of), { maxLength: 4 }),
        fc.array(index(of), { maxLength: 2 }),
        fc.record({ comment: longText, options: tableOptions }, { requiredKeys: [] }),
      )
      .map(([columns, pk, constraints, indexes, more]): Table => ({
        ...at,
        columns: columns.map((one) =>
          pk?.columns.includes(one.name) === true ? { ...one, nullable: false } : one,
        ),
        constraints: pk === undefined ? constraints : [pk, ...constraints],
        indexes,
        ...more,
      }));
  });
