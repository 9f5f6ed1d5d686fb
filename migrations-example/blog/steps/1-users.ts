import { t, table, uniqueIndex } from "revline/schema";

export const users = table(
  "user",
  {
    id: t.integer().identity().primaryKey(),
    nickname: t.varchar(64),
    email: t.varchar(120),
  },
  {
    with: (c) => [
      uniqueIndex("ix_user_nickname").on(c.nickname),
      uniqueIndex("ix_user_email").on(c.email),
    ],
  },
);
