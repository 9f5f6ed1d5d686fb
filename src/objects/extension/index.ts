/** Extensions of PostgreSQL. What an extension has made is its own and never compared. */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { Extension } from "../../schema/objects/types.ts";

export const extensionKind: ObjectKind<Extension> = {
  kind: "extension",
  is: (object): object is Extension => object.kind === "extension",
  dialects: { postgresql },
};
