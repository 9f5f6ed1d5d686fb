/** Materialised views: queries whose rows are stored, with indexes of their own (PostgreSQL). */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { MaterializedView } from "../../schema/objects/types.ts";

export const materializedViewKind: ObjectKind<MaterializedView> = {
  kind: "materializedView",
  is: (object): object is MaterializedView => object.kind === "materializedView",
  dialects: { postgresql },
};
