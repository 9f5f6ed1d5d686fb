/** Aggregates: functions over many rows (PostgreSQL). */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { Aggregate } from "../../schema/objects/types.ts";

export const aggregateKind: ObjectKind<Aggregate> = {
  kind: "aggregate",
  is: (object): object is Aggregate => object.kind === "aggregate",
  dialects: { postgresql },
};
