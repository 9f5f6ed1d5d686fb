import { Model, t } from "revline/schema";

export class Author extends Model {
  static override table = "author";
  id = t.integer().identity().primaryKey();
  name = t.varchar(30);
  email = t.varchar(30).notNull().unique();
}
