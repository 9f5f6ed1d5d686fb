import { TABLE, bindInto, declare, type TableDeclaration } from "./table.ts";
import type { TableItem } from "./items.ts";
import type { Options } from "./types.ts";

/** `(columns: Subclass) => …` must be allowed where the base class says `(columns: Model) => …`. */
type Items = { items(columns: Model): readonly TableItem[] }["items"];

/**
 * The class form of a table, in the manner of SQLAlchemy's declarative classes. Fields are columns,
 * static members say the rest. A subclass without a `table` of its own is a base class of other models.
 *
 * @example
 * export class Organisation extends Model {
 *   static override table = "organisations";
 *   id = t.integer().identity().primaryKey();
 *   name = t.varchar(255).notNull().unique();
 * }
 */
export class Model {
  static table: string | undefined = undefined;
  static schema: string | undefined = undefined;
  static comment: string | undefined = undefined;
  static with: Items | undefined = undefined;
  static sqlite: Options | undefined = undefined;
  static mysql: Options | undefined = undefined;
  static mariadb: Options | undefined = undefined;
  static postgresql: Options | undefined = undefined;

  static get [TABLE](): TableDeclaration | undefined {
    const name = ownName(this);
    return name === undefined ? undefined : declare(name, boundColumns(this), this);
  }

  /**
   * A column of this class, for `references` and `sql`.
   *
   * @example
   * organisationId = t.integer().references(() => Organisation.column("id"))
   */
  static column<M extends Model, K extends keyof M>(
    this: (new () => M) & typeof Model,
    key: K,
  ): M[K] {
    return boundColumns<M>(this)[key];
  }
}

function ownName(model: typeof Model): string | undefined {
  return Object.hasOwn(model, "table") ? model.table : undefined;
}

function boundColumns<M extends Model>(model: (new () => M) & typeof Model): M {
  const columns = new model();
  const name = ownName(model);
  return name === undefined ? columns : bindInto({ schema: model.schema, name }, columns);
}
