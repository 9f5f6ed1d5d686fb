/** Dictionaries of text search (PostgreSQL). */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { TextSearchDictionary } from "../../schema/objects/types.ts";

export const textSearchDictionaryKind: ObjectKind<TextSearchDictionary> = {
  kind: "textSearchDictionary",
  is: (object): object is TextSearchDictionary => object.kind === "textSearchDictionary",
  dialects: { postgresql },
};
