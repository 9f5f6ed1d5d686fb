import type { Batch } from "./batch.ts";
import * as clause from "./clauses.ts";
import { compileType } from "./types.ts";
import { charsetOfType } from "./charset.ts";
import type { Flavor } from "./flavor.ts";
import { keepEndangered } from "./keep-endangered.ts";
import type { State } from "./state.ts";
import type { AlterColumn } from "../../operations/operation.ts";
import { sameTable, tableKey } from "../../schema/collect.ts";
import type { ForeignKey, TableName } from "../../schema/types.ts";
import { columnFor } from "../ddl.ts";

/** True when foreign keys over the column stand in the way of the change: both ends must have one type. */
export function changesKeys(
  { from, to }: Pick<AlterColumn, "from" | "to">,
  flavor: Flavor,
): boolean {
  const before = columnFor(from, flavor.name);
  const after = columnFor(to, flavor.name);
  return (
    compileType(before.type, flavor) !== compileType(after.type, flavor) ||
    charsetOfType(before.type) !== charsetOfType(after.type) ||
    before.collation !== after.collation ||
    // refused where the ALTER copies the table, which another clause of it may demand (MySQL 1832)
    (before.nullable && !after.nullable) ||
    (before.identity === undefined) !== (after.identity === undefined) ||
    (before.computed === undefined) !== (after.computed === undefined)
  );
}

/**
 * Foreign keys that are away while the columns at their two ends change type (MySQL 3780, MariaDB 1832 and
 * 1833), and come back afterwards.
 */
export class Suspended {
  readonly #keys = new Map<string, { table: TableName; name: string }>();
  readonly #batch: Batch;
  readonly #state: State;
  readonly #flavor: Flavor;

  constructor(batch: Batch, state: State, flavor: Flavor) {
    this.#batch = batch;
    this.#state = state;
    this.#flavor = flavor;
  }

  #id(table: TableName, key: Pick<ForeignKey, "name">): string {
    return JSON.stringify([tableKey(table), key.name]);
  }

  has(table: TableName, key: ForeignKey): boolean {
    return this.#keys.has(this.#id(table, key));
  }

  /** Takes the keys over a column away. */
  suspend(table: TableName, column: string, at: number): void {
    for (const { table: owner, key } of this.#state.keysOver(table, column)) {
      if (key.name === undefined || this.has(owner, key)) continue;
      this.#keys.set(this.#id(owner, key), { table: owner, name: key.name });
      this.#batch.alter(owner, "dropKeys", at, [
        clause.dropConstraint("foreignKey", key.name, this.#flavor),
      ]);
    }
  }

  /** A key that is dropped for good. True when it was away already. */
  forget(table: TableName, key: ForeignKey): boolean {
    return this.#keys.delete(this.#id(table, key));
  }

  /** A key that comes back under another name. */
  renameKey(table: TableName, from: ForeignKey, name: string): void {
    if (this.forget(table, from)) this.#keys.set(this.#id(table, { name }), { table, name });
  }

  rename(from: TableName, to: TableName): void {
    for (const [id, { table, name }] of [...this.#keys]) {
      if (!sameTable(table, from)) continue;
      this.#keys.delete(id);
      this.#keys.set(this.#id(to, { name }), { table: to, name });
    }
  }

  /** Brings back those that are still wanted. */
  resume(at: number): void {
    for (const { table, name } of this.#keys.values()) {
      const key = this.#state
        .table(table)
        ?.constraints.find(
          (constraint): constraint is ForeignKey =>
            constraint.kind === "foreignKey" && constraint.name === name,
        );
      if (key !== undefined)
        this.#batch.alter(table, "addKeys", at, [
          ...keepEndangered(this.#state, this.#flavor, table, key),
          clause.addConstraint(key, this.#flavor),
        ]);
    }
    this.#keys.clear();
  }
}
