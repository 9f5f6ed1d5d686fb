/**
 * roles
 *
 * Revision: f97555933f93
 * Revises:  33045b7631be
 * Created:  2026-11-20 18:05 UTC
 */
import type { Operations } from "revline";

export const revision = "f97555933f93";
export const downRevision = "33045b7631be";

export async function upgrade(op: Operations): Promise<void> {
  op.createTable("roles", (t) => ({
    id: t.integer().identity().primaryKey(),
    name: t.varchar(255).notNull().unique(),
  }));

  op.createTable(
    "user_roles",
    (t) => ({
      user_id: t.integer().notNull().references("users.id"),
      role_id: t.integer().notNull().references("roles.id"),
    }),
    { with: (c) => [c.primaryKey(["user_id", "role_id"])] },
  );
}

export async function downgrade(op: Operations): Promise<void> {
  // drops the table's rows
  op.dropTable("user_roles");
  // drops the table's rows
  op.dropTable("roles");
}
