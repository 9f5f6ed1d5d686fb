/** Casts of PostgreSQL: how values of one type become values of another. */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { Cast } from "../../schema/objects/types.ts";

export const castKind: ObjectKind<Cast> = {
  kind: "cast",
  is: (object): object is Cast => object.kind === "cast",
  dialects: { postgresql },
};
