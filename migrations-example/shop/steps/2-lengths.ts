import { func, primaryKey, t, table } from "revline/schema";

export const users = table("users", {
  telegram_id: t.bigint().primaryKey(),
  full_name: t.varchar(255).notNull(),
  username: t.varchar(255),
  language_code: t.varchar(10).notNull(),
  created_at: t.timestamp().default(func.now()),
  referrer_id: t.bigint().references("users.telegram_id", { onDelete: "set null" }),
});

export const orders = table("orders", {
  order_id: t.integer().identity().primaryKey(),
  user_id: t
    .bigint()
    .notNull()
    .references(() => users.telegram_id, { onDelete: "cascade" }),
  created_at: t.timestamp().default(func.now()),
});

export const products = table("products", {
  product_id: t.integer().identity().primaryKey(),
  title: t.varchar(255).notNull(),
  description: t.varchar(3000),
  created_at: t.timestamp().default(func.now()),
});

export const orderProducts = table(
  "order_products",
  {
    order_id: t
      .integer()
      .notNull()
      .references(() => orders.order_id, { onDelete: "cascade" }),
    product_id: t
      .integer()
      .notNull()
      .references(() => products.product_id, { onDelete: "restrict" }),
    quantity: t.integer().notNull(),
  },
  { with: (c) => [primaryKey(c.order_id, c.product_id)] },
);
