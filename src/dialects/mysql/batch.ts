import type { Statement } from "../contract.ts";
import type { TableName } from "../../schema/types.ts";
import { tableKey } from "../../schema/collect.ts";
import { quoteTable } from "./quote.ts";

/**
 * What clauses may stand in one ALTER TABLE together: a key of the same name cannot be dropped and added at
 * once, and the columns of a foreign key are changed while it is away.
 */
export type Group = "dropKeys" | "rename" | "change" | "addKeys";

export interface Clause {
  readonly sql: string;
  /** What it is about (`column:a`, `index:ix`), so that no two clauses of one statement touch the same thing. */
  readonly touches: readonly string[];
  readonly verb: "drop" | "add" | "change";
  /** What it needs to be still there: the column behind which another is added. */
  readonly needs?: readonly string[];
  /** A column's whole definition, and where the column moves to: a later one of the same column takes its place. */
  readonly definition?: { readonly sql: string; readonly place: string };
  /** MySQL adds no column in a statement that says a default which is not the same on every server (1674). */
  readonly newColumn?: "added" | "refused";
}

const refuses = (a: Clause, b: Clause): boolean =>
  [a, b].some(({ newColumn }) => newColumn === "refused") &&
  [a, b].some(({ newColumn }) => newColumn === "added");

/** One MODIFY that does what two of the same column would have done. */
function merged(earlier: Clause, later: Clause): Clause | undefined {
  const { definition: before } = earlier;
  const { definition: after } = later;
  const isSame = earlier.touches.every((touched) => later.touches.includes(touched));
  if (before === undefined || after === undefined || !isSame) return undefined;
  const moves = after.place === "" ? earlier : later;
  const definition = { sql: after.sql, place: moves.definition?.place ?? "" };
  return {
    ...later,
    sql: definition.sql + definition.place,
    definition,
    ...(moves.needs === undefined ? {} : { needs: moves.needs }),
  };
}

interface Open {
  readonly table: TableName;
  readonly group: Group;
  readonly operation: number;
  readonly clauses: Clause[];
}

/** Collects statements; clauses on one table that follow one another become one ALTER TABLE, done as a whole or not at all. */
export class Batch {
  readonly #statements: Statement[] = [];
  #open: Open | undefined;

  alter(table: TableName, group: Group, operation: number, clauses: readonly Clause[]): void {
    const fits =
      this.#open !== undefined &&
      tableKey(this.#open.table) === tableKey(table) &&
      this.#open.group === group;
    if (fits && clauses.every((clause) => this.#merge(clause))) return;
    if (!fits || clauses.some((clause) => this.#clashes(clause))) this.flush();
    this.#open ??= { table, group, operation, clauses: [] };
    this.#open.clauses.push(...clauses);
  }

  /**
   * Two changes of one column need not be two statements; between those, what both together make right
   * (a counter and its key) would be wrong.
   */
  #merge(clause: Clause): boolean {
    const all = this.#open?.clauses ?? [];
    const same = all.findIndex((earlier) => merged(earlier, clause) !== undefined);
    const [earlier] = all.slice(same);
    if (same < 0 || earlier === undefined) return false;
    const others = all.filter((other) => other !== earlier);
    const moves = clause.definition?.place !== "";
    const isNeeded = others.some(
      (other) =>
        refuses(other, clause) ||
        clause.touches.some(
          (touched) =>
            other.touches.includes(touched) || (moves && (other.needs ?? []).includes(touched)),
        ),
    );
    const one = isNeeded ? undefined : merged(earlier, clause);
    if (one === undefined) return false;
    // a column that moves stands behind what the clauses between have placed
    all.splice(same, 1);
    all.splice(moves ? all.length : same, 0, one);
    return true;
  }

  /** A drop may be followed by an add of the same name, in one statement; nothing else may come twice. */
  #clashes(clause: Clause): boolean {
    const all = this.#open?.clauses ?? [];
    const earlier = all.filter(({ touches }) =>
      touches.some((touched) => clause.touches.includes(touched)),
    );
    const stays = clause.verb === "add" || clause.definition?.place === "";
    const needed =
      !stays &&
      all.some(({ needs }) => needs?.some((name) => clause.touches.includes(name)) ?? false);
    return (
      needed ||
      all.some((other) => refuses(other, clause)) ||
      earlier.some(({ verb }) => verb !== "drop" || clause.verb !== "add")
    );
  }

  /** Takes a clause back that is not yet a statement. True when there was one. */
  takeBack(table: TableName, touched: string, verb: Clause["verb"]): boolean {
    if (this.#open === undefined || tableKey(this.#open.table) !== tableKey(table)) return false;
    const at = this.#open.clauses.findIndex(
      (clause) => clause.verb === verb && clause.touches.includes(touched),
    );
    if (at < 0) return false;
    this.#open.clauses.splice(at, 1);
    return true;
  }

  statement(sql: string, operation: number, settings?: Statement["settings"]): void {
    this.flush();
    this.#statements.push({ sql, operation, ...(settings === undefined ? {} : { settings }) });
  }

  flush(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined || open.clauses.length === 0) return;
    const clauses = open.clauses.map(({ sql }) => sql);
    const text = clauses.length === 1 ? ` ${clauses.join("")}` : `\n  ${clauses.join(",\n  ")}`;
    this.#statements.push({
      sql: `ALTER TABLE ${quoteTable(open.table)}${text}`,
      operation: open.operation,
    });
  }

  done(): readonly Statement[] {
    this.flush();
    return this.#statements;
  }
}
