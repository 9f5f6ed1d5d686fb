import type { Column, Constraint, MetaData, Table } from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";
import { fold } from "./names.ts";
import { isRowidAlias, shapeOf } from "./shape.ts";

/** NOT NULL on the rowid's other name says nothing: a model that is silent about it takes what is there. */
function adoptColumn(live: Column, model: Column, table: Table): Column {
  const known = { ...model, name: live.name };
  const isNullDefault =
    live.default !== undefined &&
    "expression" in live.default &&
    /^null$/i.test(String(live.default.expression.parts[0]));
  const withDefault =
    isNullDefault && model.default === undefined && live.default !== undefined
      ? { ...known, default: live.default }
      : known;
  if (live.options?.["notNull"] !== true || !isRowidAlias(model, shapeOf(table)))
    return withDefault;
  return { ...withDefault, options: { ...model.options, notNull: true } };
}

/** `REFERENCES parent` and `REFERENCES parent (id)` are the same where id is the parent's key. */
function adoptConstraint(live: readonly Constraint[], model: Constraint): Constraint {
  if (model.kind !== "foreignKey" || model.options?.["implicitTarget"] === true) return model;
  const options = { ...model.options, implicitTarget: true };
  const implicit: Constraint = { ...model, options };
  const same = live.some(
    (other) =>
      deepEqual(omit(other, "name"), omit(implicit, "name")) &&
      (model.name ?? other.name) === other.name,
  );
  return same ? implicit : model;
}

/** The names of a table's columns by their folded form. */
type Names = ReadonlyMap<string, string>;

function namesOf(table: Table | undefined): Names {
  return new Map((table?.columns ?? []).map(({ name }) => [fold(name), name]));
}

function spelled(names: Names, columns: readonly string[]): readonly string[] {
  return columns.map((name) => names.get(fold(name)) ?? name);
}

/** Names that differ by case alone are the same to SQLite: the model takes the database's spelling. */
function spellConstraint(
  constraint: Constraint,
  own: Names,
  tables: ReadonlyMap<string, Table>,
): Constraint {
  if (!("columns" in constraint)) return constraint;
  const columns = spelled(own, constraint.columns);
  if (constraint.kind !== "foreignKey") return { ...constraint, columns };
  const { references } = constraint;
  const parent = tables.get(fold(references.name));
  return {
    ...constraint,
    columns,
    references: {
      name: parent?.name ?? references.name,
      columns: spelled(namesOf(parent), references.columns),
    },
  };
}

function adoptTable(model: Table, tables: ReadonlyMap<string, Table>): Table {
  const live = tables.get(fold(model.name));
  const own = namesOf(live);
  const constraints = model.constraints.map((constraint) =>
    spellConstraint(constraint, own, tables),
  );
  if (live === undefined) return { ...model, constraints };
  const columns = new Map(live.columns.map((column) => [fold(column.name), column]));
  return {
    ...model,
    name: live.name,
    columns: model.columns.map((column) => {
      const found = columns.get(fold(column.name));
      return found === undefined ? column : adoptColumn(found, column, model);
    }),
    constraints: constraints.map((constraint) => adoptConstraint(live.constraints, constraint)),
    indexes: model.indexes.map((index) => ({
      ...index,
      elements: index.elements.map((element) =>
        element.column === undefined
          ? element
          : { ...element, column: own.get(fold(element.column)) ?? element.column },
      ),
    })),
  };
}

/**
 * The models with what they leave open answered by the database: things that SQLite writes in several
 * ways that mean the same. Both sides are in canonical form.
 */
export function adopt(database: MetaData, models: MetaData): MetaData {
  const tables = new Map(database.tables.map((table) => [fold(table.name), table]));
  return { ...models, tables: models.tables.map((table) => adoptTable(table, tables)) };
}
