import { attempt, type Outcome } from "./ask.ts";
import { columnText, EnumStandIns } from "./enum-stand-ins.ts";
import { tokens, wordsIn } from "./expression-text.ts";
import {
  columnNames,
  listsColumns,
  queryText,
  storedQueries,
  type StoredQuery,
} from "./query-text.ts";
import { quote } from "./spelling.ts";
import type { Connection } from "../contract.ts";
import { nameOnly, tableKey } from "../../schema/collect.ts";
import { enumsOf } from "../../schema/objects/declare.ts";
import { allColumns } from "../../schema/parents.ts";
import type { Column, MetaData, Table, TableName } from "../../schema/types.ts";
import { deepEqual } from "../../util/equal.ts";
import { topologicalSort } from "../../util/topological-sort.ts";

function columnsOf(table: Table, { tables }: MetaData): readonly Column[] {
  const find = (name: TableName): Table | undefined =>
    tables.find((other) => tableKey(other) === tableKey(name));
  return allColumns(table, find) ?? table.columns;
}

/** Columns in any order: PostgreSQL cannot put one between others. */
function shape(table: Table | undefined, metadata: MetaData): Readonly<Record<string, unknown>> {
  return table === undefined
    ? {}
    : Object.fromEntries(
        columnsOf(table, metadata).map(({ name, type, collation }) => [name, { type, collation }]),
      );
}

/** The models' tables that have other columns in the database, or are not there; with `ordered` those in another order too. */
function changedTables({ database, models, ordered = false }: Sides): readonly Table[] {
  const live = new Map(database.tables.map((table) => [tableKey(table), table]));
  return models.tables.filter((table) => {
    const [before, after] = [shape(live.get(tableKey(table)), database), shape(table, models)];
    return (
      !deepEqual(before, after) || (ordered && !deepEqual(Object.keys(before), Object.keys(after)))
    );
  });
}

/** What is said of a view again and again. */
const WORDS = new WeakMap<StoredQuery, ReadonlySet<string>>();

function wordsOf(view: StoredQuery): ReadonlySet<string> {
  const known = WORDS.get(view) ?? wordsIn(queryText(view));
  WORDS.set(view, known);
  return known;
}

/** Each view behind those whose names its query says. */
function inOrder(views: readonly StoredQuery[]): readonly StoredQuery[] {
  const byName = new Map<string, readonly StoredQuery[]>();
  for (const view of views) byName.set(view.name, [...(byName.get(view.name) ?? []), view]);
  return topologicalSort(views, (view) =>
    [...wordsOf(view)].flatMap((word) => byName.get(word)?.filter((other) => other !== view) ?? []),
  );
}

/** What became of a view that was to be made. */
export interface MadeView {
  /** In the schema for temporary objects. */
  readonly name: string;
  readonly outcome: Outcome;
}

/** The two sides, tables in canonical form. */
interface Sides {
  readonly database: MetaData;
  readonly models: MetaData;
  /** Tables have their columns in the order of the models. */
  readonly ordered?: boolean;
}

/**
 * The relations as the models want them, in the schema for temporary objects for the time of some
 * questions. The server reads an expression by the columns of which it speaks: `a + 1` means another thing
 * when `a` becomes a number with decimals, and `*` all columns that there are. So it is asked in the state
 * in which it will read the text. What is temporary is found first and hides what it stands for.
 */
export class WantedRelations {
  readonly #sides: Sides;
  readonly #defaultSchema: string;
  readonly #changed: readonly Table[];
  readonly #enums: EnumStandIns;
  readonly #made = new Map<string, TableName>();
  /** Relations that are other ones in the models, and for which nothing stands in. */
  readonly #lacking = new Map<string, TableName>();

  constructor(sides: Sides, { server }: Connection) {
    this.#sides = sides;
    this.#defaultSchema = server.defaultSchema ?? "public";
    this.#changed = changedTables(sides);
    this.#enums = new EnumStandIns(enumsOf(sides.database.objects), server);
  }

  /** True where the text says the name of a table that the models change or add. */
  speaksOfChanged(sql: string): boolean {
    const words = wordsIn(sql);
    return this.#changed.some(({ name }) => words.has(name));
  }

