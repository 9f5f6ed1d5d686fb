import type { Row } from "../contract.ts";
import { messageOf, RevlineError } from "../../errors.ts";
import { literal } from "./spelling.ts";

type Ask = (sql: string) => readonly Row[];

interface Violation {
  readonly key: string;
  readonly text: string;
}

interface Checked {
  readonly violations: readonly Violation[];
  /** Tables with a key that has no unique parent columns, and SQLite's words about it. */
  readonly mismatches: ReadonlyMap<string, string>;
}

const SHOWN = 5;
const NOTHING: Checked = { violations: [], mismatches: new Map() };

/**
 * Foreign keys around a transaction. Enforcement is a switch of the connection that does nothing inside
 * a transaction (https://sqlite.org/pragma.html#pragma_foreign_keys), and with it on, DROP TABLE deletes
 * the child rows: so it is off, and the keys are checked before COMMIT.
 */
export class ForeignKeyGuard {
  readonly #ask: Ask;
  #enforced = false;
  #legacyAlter = false;
  #before: Checked = NOTHING;
  /** Tables that had foreign keys before. */
  #tables: ReadonlySet<string> = new Set();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Before BEGIN. */
  begin(): void {
    this.#enforced = this.#flag("foreign_keys");
    this.#legacyAlter = this.#flag("legacy_alter_table");
    this.#ask("PRAGMA foreign_keys = OFF");
    this.#ask("PRAGMA legacy_alter_table = OFF");
    this.#tables = new Set(this.#referencing());
    this.#before = this.#check();
  }

  /** Before COMMIT. @throws RevlineError foreign-key-violation */
  check(): void {
    const { violations, mismatches } = this.#check();
    const known = new Set(this.#before.violations.map(({ key }) => key));
    const grew = violations.length > this.#before.violations.length;
    const fresh = [
      ...(grew ? violations.filter(({ key }) => !known.has(key)) : []),
      ...this.#freshMismatches(mismatches),
    ];
    if (fresh.length === 0) return;
    const shown = fresh.slice(0, SHOWN).map(({ text }) => text);
    const more = fresh.length > SHOWN ? [`… and ${fresh.length - SHOWN} more`] : [];
    const [first = "A foreign key"] = shown;
    throw new RevlineError(
      "foreign-key-violation",
      `A foreign key does not hold any more: ${first}. Everything was rolled back.`,
      {
        hint: "Correct or delete these rows before the schema changes, or correct the foreign key.",
        details: [...shown, ...more],
      },
    );
  }

  /** After COMMIT or ROLLBACK. */
  restore(): void {
    if (this.#enforced) this.#ask("PRAGMA foreign_keys = ON");
    this.#ask(`PRAGMA legacy_alter_table = ${this.#legacyAlter ? "ON" : "OFF"}`);
    this.#before = NOTHING;
  }

  #flag(pragma: string): boolean {
    return Object.values(this.#ask(`PRAGMA ${pragma}`)[0] ?? {})[0] === 1;
  }

  /** Of tables that were sound before. A new table may point where it likes: SQLite checks that when it is used. */
  #freshMismatches(mismatches: ReadonlyMap<string, string>): readonly Violation[] {
    const isFresh = (table: string): boolean =>
      this.#tables.has(table) && !this.#before.mismatches.has(table);
    return [...mismatches].flatMap(([table, text]) =>
      isFresh(table) ? [{ key: table, text }] : [],
    );
  }

  #referencing(): readonly string[] {
    const rows = this.#ask(
      "SELECT DISTINCT m.name FROM sqlite_schema m, pragma_foreign_key_list(m.name) WHERE m.type = 'table'",
    );
    return rows.map(({ name }) => String(name));
  }

  #check(): Checked {
    const select = `SELECT "table", rowid AS "row", parent FROM pragma_foreign_key_check`;
    try {
      return { violations: this.#ask(select).map(violationOf), mismatches: new Map() };
    } catch (error) {
      if (!isMismatch(error)) throw error;
    }
    // one key without a unique parent stops the whole check: then table by table
    const violations: Violation[] = [];
    const mismatches = new Map<string, string>();
    for (const name of this.#referencing()) {
      try {
        violations.push(...this.#ask(`${select}(${literal(name)})`).map(violationOf));
      } catch (error) {
        if (!isMismatch(error)) throw error;
        mismatches.set(name, messageOf(error));
      }
    }
    return { violations, mismatches };
  }
}

function isMismatch(error: unknown): boolean {
  return messageOf(error).includes("foreign key mismatch");
}

function violationOf(row: Row): Violation {
  const { table, row: rowid, parent } = row;
  const which = rowid === null ? "a row" : `the row with rowid ${String(rowid)}`;
  return {
    key: JSON.stringify([table, String(rowid), parent]),
    text: `${which} of table "${String(table)}" has no parent in table "${String(parent)}"`,
  };
}
