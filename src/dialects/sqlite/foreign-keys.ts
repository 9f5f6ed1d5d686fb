import type { Row } from "../contract.ts";
import { messageOf, RevlineError } from "../../errors.ts";

type Ask = (sql: string) => readonly Row[];

interface Violation {
  readonly key: string;
  readonly text: string;
}

const SHOWN = 5;

/**
 * Foreign keys around a transaction. Enforcement is a switch of the connection that does nothing inside
 * a transaction (https://sqlite.org/pragma.html#pragma_foreign_keys), and with it on, DROP TABLE deletes
 * the child rows: so it is off, and the keys are checked before COMMIT.
 */
export class ForeignKeyGuard {
  readonly #ask: Ask;
  #enforced = false;
  #legacyAlter = false;
  #before: readonly Violation[] = [];

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Before BEGIN. */
  begin(): void {
    this.#enforced = this.#flag("foreign_keys");
    this.#legacyAlter = this.#flag("legacy_alter_table");
    this.#ask("PRAGMA foreign_keys = OFF");
    this.#ask("PRAGMA legacy_alter_table = OFF");
    this.#before = this.#violations();
  }

  /** Before COMMIT. @throws RevlineError foreign-key-violation */
  check(): void {
    const after = this.#violations();
    if (after.length <= this.#before.length) return;
    const known = new Set(this.#before.map(({ key }) => key));
    const fresh = after.filter(({ key }) => !known.has(key));
    const shown = fresh.slice(0, SHOWN).map(({ text }) => text);
    const more = fresh.length > SHOWN ? [`… and ${fresh.length - SHOWN} more`] : [];
    const [first = "A foreign key"] = shown;
    throw new RevlineError("foreign-key-violation", `A foreign key does not hold any more: ${first}. Everything was rolled back.`, {
      hint: "Correct or delete these rows before the schema changes, or correct the foreign key.",
      details: [...shown, ...more],
    });
  }

  /** After COMMIT or ROLLBACK. */
  restore(): void {
    if (this.#enforced) this.#ask("PRAGMA foreign_keys = ON");
    this.#ask(`PRAGMA legacy_alter_table = ${this.#legacyAlter ? "ON" : "OFF"}`);
    this.#before = [];
  }

  #flag(pragma: string): boolean {
    return Object.values(this.#ask(`PRAGMA ${pragma}`)[0] ?? {})[0] === 1;
  }

  #violations(): readonly Violation[] {
    const select = `SELECT "table", rowid AS "row", parent FROM pragma_foreign_key_check`;
    try {
      return this.#ask(select).map(violationOf);
    } catch (error) {
      if (!isMismatch(error)) throw error;
    }
    // one key without a unique parent stops the whole check: then table by table
    const tables = this.#ask("SELECT DISTINCT m.name FROM sqlite_schema m, pragma_foreign_key_list(m.name) WHERE m.type = 'table'");
    return tables.flatMap((table) => {
      const name = String(table["name"]);
      try {
        return this.#ask(`${select}('${name.replaceAll("'", "''")}')`).map(violationOf);
      } catch (error) {
        if (!isMismatch(error)) throw error;
        return [{ key: JSON.stringify([name]), text: messageOf(error) }];
      }
    });
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
