/**
 * users
 *
 * Revision: 7ef9f0b0c890
 * Revises:  base
 * Created:  2026-11-20 18:04 UTC
 */
import type { Operations } from "revline";

export const revision = "7ef9f0b0c890";
export const downRevision = null;

export async function upgrade(op: Operations): Promise<void> {
  op.createTable(
    "user",
    (t) => ({
      id: t.integer().identity().primaryKey(),
      nickname: t.varchar(64),
      email: t.varchar(120),
    }),
    {
      with: (c) => [
        c.index("ix_user_nickname").on("nickname").unique(),
        c.index("ix_user_email").on("email").unique(),
      ],
    },
  );
}

export async function downgrade(op: Operations): Promise<void> {
  // drops the table's rows
  op.dropTable("user");
}
