/**
 * author
 *
 * Revision: f2fae5f69932
 * Revises:  base
 * Created:  2026-11-20 18:05 UTC
 */
import type { Operations } from "revline";

export const revision = "f2fae5f69932";
export const downRevision = null;

export async function upgrade(op: Operations): Promise<void> {
  op.createTable("author", (t) => ({
    id: t.integer().identity().primaryKey(),
    name: t.varchar(30),
    email: t.varchar(30).notNull().unique(),
  }));
}

export async function downgrade(op: Operations): Promise<void> {
  // drops the table's rows
  op.dropTable("author");
}
