import { Model, t } from "revline/schema";

export class Author extends Model {
  static override table = "author";
  id = t.integer().identity().primaryKey();
  name = t.varchar(30);
  email = t.varchar(30).notNull().unique();
}

export class Book extends Model {
  static override table = "book";
  id = t.integer().identity().primaryKey();
  name = t.varchar(50).notNull().unique();
  author_id = t.integer().references(() => Author.column("id"));
}
