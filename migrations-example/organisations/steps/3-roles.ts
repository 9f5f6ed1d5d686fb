import { Model, primaryKey, t, table } from "revline/schema";

/** One organisation has many users. */
export class Organisation extends Model {
  static override table = "organisations";
  id = t.integer().identity().primaryKey();
  name = t.varchar(255).notNull().unique();
}

export class User extends Model {
  static override table = "users";
  id = t.integer().identity().primaryKey();
  email = t.varchar(255).notNull().unique();
  password = t.varchar(255).notNull();
  organisation_id = t.integer().references(() => Organisation.column("id"));
}

export class Role extends Model {
  static override table = "roles";
  id = t.integer().identity().primaryKey();
  name = t.varchar(255).notNull().unique();
}

/** Users have many roles, roles many users: the association table holds the pairs. */
export const userRoles = table(
  "user_roles",
  {
    user_id: t
      .integer()
      .notNull()
      .references(() => User.column("id")),
    role_id: t
      .integer()
      .notNull()
      .references(() => Role.column("id")),
  },
  { with: (c) => [primaryKey(c.user_id, c.role_id)] },
);
