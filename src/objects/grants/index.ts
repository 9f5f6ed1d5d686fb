/** Privileges on tables, columns, sequences, routines and schemas (PostgreSQL). */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { Grants } from "../../schema/objects/types.ts";

export const grantsKind: ObjectKind<Grants> = {
  kind: "grants",
  is: (object): object is Grants => object.kind === "grants",
  dialects: { postgresql },
};
