/**
 * phone number
 *
 * Revision: be5a97c61da3
 * Revises:  8e7b0894d8af
 * Created:  2026-11-20 18:05 UTC
 */
import type { Operations } from "revline";

export const revision = "be5a97c61da3";
export const downRevision = "8e7b0894d8af";

export async function upgrade(op: Operations): Promise<void> {
  op.addColumn("users", "phone_number", (t) => t.varchar(50));
}

export async function downgrade(op: Operations): Promise<void> {
  // drops the column's data
  op.dropColumn("users", "phone_number");
}
