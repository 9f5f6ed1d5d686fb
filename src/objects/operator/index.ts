/** Operators of PostgreSQL: symbols that call a function with the values beside them. */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { Operator } from "../../schema/objects/types.ts";

export const operatorKind: ObjectKind<Operator> = {
  kind: "operator",
  is: (object): object is Operator => object.kind === "operator",
  dialects: { postgresql },
};
