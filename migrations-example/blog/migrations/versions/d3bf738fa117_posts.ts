/**
 * posts
 *
 * Revision: d3bf738fa117
 * Revises:  7ef9f0b0c890
 * Created:  2026-11-20 18:04 UTC
 */
import type { Operations } from "revline";

export const revision = "d3bf738fa117";
export const downRevision = "7ef9f0b0c890";

export async function upgrade(op: Operations): Promise<void> {
  op.createTable("post", (t) => ({
    id: t.integer().identity().primaryKey(),
    body: t.varchar(140),
    timestamp: t.timestamp(),
    user_id: t.integer().references("user.id"),
  }));
}

export async function downgrade(op: Operations): Promise<void> {
  // drops the table's rows
  op.dropTable("post");
}
