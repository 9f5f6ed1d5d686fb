/** Comments of schemas (PostgreSQL). */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { SchemaComment } from "../../schema/objects/types.ts";

export const schemaCommentKind: ObjectKind<SchemaComment> = {
  kind: "schemaComment",
  is: (object): object is SchemaComment => object.kind === "schemaComment",
  dialects: { postgresql },
};
