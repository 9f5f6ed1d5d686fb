import { writtenQuery } from "./mysql-layout.ts";
import { hasStar, readShownView, type ShownView } from "./mysql-text.ts";
import type { CanonicalContext, ObjectContext, ObjectDialect } from "../contract.ts";
import { read, schemasOf } from "../../dialects/mysql/catalog.ts";
import {
  definerClause,
  located,
  programKey,
  programOptions,
  programText,
  readUsual,
  refusal,
} from "../../dialects/mysql/programs.ts";
import { columnList, quoteName, quoteTable, stringLiteral } from "../../dialects/mysql/quote.ts";
import { mentions } from "../../dialects/mysql/tokens.ts";
import type { Connection, ServerInfo } from "../../dialects/contract.ts";
import { text } from "../../schema/expression.ts";
import { objectKey } from "../../schema/objects/declare.ts";
import type { View } from "../../schema/objects/types.ts";
import { tableKey } from "../../schema/collect.ts";
import type { MetaData, Options, SkippedObject, Table, TableName } from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

/** Views that canonicalization makes for a moment; one that a killed process left is nobody's. */
const PROBE = "revline_probe_view_";
let probes = 0;

function queryText(view: View, server: ServerInfo): string {
  return programText(view.query, server);
}

function createSql(name: TableName, view: View, server: ServerInfo): string {
  const { algorithm, definer, security, checkOption } = optionsOf(view, server);
  return [
    "CREATE OR REPLACE ",
    algorithm === undefined ? "" : `ALGORITHM=${String(algorithm).toUpperCase()} `,
    definerClause(definer === undefined ? undefined : String(definer)),
    security === undefined ? "" : `SQL SECURITY ${String(security).toUpperCase()} `,
    `VIEW ${quoteTable(name)}`,
    view.columns === undefined ? "" : ` ${columnList(view.columns)}`,
    ` AS ${queryText(view, server)}`,
    checkOption === undefined ? "" : ` WITH ${String(checkOption).toUpperCase()} CHECK OPTION`,
  ].join("");
}

/** Without what is so when nothing is said. */
function optionsOf(view: View, server: ServerInfo): Options {
  const { algorithm, definer, security, checkOption } = programOptions(view.options, server);
  const word = (value: unknown): string => String(value).toLowerCase();
  const check = checkOption === true ? "cascaded" : checkOption;
  return {
    ...(algorithm === undefined || word(algorithm) === "undefined"
      ? {}
      : { algorithm: word(algorithm) }),
    ...(definer === undefined ? {} : { definer }),
    ...(security === undefined || word(security) === "definer" ? {} : { security: word(security) }),
    ...(check === undefined || check === false || word(check) === "none"
      ? {}
      : { checkOption: word(check) }),
  };
}

function withOptions(view: View, options: Options): View {
  const bare = omit(view, "options", "comment");
  return Object.keys(options).length === 0 ? bare : { ...bare, options: { mysql: options } };
}

/** SHOW CREATE VIEW alone tells the algorithm and, on MySQL, names given to the columns: a query for each view. */
async function show(connection: Connection, name: TableName): Promise<ShownView | undefined> {
  const [row = {}] = await connection.query(`SHOW CREATE VIEW ${quoteTable(name)}`);
  return readShownView(read(row, "Create View") ?? "", connection.server.database);
}

/** The words that names may not be without quotes, where the server tells: MySQL 8.0.13, MariaDB 10.6.3. */
async function keywordsOf(connection: Connection): Promise<ReadonlySet<string> | undefined> {
  const { dialect, versionNumber } = connection.server;
  if (versionNumber < (dialect === "mariadb" ? 100603 : 80013)) return undefined;
  const rows = await connection.query(
    "SELECT LOWER(word) AS word FROM information_schema.keywords",
  );
  return new Set(rows.flatMap((row) => read(row, "word") ?? []));
}

async function reflectView(
  connection: Connection,
  name: TableName,
  options: Options,
  keywords: ReadonlySet<string> | undefined,
): Promise<View | string> {
  try {
    const shown = await show(connection, name);
    if (shown === undefined) return "its definition is not understood";
    const { columns, query, algorithm } = shown;
    const view: View = {
      kind: "view",
      ...name,
      ...(columns === undefined ? {} : { columns }),
      query: text(writtenQuery(query, keywords)),
    };
    const all = { ...options, ...(algorithm === "" ? {} : { algorithm }) };
    return withOptions(view, optionsOf({ ...view, options: { mysql: all } }, connection.server));
  } catch (error) {
    const refused = refusal(error);
    if (refused === undefined) throw error;
    return `the server does not show its definition: ${refused.reason}`;
  }
}

type Answer = ShownView | { readonly reason: string; readonly forbidden: boolean };

/** How the server spells a view's query: it is made under another name, read, and dropped. */
async function ask(connection: Connection, view: View): Promise<Answer> {
  probes += 1;
  const name = `${PROBE}${String(process.pid)}_${String(probes)}`;
  // whose rights it has and what it checks says nothing about its text
  const bare: View = omit(view, "options");
  try {
    await connection.execute(createSql({ name }, bare, connection.server));
  } catch (error) {
    const refused = refusal(error);
    if (refused === undefined) throw error;
    return refused;
  }
  try {
    const shown = await show(connection, { name });
    return shown ?? { reason: "its definition is not understood", forbidden: false };
  } finally {
    await connection.execute(`DROP VIEW IF EXISTS ${quoteName(name)}`);
  }
}

