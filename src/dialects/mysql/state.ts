import { foreignKeysOf, ownedIndex, serves } from "./implicit.ts";
import { mentions } from "./tokens.ts";
import { expressionSql } from "./quote.ts";
import type { Flavor } from "./flavor.ts";
import { applyOperations } from "../../operations/apply.ts";
import type { Operation } from "../../operations/operation.ts";
import { sameTable } from "../../schema/collect.ts";
import type {
  CheckConstraint,
  Column,
  Constraint,
  ForeignKey,
  Index,
  MetaData,
  Table,
  TableName,
} from "../../schema/types.ts";

/** A foreign key and the table that has it. */
export interface PlacedKey {
  readonly table: TableName;
  readonly key: ForeignKey;
}

/** The tables as they are between two statements of a plan, with the indexes that foreign keys bring along. */
export class State {
  #metadata: MetaData;
  readonly #flavor: Flavor;

  constructor(metadata: MetaData, flavor: Flavor) {
    this.#metadata = metadata;
    this.#flavor = flavor;
  }

  apply(operation: Operation): void {
    this.#metadata = applyOperations(this.#metadata, [operation]);
  }

  change(name: TableName, change: (table: Table) => Table): void {
    this.#metadata = {
      ...this.#metadata,
      tables: this.#metadata.tables.map((table) =>
        sameTable(table, name) ? change(table) : table,
      ),
    };
  }

  table(name: TableName): Table | undefined {
    return this.#metadata.tables.find((table) => sameTable(table, name));
  }

  column(table: TableName, name: string): Column | undefined {
    return this.table(table)?.columns.find((column) => column.name === name);
  }

  /** The index that goes with a foreign key. */
  owned(table: TableName, key: ForeignKey): Index | undefined {
    const found = this.table(table);
    return found === undefined ? undefined : ownedIndex(found, key, this.#flavor);
  }

  addIndex(table: TableName, index: Index): void {
    this.change(table, (before) => ({ ...before, indexes: [...before.indexes, index] }));
  }

  removeIndex(table: TableName, name: string): void {
    this.change(table, (before) => ({
      ...before,
      indexes: before.indexes.filter((index) => index.name?.toLowerCase() !== name.toLowerCase()),
    }));
  }

  /** The server makes an index for a new key that none serves. */
  noteKey(table: TableName, key: ForeignKey): void {
    const found = this.table(table);
    if (found === undefined || key.name === undefined) return;
    if (
      [...found.indexes, ...found.constraints].some((item) =>
        serves(item, key.columns, this.#flavor),
      )
    )
      return;
    this.addIndex(table, { name: key.name, elements: key.columns.map((column) => ({ column })) });
  }

  /** Keys of the table that no index serves any more once an index is gone. */
  stranded(table: TableName, gone: Constraint | Index): readonly ForeignKey[] {
    const found = this.table(table);
    if (found === undefined) return [];
    const left = [...found.indexes, ...found.constraints].filter((item) => item !== gone);
    return foreignKeysOf(found).filter(
      (key) =>
        serves(gone, key.columns, this.#flavor) &&
        !left.some((item) => serves(item, key.columns, this.#flavor)),
    );
  }

  /** Keys over a column, of its own table and of others. */
  keysOver(name: TableName, column: string): readonly PlacedKey[] {
    return this.#metadata.tables.flatMap((table) =>
      foreignKeysOf(table)
        .filter(
          (key) =>
            (sameTable(table, name) && key.columns.includes(column)) ||
            (sameTable(key.references, name) && key.references.columns.includes(column)),
        )
        .map((key) => ({
          table:
            table.schema === undefined
              ? { name: table.name }
              : { schema: table.schema, name: table.name },
          key,
        })),
    );
  }

  /** What of a table uses a column in an expression. */
  users(
    name: TableName,
    column: string,
  ): {
    readonly checks: readonly CheckConstraint[];
    readonly columns: readonly Column[];
    readonly indexes: readonly Index[];
  } {
    const table = this.table(name);
    const uses = (sql: string): boolean => mentions(sql, column);
    return {
      checks: (table?.constraints ?? []).filter(
        (constraint): constraint is CheckConstraint =>
          constraint.kind === "check" && uses(expressionSql(constraint.expression, this.#flavor)),
      ),
      columns: (table?.columns ?? []).filter(
        ({ computed }) =>
          computed !== undefined && uses(expressionSql(computed.expression, this.#flavor)),
      ),
      indexes: (table?.indexes ?? []).filter(({ elements }) =>
        elements.some(
          ({ expression }) =>
            expression !== undefined && uses(expressionSql(expression, this.#flavor)),
        ),
      ),
    };
  }

  /** The keys and indexes that a column is part of. */
  keysWith(
    name: TableName,
    column: string,
  ): { readonly constraints: readonly Constraint[]; readonly indexes: readonly Index[] } {
    const table = this.table(name);
    return {
      constraints: (table?.constraints ?? []).filter(
        (item) =>
          (item.kind === "unique" || item.kind === "primaryKey") && item.columns.includes(column),
      ),
      indexes: (table?.indexes ?? []).filter(({ elements }) =>
        elements.some((element) => element.column === column),
      ),
    };
  }

  /** The column before another, null for the first. */
  before(name: TableName, column: string): string | null {
    const columns = this.table(name)?.columns ?? [];
    return columns[columns.findIndex((other) => other.name === column) - 1]?.name ?? null;
  }

  get tables(): readonly Table[] {
    return this.#metadata.tables;
  }

  get metadata(): MetaData {
    return this.#metadata;
  }
}
