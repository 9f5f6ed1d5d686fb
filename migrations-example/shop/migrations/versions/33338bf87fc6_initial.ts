/**
 * initial
 *
 * Revision: 33338bf87fc6
 * Revises:  base
 * Created:  2026-11-20 18:05 UTC
 */
import type { Operations } from "revline";

export const revision = "33338bf87fc6";
export const downRevision = null;

export async function upgrade(op: Operations): Promise<void> {
  op.createTable("users", (t) => ({
    telegram_id: t.bigint().primaryKey(),
    full_name: t.varchar(255).notNull(),
    username: t.varchar(255),
    language_code: t.varchar(255).notNull(),
    created_at: t.timestamp().default(op.sql`CURRENT_TIMESTAMP`),
    referrer_id: t.bigint().references("users.telegram_id", { onDelete: "set null" }),
  }));

  op.createTable("orders", (t) => ({
    order_id: t.integer().identity().primaryKey(),
    user_id: t.bigint().notNull().references("users.telegram_id", { onDelete: "cascade" }),
    created_at: t.timestamp().default(op.sql`CURRENT_TIMESTAMP`),
  }));

  op.createTable("products", (t) => ({
    product_id: t.integer().identity().primaryKey(),
    title: t.varchar(255).notNull(),
    description: t.text(),
    created_at: t.timestamp().default(op.sql`CURRENT_TIMESTAMP`),
  }));

  op.createTable(
    "order_products",
    (t) => ({
      order_id: t.integer().notNull().references("orders.order_id", { onDelete: "cascade" }),
      product_id: t.integer().notNull().references("products.product_id", { onDelete: "restrict" }),
      quantity: t.integer().notNull(),
    }),
    { with: (c) => [c.primaryKey(["order_id", "product_id"])] },
  );
}

export async function downgrade(op: Operations): Promise<void> {
  // drops the table's rows
  op.dropTable("order_products");
  // drops the table's rows
  op.dropTable("products");
  // drops the table's rows
  op.dropTable("orders");
  // drops the table's rows
  op.dropTable("users");
}