function keyOf(query: string, columns: readonly string[] | undefined): string {
  return JSON.stringify([programKey(query), columns ?? null]);
}

/** The tables whose columns are not yet what the models say. */
function changedTables(database: MetaData, models: MetaData): readonly string[] {
  const live = new Map(database.tables.map((table) => [tableKey(table), table]));
  return models.tables
    .filter((table) => {
      const before = live.get(tableKey(table));
      const columns = ({ columns: all }: Table): readonly string[] =>
        all.filter(({ invisible }) => invisible !== true).map(({ name }) => name);
      return before === undefined || !deepEqual(columns(table), columns(before));
    })
    .map(({ name }) => name);
}

/** Which views of the models are what the database holds. */
class Comparison {
  readonly #connection: Connection;
  readonly #live: ReadonlyMap<string, View>;
  /** Names of tables and views that are not yet what the models say. */
  readonly #changed: Set<string>;
  readonly skipped: SkippedObject[] = [];

  constructor(database: readonly View[], context: CanonicalContext) {
    this.#connection = context.connection;
    this.#live = new Map(database.map((view) => [objectKey("view", view), view]));
    this.#changed = new Set(changedTables(context.database, context.models));
  }

  /** The views in the database's words where they are the same. */
  async all(models: readonly View[]): Promise<readonly View[]> {
    const found = new Map<View, View>();
    for (const model of models) found.set(model, await this.#settle(model));
    // a query for all columns says something else once another view has changed
    for (;;) {
      const stale = models.filter(
        (model) => !this.#changed.has(model.name) && this.#isStale(model),
      );
      if (stale.length === 0) break;
      for (const model of stale) {
        this.#changed.add(model.name);
        found.set(model, model);
      }
    }
    return models.map((model) => found.get(model) ?? model);
  }

  #isStale(model: View): boolean {
    const query = queryText(model, this.#connection.server);
    return hasStar(query) && [...this.#changed].some((name) => mentions(query, name));
  }

  async #settle(model: View): Promise<View> {
    const live = this.#live.get(objectKey("view", model));
    if (live === undefined) {
      this.#changed.add(model.name);
      return model;
    }
    const { server } = this.#connection;
    const asLive: View = {
      ...omit(model, "columns"),
      query: live.query,
      ...(live.columns === undefined ? {} : { columns: live.columns }),
    };
    const key = keyOf(queryText(live, server), live.columns);
    if (keyOf(queryText(model, server), model.columns) === key) return asLive;
    if (this.#isStale(model)) {
      this.#changed.add(model.name);
      return model;
    }
    const answer = await ask(this.#connection, model);
    if ("reason" in answer) {
      if (answer.forbidden) {
        this.skipped.push({
          kind: "view",
          ...located(model.schema),
          name: model.name,
          reason: `The server had to be asked how it spells the view, in a view made for that, and refused: ${answer.reason}`,
        });
        return asLive;
      }
      this.#changed.add(model.name);
      return model;
    }
    const spelled = keyOf(answer.query, answer.columns);
    if (spelled === key) return asLive;
    // an older server may have kept another spelling than it would give today
    const again = await ask(this.#connection, live);
    if (!("reason" in again) && keyOf(again.query, again.columns) === spelled) return asLive;
    this.#changed.add(model.name);
    return model;
  }
}

/** The server keeps a query in its own words. https://dev.mysql.com/doc/refman/8.4/en/create-view.html */
export const mysql: ObjectDialect<View> = {
  skippedAs: ["view"],
  reflect: async (connection, filter) => {
    const usual = await readUsual(connection);
    const objects: View[] = [];
    const skipped: SkippedObject[] = [];
    let keywords: ReadonlySet<string> | undefined;
    for (const schema of await schemasOf(filter, connection)) {
      const rows = await connection.query(
        `SELECT table_name AS name, check_option AS check_option, definer AS definer, security_type AS security
         FROM information_schema.views WHERE table_schema = ${stringLiteral(schema ?? connection.server.database)} ORDER BY table_name`,
      );
      for (const row of rows) {
        const name = { ...located(schema), name: read(row, "name") ?? "" };
        if (name.name.startsWith(PROBE)) continue;
        keywords ??= await keywordsOf(connection);
        const definer = read(row, "definer");
        const options = {
          checkOption: read(row, "check_option") ?? "none",
          security: read(row, "security") ?? "definer",
          ...(definer === undefined || definer === usual.user ? {} : { definer }),
        };
        const view = await reflectView(connection, name, options, keywords);
        if (typeof view === "string") skipped.push({ kind: "view", ...name, reason: view });
        else objects.push(view);
      }
    }
    return { objects, skipped };
  },
  canonicalize: async ({ database, models }, context) => {
    const { server } = context.connection;
    const comparison = new Comparison(database, context);
    const settled = await comparison.all(models);
    const live = new Map(database.map((view) => [objectKey("view", view), view]));
    return {
      database,
      models: settled.map((view) => {
        const definer = live.get(objectKey("view", view))?.options?.mysql?.["definer"];
        // who is not named is whoever made it
        return withOptions(view, {
          ...(definer === undefined ? {} : { definer }),
          ...optionsOf(view, server),
        });
      }),
      skipped: comparison.skipped,
    };
  },
  create: (view, { state }) => [{ sql: createSql(view, view, state.server) }],
  drop: (view) => [{ sql: `DROP VIEW IF EXISTS ${quoteTable(view)}` }],
  alter: ({ to }, { state }: ObjectContext) => [{ sql: createSql(to, to, state.server) }],
};
