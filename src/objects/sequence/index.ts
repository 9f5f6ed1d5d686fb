/**
 * Sequences of their own: counters that columns take their values from by a default. A sequence of an
 * identity or serial column is said by the column and never appears here.
 */
import type { ObjectKind } from "../contract.ts";
import { mysql } from "./mysql.ts";
import { postgresql } from "./postgresql.ts";
import type { Sequence } from "../../schema/objects/types.ts";

export const sequenceKind: ObjectKind<Sequence> = {
  kind: "sequence",
  is: (object): object is Sequence => object.kind === "sequence",
  dialects: { postgresql, mysql },
  // MariaDB 10.3 has them, MySQL has none
  lacking: ["mysql"],
};
