/** Collations of PostgreSQL: orders of texts of the user's own. */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { Collation } from "../../schema/objects/types.ts";

export const collationKind: ObjectKind<Collation> = {
  kind: "collation",
  is: (object): object is Collation => object.kind === "collation",
  dialects: { postgresql },
};
