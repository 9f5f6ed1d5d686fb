/** Extended statistics: what the planner shall know of columns together (PostgreSQL). */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { Statistics } from "../../schema/objects/types.ts";

export const statisticsKind: ObjectKind<Statistics> = {
  kind: "statistics",
  is: (object): object is Statistics => object.kind === "statistics",
  dialects: { postgresql },
};
