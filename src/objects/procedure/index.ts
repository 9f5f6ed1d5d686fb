/** Stored procedures. */
import type { ObjectKind } from "../contract.ts";
import { mysql } from "./mysql.ts";
import { postgresql } from "./postgresql.ts";
import type { SqlProcedure } from "../../schema/objects/types.ts";

export const procedureKind: ObjectKind<SqlProcedure> = {
  kind: "procedure",
  is: (object): object is SqlProcedure => object.kind === "procedure",
  dialects: { postgresql, mysql },
};
