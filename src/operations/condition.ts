import type { Operation } from "./operation.ts";
import { sameTable } from "../schema/collect.ts";
import type { Index, MetaData, Table, TableName } from "../schema/types.ts";

function tableAt({ tables }: MetaData, name: TableName): Table | undefined {
  return tables.find((table) => sameTable(table, name));
}

function hasColumn(table: Table | undefined, name: string): boolean {
  return table?.columns.some((column) => column.name === name) ?? false;
}

function hasConstraint(table: Table | undefined, name: string): boolean {
  return table?.constraints.some((constraint) => constraint.name === name) ?? false;
}

function hasIndex(table: Table | undefined, name: Index["name"]): boolean {
  return name !== undefined && (table?.indexes.some((index) => index.name === name) ?? false);
}

/** True for an operation with `ifExists` or `ifNotExists` that has nothing to do in this state. */
export function isMoot(metadata: MetaData, operation: Operation): boolean {
  switch (operation.kind) {
    case "createTable":
      return operation.ifNotExists === true && tableAt(metadata, operation.table) !== undefined;
    case "dropTable":
      return operation.ifExists === true && tableAt(metadata, operation.table) === undefined;
    case "addColumn":
      return (
        operation.ifNotExists === true &&
        hasColumn(tableAt(metadata, operation.table), operation.column.name)
      );
    case "dropColumn":
      return (
        operation.ifExists === true &&
        !hasColumn(tableAt(metadata, operation.table), operation.name)
      );
    case "dropConstraint":
      return (
        operation.ifExists === true &&
        operation.name !== undefined &&
        !hasConstraint(tableAt(metadata, operation.table), operation.name)
      );
    case "createIndex":
      return (
        operation.ifNotExists === true &&
        hasIndex(tableAt(metadata, operation.table), operation.index.name)
      );
    case "dropIndex":
      return (
        operation.ifExists === true && !hasIndex(tableAt(metadata, operation.table), operation.name)
      );
    default:
      return false;
  }
}
