/** Publications: which changes of which tables subscribers get (PostgreSQL). */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { Publication } from "../../schema/objects/types.ts";

export const publicationKind: ObjectKind<Publication> = {
  kind: "publication",
  is: (object): object is Publication => object.kind === "publication",
  dialects: { postgresql },
};
