/** Range types of PostgreSQL: ranges of values of another type. */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { RangeType } from "../../schema/objects/types.ts";

export const rangeTypeKind: ObjectKind<RangeType> = {
  kind: "rangeType",
  is: (object): object is RangeType => object.kind === "rangeType",
  dialects: { postgresql },
};
