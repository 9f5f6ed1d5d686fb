import { declaring, type Declared } from "./declare.ts";
import type { SchemaComment } from "./types.ts";

/** All that stands beside the name. */
export type SchemaCommentDefinition = Pick<SchemaComment, "comment">;

/** The data, from the name and what stands beside it. */
export function schemaCommentOf(name: string, definition: SchemaCommentDefinition): SchemaComment {
  return { kind: "schemaComment", name, ...definition };
}

/**
 * Declares the comment of a schema (PostgreSQL); the schema itself is there as soon as something stands in it.
 *
 * @example
 * export const billing = schemaComment("billing", { comment: "Invoices and what they are made of" });
 */
export const schemaComment: (
  name: string,
  definition: SchemaCommentDefinition,
) => Declared<SchemaComment> = declaring(schemaCommentOf);
