/**
 * organisations
 *
 * Revision: 33045b7631be
 * Revises:  2d58c7b148fc
 * Created:  2026-11-20 18:05 UTC
 */
import type { Operations } from "revline";

export const revision = "33045b7631be";
export const downRevision = "2d58c7b148fc";

export async function upgrade(op: Operations): Promise<void> {
  op.addColumn("users", "organisation_id", (t) => t.integer());

  op.createTable("organisations", (t) => ({
    id: t.integer().identity().primaryKey(),
    name: t.varchar(255).notNull().unique(),
  }));

  op.createForeignKey(null, "users", "organisations", ["organisation_id"], ["id"]);
}

export async function downgrade(op: Operations): Promise<void> {
  op.dropConstraint(null, "users", "foreignKey", {
    columns: ["organisation_id"],
    references: "organisations",
  });

  // drops the table's rows
  op.dropTable("organisations");
  // drops the column's data
  op.dropColumn("users", "organisation_id");
}
