import { columnFor } from "../ddl.ts";
import { checkTableNames } from "../names.ts";
import type { Canonical, Connection } from "../contract.ts";
import type {
  CheckConstraint,
  Column,
  ColumnType,
  Constraint,
  ForeignKey,
  Index,
  IndexElement,
  MetaData,
  Options,
  Table,
} from "../../schema/types.ts";
import { adopt } from "./adopt.ts";
import { tableName } from "./compile.ts";
import { defaultText, parseDefault } from "./default.ts";
import { bareText, unqualified } from "./expressions.ts";
import { withOptions } from "./parse-constraint.ts";
import { inKey, isImplicitlyNotNull, isRowidAlias, shapeOf, type TableShape } from "./shape.ts";
import { checkName, render } from "./spelling.ts";
import { CatalogSpellings, type Spellings } from "./spellings.ts";
import { collationOf, elementCollationOf } from "./table-from.ts";
import { expressionKey, nameOf, tokenize } from "./tokens.ts";
import { compileType, parseType } from "./types.ts";

/** What the default means: TRUE is 1, and a lone name is a string. */
function defaultKey(sql: string): string {
  const [only, ...more] = tokenize(sql);
  if (only === undefined || more.length > 0) return expressionKey(sql);
  const lower = nameOf(only).toLowerCase();
  if (only.kind === "quoted") return `'${nameOf(only).replaceAll("'", "''")}'`;
  if (only.kind !== "word" || /^(?:null|current_(?:time|date|timestamp))$/.test(lower))
    return expressionKey(sql);
  return lower === "true" ? "1" : lower === "false" ? "0" : `'${only.text}'`;
}

function typeOf(
  type: ColumnType,
  strict: boolean,
  place: string,
  spellings: Spellings,
): ColumnType {
  const parsed = parseType(compileType(type, strict));
  return parsed.name === "raw"
    ? { name: "raw", sql: spellings.of(place, `type ${parsed.sql.toUpperCase()}`, parsed.sql) }
    : parsed;
}

/** The options that SQLite has for a column, and only where they say something. */
function columnOptions(column: Column, shape: TableShape): Options {
  const { options = {} } = column;
  const { onConflict, notNullName, nullable, notNull } = options;
  return {
    ...(typeof onConflict === "string" ? { onConflict: onConflict.toLowerCase() } : {}),
    ...(typeof notNullName === "string" ? { notNullName } : {}),
    ...(nullable === true && inKey(column, shape) && !isImplicitlyNotNull(column, shape)
      ? { nullable }
      : {}),
    ...(notNull === true && isRowidAlias(column, shape) ? { notNull } : {}),
  };
}

function columnOf(given: Column, shape: TableShape, table: string, spellings: Spellings): Column {
  const { name, collation, computed } = given;
  const place = JSON.stringify([table, name]);
  const options = columnOptions(given, shape);
  const type = typeOf(
    given.identity === undefined ? given.type : { name: "integer" },
    shape.strict,
    place,
    spellings,
  );
  const sql = given.default === undefined ? undefined : defaultText(given.default);
  const known =
    sql === undefined ? undefined : spellings.of(place, `default ${defaultKey(sql)}`, sql);
  const nullable = options["nullable"] === true || (inKey(given, shape) ? false : given.nullable);
  return {
    name,
    type,
    nullable,
    ...(known === undefined ? {} : { default: parseDefault(known, type) }),
    ...(given.identity === undefined ? {} : { identity: {} }),
    ...(computed === undefined
      ? {}
      : {
          computed: {
            expression: spellings.expression(
              place,
              bareText(unqualified(render(computed.expression), table)),
            ),
            stored: computed.stored,
          },
        }),
    ...collationOf(collation),
    ...withOptions(options),
  };
}

function named(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name };
}

function keyOptions(options: Options | undefined): Options {
  const { onConflict, elements, desc } = options ?? {};
  return {
    ...(typeof onConflict === "string" && onConflict.toLowerCase() !== "abort"
      ? { onConflict: onConflict.toLowerCase() }
      : {}),
    ...(typeof elements === "string" ? { elements } : {}),
    ...(desc === true ? { desc } : {}),
  };
}