  /** True where the text lists the columns of a relation that is another one in the models, and has no stand-in. */
  listsUnknown(sql: string): boolean {
    const words = wordsIn(sql);
    return listsColumns(sql) && [...this.#lacking.values()].some(({ name }) => words.has(name));
  }

  /** True where there is a stand-in for the relation. */
  has(relation: TableName): boolean {
    return this.#made.has(this.#key(relation));
  }

  /** The text without the schemas before what has a stand-in. */
  unqualified(sql: string): string {
    const pieces = tokens(sql);
    const nameAt = (at: number): string => {
      const piece = pieces[at] ?? "";
      return piece.startsWith('"') ? piece.slice(1, -1).replaceAll('""', '"') : piece.toLowerCase();
    };
    const isPath = (at: number): boolean =>
      pieces[at + 1] === "." &&
      pieces[at - 1] !== "." &&
      this.has({ schema: nameAt(at), name: nameAt(at + 2) });
    return pieces.filter((_, at) => !isPath(at) && !isPath(at - 1)).join("");
  }

  /** The server's words with the real names of the types. */
  restored(sql: string): string {
    return this.#enums.restore(sql);
  }

  /**
   * Makes the views that are asked about, and before them what they and the texts speak of: the changed
   * tables, and the models' views between. What the server does not take stays as the database has it.
   * For one transaction that is rolled back; the next one begins anew.
   */
  async make(
    connection: Connection,
    asked: readonly StoredQuery[],
    texts: readonly string[] = [],
  ): Promise<ReadonlyMap<StoredQuery, MadeView>> {
    this.#made.clear();
    this.#lacking.clear();
    const views = this.#viewsFor(asked, texts);
    await this.#makeTables(connection, [...texts, ...views.map(queryText)].join(" "));
    const made = new Map<StoredQuery, MadeView>();
    for (const [at, view] of views.entries()) {
      const own = this.#freeName(view);
      const name = own ?? `revline_view_${String(at)}`;
      const create = `CREATE TEMPORARY VIEW ${quote(name)}${columnNames(view)} AS ${this.unqualified(queryText(view))}`;
      const outcome = await attempt(connection, [create]);
      if (this.listsUnknown(queryText(view))) this.#lacking.set(this.#key(view), view);
      if (outcome === "done" && own !== undefined) this.#made.set(this.#key(view), view);
      made.set(view, { name, outcome });
    }
    return made;
  }

  async #makeTables(connection: Connection, words: string): Promise<void> {
    const said = wordsIn(words);
    const tables = this.#changed
      .filter(({ name }) => said.has(name))
      .map((table) => ({ table, columns: columnsOf(table, this.#sides.models) }));
    // every type must be known before a table may be named like one
    for (const { columns } of tables) for (const { type } of columns) this.#enums.typeText(type);
    for (const sql of this.#enums.create) await attempt(connection, [sql]);
    for (const { table, columns } of tables) {
      const name = this.#freeName(table);
      const outcome =
        name === undefined
          ? undefined
          : await attempt(connection, [this.#tableText(name, table, columns)]);
      // a type of a column may be one that is not there yet
      const list = outcome === "done" ? this.#made : this.#lacking;
      list.set(this.#key(table), table);
    }
  }

  #tableText(name: string, table: Table, columns: readonly Column[]): string {
    const key = table.constraints.find((item) => item.kind === "primaryKey");
    const parts = [
      ...columns.map((column) => columnText(column, this.#enums)),
      // GROUP BY a key lets a query name all other columns
      ...(key === undefined
        ? []
        : [`PRIMARY KEY (${key.columns.map((column) => quote(column)).join(", ")})`]),
    ];
    return `CREATE TEMPORARY TABLE ${quote(name)} (${parts.join(", ")})`;
  }

  /** The views asked about, and the models' views through which they or the texts reach what may be another relation than now. */
  #viewsFor(asked: readonly StoredQuery[], texts: readonly string[]): readonly StoredQuery[] {
    const given = new Map(asked.map((view) => [this.#key(view), view]));
    const models = storedQueries(this.#sides.models).map(
      (view) => given.get(this.#key(view)) ?? view,
    );
    const all = inOrder([...new Set([...models, ...asked])]);
    const reached = new Set(asked);
    const words = new Set(wordsIn([...texts, ...asked.map(queryText)].join(" ")));
    for (const view of all.toReversed()) {
      if (reached.has(view) || !words.has(view.name)) continue;
      reached.add(view);
      for (const word of wordsOf(view)) words.add(word);
    }
    const other = new Set(this.#changed.map(({ name }) => name));
    const live = new Map(
      storedQueries(this.#sides.database).map((view) => [this.#key(view), queryText(view)]),
    );
    return all.filter((view) => {
      if (!reached.has(view)) return false;
      const query = queryText(view);
      const isOther =
        given.has(this.#key(view)) ||
        live.get(this.#key(view)) !== query ||
        [...wordsOf(view)].some((word) => other.has(word));
      if (isOther) other.add(view.name);
      return isOther;
    });
  }

  /** The name under which a stand-in hides the relation, and nothing else. */
  #freeName(relation: TableName): string | undefined {
    const { name } = relation;
    const { database, models } = this.#sides;
    const inDefault = this.#key({ name });
    const hidesAnother =
      this.#key(relation) !== inDefault &&
      [database, models].some((side) =>
        [...side.tables, ...storedQueries(side)].some((other) => this.#key(other) === inDefault),
      );
    const isTaken =
      this.#enums.names.includes(name) ||
      [...this.#made.values()].some((made) => made.name === name);
    return hidesAnother || isTaken ? undefined : name;
  }

  #key({ schema = this.#defaultSchema, name }: TableName): string {
    return tableKey(nameOnly({ schema, name }));
  }
}
