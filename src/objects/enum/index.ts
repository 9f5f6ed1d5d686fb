/**
 * Named enums: a type of its own on PostgreSQL; elsewhere the values stand in the column itself, and the
 * column's own operations say them.
 */
import type { OwnKind } from "../contract.ts";
import { postgresql, type EnumOperationKind } from "./postgresql.ts";

export const enumKind: OwnKind<EnumOperationKind> = {
  kind: "enum",
  compile: { postgresql },
};
