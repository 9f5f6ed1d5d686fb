import * as clause from "./clauses.ts";
import { tableOptions } from "./compile.ts";
import { charsetOf, hasInheritedCharset } from "./charset.ts";
import { recoded } from "./plan-column.ts";
import type { Planner } from "./planner.ts";
import type { SetTableOptions } from "../../operations/operation.ts";
import type { Options } from "../../schema/types.ts";
import { RevlineError } from "../../errors.ts";

const COLLATION_KEYS: ReadonlySet<string> = new Set(["charset", "collation"]);

/** What an option is when nobody gives it. */
function defaultOf(key: string): string {
  if (key === "engine") return "ENGINE=InnoDB";
  if (key === "compression") return "COMPRESSION='NONE'";
  if (key === "encryption") return "ENCRYPTION='N'";
  const word = key.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase();
  return `${word}=${/^(?:ROW_FORMAT|STATS_|PACK_KEYS|PAGE_|ENCRYPT|INSERT_METHOD)/.test(word) ? "DEFAULT" : "0"}`;
}

/** `DEFAULT CHARACTER SET … COLLATE …`; an empty list where nothing about it changes. */
function collationSql(from: Options, to: Options, { context }: Planner): string | undefined {
  if (![...Object.keys(from), ...Object.keys(to)].some((key) => COLLATION_KEYS.has(key)))
    return undefined;
  const { charset, collation } = to;
  if (charset !== undefined || collation !== undefined) {
    const set = charset ?? charsetOf(String(collation));
    return `DEFAULT CHARACTER SET ${String(set)}${collation === undefined ? "" : ` COLLATE ${String(collation)}`}`;
  }
  const { defaultCollation } = context.server;
  if (defaultCollation === undefined) {
    throw new RevlineError(
      "unsupported",
      "The database's own character set is not known without a connection.",
      { hint: "Give the table's charset and collation in the models, or run with a connection." },
    );
  }
  return `DEFAULT CHARACTER SET ${charsetOf(defaultCollation)} COLLATE ${defaultCollation}`;
}

/** A new default character set goes to the columns that have none of their own as well. */
export function changeOptions(
  { table, dialect, from, to }: SetTableOptions,
  planner: Planner,
): void {
  const { batch, flavor, at, state } = planner;
  const isOurs = dialect === flavor.name || (flavor.mariadb && dialect === "mysql");
  if (!isOurs) return;
  const given = Object.fromEntries(Object.entries(to).filter(([key]) => !COLLATION_KEYS.has(key)));
  const removed = Object.keys(from).filter((key) => !(key in to) && !COLLATION_KEYS.has(key));
  const clauses = [
    ...tableOptions(given).map((sql) => clause.option(sql, sql.replace(/=.*/, ""))),
    ...removed.map((key) => clause.option(defaultOf(key), key)),
  ];
  const collation = collationSql(from, to, planner);
  if (collation !== undefined) {
    const inherited = (state.table(table)?.columns ?? []).filter(hasInheritedCharset);
    for (const column of inherited) planner.suspended.suspend(table, column.name, at);
    const { drops, adds } = recoded(
      planner,
      table,
      inherited.map(({ name }) => name),
    );
    clauses.push(
      ...drops,
      clause.option(collation, "charset"),
      ...inherited.map((column) => clause.changeColumn(column.name, column, flavor)),
      ...adds,
    );
  }
  if (clauses.length > 0) batch.alter(table, "change", at, clauses);
}
