/** Triggers. PostgreSQL calls a function; SQLite and MySQL hold the statements themselves. */
import type { ObjectKind } from "../contract.ts";
import { mysql } from "./mysql.ts";
import { postgresql } from "./postgresql.ts";
import { sqlite } from "./sqlite.ts";
import type { Trigger } from "../../schema/objects/types.ts";

export const triggerKind: ObjectKind<Trigger> = {
  kind: "trigger",
  is: (object): object is Trigger => object.kind === "trigger",
  dialects: { sqlite, postgresql, mysql },
};
