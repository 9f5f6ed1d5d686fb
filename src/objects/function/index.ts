/** Stored functions. PostgreSQL has several of one name that differ by their parameters. */
import type { ObjectKind } from "../contract.ts";
import { mysql } from "./mysql.ts";
import { postgresql } from "./postgresql.ts";
import type { SqlFunction } from "../../schema/objects/types.ts";

export const functionKind: ObjectKind<SqlFunction> = {
  kind: "function",
  is: (object): object is SqlFunction => object.kind === "function",
  dialects: { postgresql, mysql },
};
