/** Configurations of text search: which dictionaries words go through (PostgreSQL). */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { TextSearchConfiguration } from "../../schema/objects/types.ts";

export const textSearchConfigurationKind: ObjectKind<TextSearchConfiguration> = {
  kind: "textSearchConfiguration",
  is: (object): object is TextSearchConfiguration => object.kind === "textSearchConfiguration",
  dialects: { postgresql },
};
