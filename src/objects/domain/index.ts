/** Domains of PostgreSQL: types with a default and checks of their own. */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { Domain } from "../../schema/objects/types.ts";

export const domainKind: ObjectKind<Domain> = {
  kind: "domain",
  is: (object): object is Domain => object.kind === "domain",
  dialects: { postgresql },
};
