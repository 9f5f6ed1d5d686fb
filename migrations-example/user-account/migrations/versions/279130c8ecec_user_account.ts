/**
 * user account
 *
 * Revision: 279130c8ecec
 * Revises:  base
 * Created:  2026-11-20 18:05 UTC
 */
import type { Operations } from "revline";

export const revision = "279130c8ecec";
export const downRevision = null;

export async function upgrade(op: Operations): Promise<void> {
  op.createTable("user_account", (t) => ({
    id: t.integer().identity().primaryKey(),
    name: t.varchar(100).notNull(),
    full_name: t.varchar(100),
    created_at: t
      .timestamp()
      .notNull()
      .default(op.sql`CURRENT_TIMESTAMP`),
  }));
}

export async function downgrade(op: Operations): Promise<void> {
  // drops the table's rows
  op.dropTable("user_account");
}
