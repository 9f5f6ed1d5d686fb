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

export class Store extends Model {
  static override table = "store";
  id = t.integer().identity().primaryKey();
  name = t.varchar(50).notNull().unique();
}

/** A book is in many stores, a store has many books. */
export class BookToStoreMap extends Model {
  static override table = "book_to_store_map";
  book_id = t
    .integer()
    .references(() => Book.column("id"))
    .primaryKey();
  store_id = t
    .integer()
    .references(() => Store.column("id"))
    .primaryKey();
}
