/** Composite types of PostgreSQL: types of named parts. */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { CompositeType } from "../../schema/objects/types.ts";

export const compositeTypeKind: ObjectKind<CompositeType> = {
  kind: "compositeType",
  is: (object): object is CompositeType => object.kind === "compositeType",
  dialects: { postgresql },
};
