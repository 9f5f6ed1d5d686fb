/** Policies of row security: which rows a role may see or change (PostgreSQL). */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { Policy } from "../../schema/objects/types.ts";

export const policyKind: ObjectKind<Policy> = {
  kind: "policy",
  is: (object): object is Policy => object.kind === "policy",
  dialects: { postgresql },
};
