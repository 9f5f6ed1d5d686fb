import { Model, t } from "revline/schema";

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
