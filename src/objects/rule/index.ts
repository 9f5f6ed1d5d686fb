/** Rewrite rules: what is done beside, or instead of, a statement (PostgreSQL). */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { Rule } from "../../schema/objects/types.ts";

export const ruleKind: ObjectKind<Rule> = {
  kind: "rule",
  is: (object): object is Rule => object.kind === "rule",
  dialects: { postgresql },
};