function foreignKeyOf(key: ForeignKey): ForeignKey {
  const { references, onDelete, onUpdate, match, options = {} } = key;
  const { match: otherMatch, implicitTarget } = options;
  return {
    kind: "foreignKey",
    ...named(key.name),
    columns: key.columns,
    references: { name: tableName(references), columns: references.columns },
    ...(onDelete === undefined || onDelete === "no action" ? {} : { onDelete }),
    ...(onUpdate === undefined || onUpdate === "no action" ? {} : { onUpdate }),
    ...(match === undefined ? {} : { match }),
    ...(key.deferrable || key.initiallyDeferred ? { deferrable: true } : {}),
    ...(key.initiallyDeferred ? { initiallyDeferred: true } : {}),
    ...withOptions({
      ...(typeof otherMatch === "string" ? { match: otherMatch } : {}),
      ...(implicitTarget === true ? { implicitTarget } : {}),
    }),
  };
}

function checkOf(check: CheckConstraint, table: string, spellings: Spellings): CheckConstraint {
  const sql = bareText(unqualified(render(check.expression), table));
  return { kind: "check", ...named(check.name), expression: spellings.expression(table, sql) };
}

function constraintOf(
  constraint: Constraint,
  table: string,
  spellings: Spellings,
): readonly Constraint[] {
  switch (constraint.kind) {
    case "primaryKey":
    case "unique":
      return [
        {
          kind: constraint.kind,
          ...named(constraint.name),
          columns: constraint.columns,
          ...withOptions(keyOptions(constraint.options)),
        },
      ];
    case "foreignKey":
      return [foreignKeyOf(constraint)];
    case "check":
      return [checkOf(constraint, table, spellings)];
    case "exclude":
      // only PostgreSQL has it: it cannot exist here
      return [];
  }
}

function elementOf(element: IndexElement, table: string, spellings: Spellings): IndexElement {
  const { column, expression } = element;
  return {
    ...(column === undefined ? {} : { column }),
    ...(expression === undefined
      ? {}
      : {
          expression: spellings.expression(table, bareText(unqualified(render(expression), table))),
        }),
    ...(element.order === undefined ? {} : { order: element.order }),
    ...elementCollationOf(element.collation),
  };
}

function indexOf(index: Index, table: string, spellings: Spellings): Index {
  return {
    ...named(index.name),
    elements: index.elements.map((element) => elementOf(element, table, spellings)),
    ...(index.unique ? { unique: true } : {}),
    ...(index.where === undefined
      ? {}
      : { where: spellings.expression(table, bareText(unqualified(render(index.where), table))) }),
  };
}

function tableOf(given: Table, spellings: Spellings): Table {
  const name = tableName(given);
  const plain = { ...given, columns: given.columns.map((column) => columnFor(column, "sqlite")) };
  const shape = shapeOf(plain);
  const options = {
    ...(shape.strict ? { strict: true } : {}),
    ...(shape.withoutRowid ? { withoutRowid: true } : {}),
  };
  return {
    name,
    columns: plain.columns.map((column) => columnOf(column, shape, name, spellings)),
    constraints: plain.constraints.flatMap((constraint) =>
      constraintOf(constraint, name, spellings),
    ),
    indexes: plain.indexes.map((index) => indexOf(index, name, spellings)),
    ...(Object.keys(options).length === 0 ? {} : { options: { sqlite: options } }),
  };
}

/** One side in canonical form. What SQLite cannot hold (comments, enums, methods of indexes) is left out. */
function metaDataOf(given: MetaData, spellings: Spellings): MetaData {
  return {
    tables: given.tables.map((table) => tableOf(table, spellings)),
    objects: [],
    schemas: [],
    skipped: given.skipped,
  };
}

/**
 * Both sides in SQLite's form. Expressions are the same when their tokens are: SQLite keeps them as they
 * were written, so nothing needs to be asked.
 *
 * @throws RevlineError unsupported for a table in a schema
 */
export async function canonicalize(
  _connection: Connection,
  database: MetaData,
  models: MetaData,
): Promise<Canonical> {
  // SQLite takes the empty name: what is there already stays
  const there = new Set<string>();
  checkTableNames(database, (name) => there.add(name));
  checkTableNames(models, (name) => there.has(name) || checkName(name));
  const catalog = new CatalogSpellings();
  const live = metaDataOf(database, catalog);
  return {
    database: live,
    models: adopt(live, metaDataOf(models, catalog.forModels())),
    skipped: [],
  };
}
