/**
 * Views: stored queries. SQLite and MySQL keep the text; PostgreSQL keeps the parsed query and prints it
 * in its own words.
 */
import type { ObjectKind } from "../contract.ts";
import { sqlite } from "./sqlite.ts";
import type { View } from "../../schema/objects/types.ts";

export const viewKind: ObjectKind<View> = {
  kind: "view",
  is: (object): object is View => object.kind === "view",
  dialects: { sqlite },
};
