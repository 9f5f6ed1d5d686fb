/**
 * users
 *
 * Revision: 2d58c7b148fc
 * Revises:  base
 * Created:  2026-11-20 18:05 UTC
 */
import type { Operations } from "revline";

export const revision = "2d58c7b148fc";
export const downRevision = null;

export async function upgrade(op: Operations): Promise<void> {
  op.createTable("users", (t) => ({
    id: t.integer().identity().primaryKey(),
    email: t.varchar(255).notNull().unique(),
    password: t.varchar(255).notNull(),
  }));
}

export async function downgrade(op: Operations): Promise<void> {
  // drops the table's rows
  op.dropTable("users");
}
