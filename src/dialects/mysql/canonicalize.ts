import { readDefaults } from "./catalog.ts";
import { createTableSql } from "./compile.ts";
import { canonicalDefault } from "./defaults.ts";
import { flavorOf, type Flavor } from "./flavor.ts";
import { withoutColumnNamedIndexes, withoutOwnedIndexes } from "./implicit.ts";
import { matchCase } from "./match-case.ts";
import { samePartitions } from "./partitions.ts";
import { normalizeTable, type Surroundings } from "./normalize.ts";
import { expressionSql } from "./quote.ts";
import { spell, type Spelled } from "./spell.ts";
import { expressionKey, unwrap, withoutIntroducers } from "./tokens.ts";
import type { Canonical, Connection } from "../contract.ts";
import { qualifiedName, tableKey } from "../../schema/collect.ts";
import { text, type Expression } from "../../schema/expression.ts";
import type {
  Column,
  Constraint,
  Index,
  MetaData,
  ServerDefault,
  SkippedObject,
  Table,
} from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

/** One text for every expression that is the same: the database's where it has one. */
class Spelling {
  readonly #texts = new Map<string, string>();

  /** Remembers how the database says an expression. */
  learn(sql: string): void {
    const key = expressionKey(sql);
    if (!this.#texts.has(key)) this.#texts.set(key, withoutIntroducers(unwrap(sql)));
  }

  /** Another spelling of an expression that the database has. */
  alias(sql: string, known: string): void {
    this.#texts.set(expressionKey(sql), this.of(known));
  }

  knows(sql: string): boolean {
    return this.#texts.has(expressionKey(sql));
  }

  of(sql: string): string {
    return this.#texts.get(expressionKey(sql)) ?? withoutIntroducers(unwrap(sql));
  }
}

type Change = (sql: string) => string;

/** The table with every expression in it changed. */
function mapExpressions(table: Table, flavor: Flavor, change: Change): Table {
  const changed = (expression: Expression): Expression =>
    text(change(expressionSql(expression, flavor)));
  const column = (given: Column): Column => {
    const check = given.options?.["check"];
    return {
      ...given,
      ...(given.computed === undefined
        ? {}
        : { computed: { ...given.computed, expression: changed(given.computed.expression) } }),
      ...(check === undefined
        ? {}
        : { options: { ...given.options, check: change(String(check)) } }),
    };
  };
  const constraint = (given: Constraint): Constraint =>
    given.kind === "check" ? { ...given, expression: changed(given.expression) } : given;
  const index = (given: Index): Index => ({
    ...given,
    elements: given.elements.map((element) =>
      element.expression === undefined
        ? element
        : { ...element, expression: changed(element.expression) },
    ),
  });
  return {
    ...table,
    columns: table.columns.map(column),
    constraints: table.constraints.map(constraint),
    indexes: table.indexes.map(index),
  };
}

function expressionsOf(table: Table, flavor: Flavor): readonly string[] {
  const found: string[] = [];
  mapExpressions(table, flavor, (sql) => {
    found.push(sql);
    return sql;
  });
  return found;
}

/** Defaults that text does not show to be those of the database. */
function openDefaults(table: Table, live: Table | undefined): readonly Column[] {
  const before = new Map(live?.columns.map((column) => [column.name, column]));
  return table.columns.filter(
    (column) =>
      column.default !== undefined &&
      before.get(column.name)?.default !== undefined &&
      !sameDefault(column, before.get(column.name)),
  );
}

function sameDefault(a: Column, b: Column | undefined): boolean {
  if (b === undefined) return false;
  return (
    deepEqual(a.default, b.default) ||
    (defaultKey(a.default) !== undefined && defaultKey(a.default) === defaultKey(b.default))
  );
}

function defaultKey(given: ServerDefault | undefined): string | undefined {
  if (given === undefined || "value" in given) return undefined;
  return expressionKey(given.expression.parts.filter((part) => typeof part === "string").join(""));
}

/** Defaults as the server showed them; expressions keep the database's text where it is the same. */
function withDefaults(
  table: Table,
  live: Table | undefined,
  spelled: Spelled | undefined,
  flavor: Flavor,
): Table {
  const before = new Map(live?.columns.map((column) => [column.name, column]));
  const columns = table.columns.map((column): Column => {
    if (column.default === undefined || column.computed !== undefined) return column;
    const other = before.get(column.name);
    const given =
      openDefaults({ ...table, columns: [column] }, live).length === 0
        ? undefined
        : spelled?.shown.defaults.get(column.name);
    const value =
      given === undefined
        ? column.default
        : canonicalDefault({ expression: text(withoutIntroducers(given)) }, column.type, flavor);
    const spelt: Column = {
      ...omit(column, "default"),
      ...(value === undefined ? {} : { default: value }),
    };
    return other?.default !== undefined && sameDefault(spelt, other)
      ? { ...spelt, default: other.default }
      : spelt;
  });
  return { ...table, columns };
}

function bareDefaults(table: Table): Table {
  const columns = table.columns.map((column): Column => {
    const given = column.default;
    if (given === undefined || "value" in given) return column;
    return {
      ...column,
      default: {
        expression: text(
          withoutIntroducers(
            given.expression.parts.filter((part) => typeof part === "string").join(""),
          ),
        ),
      },
    };
  });
  return { ...table, columns };
}

interface Sides {
  readonly database: readonly Table[];
  readonly models: readonly Table[];
  readonly skipped: readonly SkippedObject[];
}

/** Spells both sides alike; asks the server about the expressions that text does not decide. */
async function spellAlike(
  connection: Connection,
  database: readonly Table[],
  models: readonly Table[],
  flavor: Flavor,
): Promise<Sides> {
  const spelling = new Spelling();
  const live = new Map(database.map((table) => [tableKey(table), table]));
  const inModels = new Set(models.map(tableKey));
  for (const table of database) for (const sql of expressionsOf(table, flavor)) spelling.learn(sql);
  // a table that is in one side only may be a rename of one that is in the other
  const hasLostTables = database.some(
    (table) => !inModels.has(tableKey(table)) && expressionsOf(table, flavor).length > 0,
  );
  const answers = new Map<string, string>();
  const skipped: SkippedObject[] = [];
  const spelt: Table[] = [];
  for (const table of models) {
    const before = live.get(tableKey(table));
    const open =
      before === undefined && !hasLostTables
        ? []
        : expressionsOf(table, flavor).filter((sql) => !spelling.knows(sql));
    const wonders = open.length > 0 || openDefaults(table, before).length > 0;
    const answer = wonders ? await spell(connection, table, flavor) : undefined;
    const spelled = answer !== undefined && "shown" in answer ? answer : undefined;
    if (answer !== undefined && "reason" in answer && answer.forbidden) {
      skipped.push(undecided(table, answer.reason));
      spelt.push(before === undefined ? table : withExpressionsOf(table, before, flavor));
      continue;
    }
    for (const [given, found] of spelled?.expressions ?? []) answers.set(given, found);
    const unsettled =
      before !== undefined &&
      spelled !== undefined &&
      open.some((sql) => !spelling.knows(answers.get(sql) ?? sql));
    if (unsettled) await learnAgain(connection, before, flavor, spelling);
    const change: Change = (sql) =>
      spelling.of(spelling.knows(sql) ? sql : (answers.get(sql) ?? sql));
    spelt.push(withDefaults(mapExpressions(table, flavor, change), before, spelled, flavor));
  }
  const known = (sql: string): string => spelling.of(sql);
  return {
    database: database.map((table) => bareDefaults(mapExpressions(table, flavor, known))),
    models: spelt.map(bareDefaults),
    skipped,
  };
}

/** An older server may have kept a table's expressions in another spelling than it would give today. */
async function learnAgain(
  connection: Connection,
  table: Table,
  flavor: Flavor,
  spelling: Spelling,
): Promise<void> {
  const answer = await spell(connection, table, flavor);
  if (!("shown" in answer)) return;
  for (const [given, found] of answer.expressions) {
    if (!spelling.knows(found)) spelling.alias(found, given);
  }
}

function undecided(table: Table, reason: string): SkippedObject {
  return {
    kind: "expressions",
    ...(table.schema === undefined ? {} : { schema: table.schema }),
    name: table.name,
    table: table.name,
    reason: `The server had to be asked how it spells the expressions of "${qualifiedName(table)}", in a temporary table, and refused: ${reason}`,
  };
}

/** Without an answer nothing is known: what has an expression on both sides counts as unchanged. */
function withExpressionsOf(table: Table, live: Table, flavor: Flavor): Table {
  const columns = new Map(live.columns.map((column) => [column.name, column]));
  const checks = new Map(
    live.constraints.flatMap((constraint) =>
      constraint.kind === "check" && constraint.name !== undefined
        ? [[constraint.name, constraint] as const]
        : [],
    ),
  );
  const indexes = new Map(live.indexes.map((index) => [index.name, index]));
  return {
    ...mapExpressions(table, flavor, (sql) => sql),
    columns: table.columns.map((column) => {
      const other = columns.get(column.name);
      return {
        ...column,
        ...(column.computed !== undefined && other?.computed !== undefined
          ? { computed: { ...column.computed, expression: other.computed.expression } }
          : {}),
        ...(column.default !== undefined &&
        "expression" in column.default &&
        other?.default !== undefined
          ? { default: other.default }
          : {}),
      };
    }),
    constraints: table.constraints.map((constraint) =>
      constraint.kind === "check" ? (checks.get(constraint.name ?? "") ?? constraint) : constraint,
    ),
    indexes: table.indexes.map((index) =>
      index.elements.some(({ expression }) => expression !== undefined)
        ? (indexes.get(index.name) ?? index)
        : index,
    ),
  };
}

/** The models' partitions in the words of the database, where they are the same. */
function withKnownPartitions(table: Table, live: Table | undefined): Table {
  const wanted = table.options?.mysql?.["partitionBy"];
  const known = live?.options?.mysql?.["partitionBy"];
  if (wanted === undefined || known === undefined) return table;
  return samePartitions(String(wanted), String(known))
    ? { ...table, options: { mysql: { ...table.options?.mysql, partitionBy: known } } }
    : table;
}

function engineOf(table: Table, usual: string): string {
  return String(table.options?.mysql?.["engine"] ?? usual);
}

/** The engines that keep foreign keys; the others read them and make their index alone. */
const WITH_KEYS: ReadonlySet<string> = new Set(["innodb", "ndb", "ndbcluster"]);

/** The foreign keys that the engine of the models' table would pass over, each with the reason. */
function idleKeys(table: Table, usual: string): readonly SkippedObject[] {
  const engine = engineOf(table, usual);
  if (WITH_KEYS.has(engine.toLowerCase())) return [];
  const schema = table.schema === undefined ? {} : { schema: table.schema };
  return table.constraints
    .filter(({ kind }) => kind === "foreignKey")
    .map(({ name = "" }) => ({
      kind: "foreign key",
      ...schema,
      table: table.name,
      name,
      reason: `the engine ${engine} keeps no foreign keys`,
    }));
}

/** InnoDB passes over formats and storage of columns, other engines over foreign keys; the catalog does not tell them. */
function withoutIdleWords(table: Table, usual: string): Table {
  const engine = engineOf(table, usual).toLowerCase();
  if (!WITH_KEYS.has(engine))
    return { ...table, constraints: table.constraints.filter(({ kind }) => kind !== "foreignKey") };
  if (engine !== "innodb") return table;
  const columns = table.columns.map((column): Column => {
    const { columnFormat, storage, ...options } = column.options ?? {};
    if (columnFormat === undefined && storage === undefined) return column;
    return {
      ...omit(column, "options"),
      ...(Object.keys(options).length === 0 ? {} : { options }),
    };
  });
  return { ...table, columns };
}

/**
 * Both sides in the server's own form: its types, its spelling of defaults and expressions, nothing
 * that it adds by itself.
 *
 * @throws RevlineError unsupported, model-invalid, name-too-long when the models ask for what the server does not have
 */
export async function canonicalize(
  connection: Connection,
  database: MetaData,
  models: MetaData,
): Promise<Canonical> {
  const { server } = connection;
  const flavor = flavorOf(server);
  const schemas = [...database.tables, ...models.tables].map(({ schema }) =>
    schema === server.database ? undefined : schema,
  );
  const around: Surroundings = {
    flavor,
    database: server.database,
    defaults: await readDefaults(connection, schemas),
  };
  for (const table of models.tables) createTableSql(table, flavor);
  const normal = (table: Table): Table =>
    withoutIdleWords(normalizeTable(table, around), around.defaults.engine);
  const live = database.tables.map(normal);
  const asked = models.tables.map((table) =>
    withKnownPartitions(
      normal(table),
      live.find((other) => tableKey(other) === tableKey(table)),
    ),
  );
  const sides = await spellAlike(
    connection,
    live,
    matchCase(asked, live, around.defaults.caseless),
    flavor,
  );
  const wanted = new Map(sides.models.map((table) => [tableKey(table), table]));
  const own = (schema: string): boolean => schema !== server.database;
  return {
    database: {
      ...database,
      tables: sides.database.map((table) =>
        withoutColumnNamedIndexes(
          withoutOwnedIndexes(table, flavor),
          wanted.get(tableKey(table)),
          flavor,
        ),
      ),
      objects: [],
      schemas: database.schemas.filter(own),
    },
    models: {
      ...models,
      tables: sides.models.map((table) => withoutOwnedIndexes(table, flavor)),
      objects: [],
      schemas: models.schemas.filter(own),
    },
    skipped: [
      ...sides.skipped,
      ...models.tables.flatMap((table) => idleKeys(table, around.defaults.engine)),
    ],
  };
}
