import { columnFor } from "../ddl.ts";
import type { Batch } from "../../operations/operation.ts";
import { conventionName } from "../../schema/naming.ts";
import type { NamingConvention, Table } from "../../schema/types.ts";
import { change, type AlterOperation } from "./change.ts";
import { definitionOf, type ConstraintPart, type Definition } from "./definition.ts";
import { sameName } from "./names.ts";

/** What a person says of how the changes of one table are to be made. */
export function batchOf(operations: readonly AlterOperation[]): Batch {
  return operations.reduce<Batch>((known, { batch }) => ({ ...known, ...batch }), {});
}

/** The table before its changes: what a person says of it wins over what the catalog says. */
export function givenDefinition(
  table: Table,
  { copyFrom, reflectArgs = [], naming }: Batch,
): Definition {
  const whole =
    copyFrom === undefined
      ? definitionOf(table)
      : definitionOf({
          ...copyFrom,
          name: table.name,
          indexes: copyFrom.indexes.length > 0 ? copyFrom.indexes : table.indexes,
        });
  const columns = whole.columns.map((part) => {
    const given = reflectArgs.find(({ name }) => sameName(name, part.column.name));
    if (given === undefined) return part;
    const { source: _, ...rest } = part;
    const column = columnFor(given, "sqlite");
    return { ...rest, column, origin: column };
  });
  const constraints =
    naming === undefined
      ? whole.constraints
      : whole.constraints.map((part) => named(part, table, naming));
  return { ...whole, columns, constraints };
}

function named(part: ConstraintPart, table: Table, naming: NamingConvention): ConstraintPart {
  const { constraint } = part;
  const name =
    constraint.name === undefined ? conventionName(table, constraint, naming) : undefined;
  return name === undefined ? part : { constraint: { ...constraint, name } };
}

function isConditional(operation: AlterOperation): boolean {
  return (
    ("ifExists" in operation && operation.ifExists === true) ||
    ("ifNotExists" in operation && operation.ifNotExists === true)
  );
}

/** True where a column or an index is there already, or is not there to be dropped. */
function isMootIn(
  { columns, constraints, indexes }: Definition,
  operation: AlterOperation,
): boolean {
  const hasColumn = (name: string): boolean =>
    columns.some(({ column }) => sameName(column.name, name));
  const hasConstraint = (name: string): boolean =>
    constraints.some(({ constraint }) => sameName(constraint.name ?? "", name));
  const hasIndex = (name = ""): boolean =>
    indexes.some(({ index }) => sameName(index.name ?? "", name));
  switch (operation.kind) {
    case "addColumn":
      return operation.ifNotExists === true && hasColumn(operation.column.name);
    case "dropColumn":
      return operation.ifExists === true && !hasColumn(operation.name);
    case "dropConstraint":
      return (
        operation.ifExists === true &&
        operation.name !== undefined &&
        !hasConstraint(operation.name)
      );
    case "createIndex":
      return operation.ifNotExists === true && hasIndex(operation.index.name);
    case "dropIndex":
      return operation.ifExists === true && !hasIndex(operation.name);
    default:
      return false;
  }
}

/** The operations that have something to do: SQLite knows IF EXISTS for tables and indexes alone. */
export function withoutMoot(
  operations: readonly AlterOperation[],
  before: Definition,
): readonly AlterOperation[] {
  if (!operations.some(isConditional)) return operations;
  const kept: AlterOperation[] = [];
  let definition = before;
  for (const operation of operations) {
    if (isMootIn(definition, operation)) continue;
    kept.push(operation);
    definition = change(definition, operation);
  }
  return kept;
}
