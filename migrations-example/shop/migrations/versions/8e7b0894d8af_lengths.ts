/**
 * lengths
 *
 * Revision: 8e7b0894d8af
 * Revises:  33338bf87fc6
 * Created:  2026-11-20 18:05 UTC
 */
import type { Operations } from "revline";

export const revision = "8e7b0894d8af";
export const downRevision = "33338bf87fc6";

export async function upgrade(op: Operations): Promise<void> {
  // values that do not fit varchar(3000) fail or are cut
  op.alterColumn("products", "description", (t) => ({ from: t.text(), to: t.varchar(3000) }));

  // values that do not fit varchar(10) fail or are cut
  op.alterColumn("users", "language_code", (t) => ({
    from: t.varchar(255).notNull(),
    to: t.varchar(10).notNull(),
  }));
}

export async function downgrade(op: Operations): Promise<void> {
  op.alterColumn("users", "language_code", (t) => ({
    from: t.varchar(10).notNull(),
    to: t.varchar(255).notNull(),
  }));

  op.alterColumn("products", "description", (t) => ({ from: t.varchar(3000), to: t.text() }));
}
