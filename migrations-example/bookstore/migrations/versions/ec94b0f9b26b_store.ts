/**
 * store
 *
 * Revision: ec94b0f9b26b
 * Revises:  a505182a2763
 * Created:  2026-11-20 18:05 UTC
 */
import type { Operations } from "revline";

export const revision = "ec94b0f9b26b";
export const downRevision = "a505182a2763";

export async function upgrade(op: Operations): Promise<void> {
  op.createTable("store", (t) => ({
    id: t.integer().identity().primaryKey(),
    name: t.varchar(50).notNull().unique(),
  }));

  op.createTable(
    "book_to_store_map",
    (t) => ({
      book_id: t.integer().notNull().references("book.id"),
      store_id: t.integer().notNull().references("store.id"),
    }),
    { with: (c) => [c.primaryKey(["book_id", "store_id"])] },
  );
}

export async function downgrade(op: Operations): Promise<void> {
  // drops the table's rows
  op.dropTable("book_to_store_map");
  // drops the table's rows
  op.dropTable("store");
}
