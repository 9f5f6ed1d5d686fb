import { Model, func, t } from "revline/schema";

export class User extends Model {
  static override table = "user_account";
  id = t.integer().identity().primaryKey();
  name = t.varchar(100).notNull();
  full_name = t.varchar(100);
  created_at = t.timestamp().notNull().default(func.now());
}
