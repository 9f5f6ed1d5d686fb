/**
 * book
 *
 * Revision: a505182a2763
 * Revises:  f2fae5f69932
 * Created:  2026-11-20 18:05 UTC
 */
import type { Operations } from "revline";

export const revision = "a505182a2763";
export const downRevision = "f2fae5f69932";

export async function upgrade(op: Operations): Promise<void> {
  op.createTable("book", (t) => ({
    id: t.integer().identity().primaryKey(),
    name: t.varchar(50).notNull().unique(),
    author_id: t.integer().references("author.id"),
  }));
}

export async function downgrade(op: Operations): Promise<void> {
  // drops the table's rows
  op.dropTable("book");
}
