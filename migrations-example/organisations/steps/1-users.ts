import { Model, t } from "revline/schema";

export class User extends Model {
  static override table = "users";
  id = t.integer().identity().primaryKey();
  email = t.varchar(255).notNull().unique();
  password = t.varchar(255).notNull();
}
