/**
 * Views: stored queries. SQLite keeps the text; MySQL and PostgreSQL keep the parsed query and print it
 * in their own words.
 */
import type { ObjectKind } from "../contract.ts";
import { mysql } from "./mysql.ts";
import { postgresql } from "./postgresql.ts";
import { sqlite } from "./sqlite.ts";
import type { View } from "../../schema/objects/types.ts";

export const viewKind: ObjectKind<View> = {
  kind: "view",
  is: (object): object is View => object.kind === "view",
  dialects: { sqlite, postgresql, mysql },
};
