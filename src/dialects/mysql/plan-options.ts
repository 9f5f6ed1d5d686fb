import * as clause from "./clauses.ts";
import type { Clause } from "./batch.ts";
import { isEngineDefined, OWN_CLAUSES, periodSql, tableOptions, wordOf } from "./compile.ts";
import { charsetOf, hasInheritedCharset } from "./charset.ts";
import { hasOwnPeriod } from "./plan-partitions.ts";
import { recoded } from "./plan-column.ts";
import type { Planner } from "./planner.ts";
import type { SetTableOptions } from "../../operations/operation.ts";
import { qualifiedName } from "../../schema/collect.ts";
import type { Options, TableName } from "../../schema/types.ts";
import { RevlineError } from "../../errors.ts";

const COLLATION_KEYS: ReadonlySet<string> = new Set(["charset", "collation"]);

/** What an option is when nobody gives it. */
function defaultOf(key: string): string {
  if (key === "engine") return "ENGINE=InnoDB";
  if (key === "secondaryEngine") return "SECONDARY_ENGINE=NULL";
  if (key === "compression") return "COMPRESSION='NONE'";
  if (key === "encryption") return "ENCRYPTION='N'";
  if (key === "tablespace") return "TABLESPACE=innodb_file_per_table";
  if (key === "union") return "UNION=()";
  if (key === "insertMethod") return "INSERT_METHOD=NO";
  if (/^(?:secondaryE|e)ngineAttribute$|^connection$/.test(key)) return `${wordOf(key)}=''`;
  const word = wordOf(key);
  return `${word}=${/^(?:ROW_FORMAT|STATS_|PACK_KEYS|PAGE_|ENCRYPT|TRANSACTIONAL|IETF_QUOTES)/.test(word) ? "DEFAULT" : "0"}`;
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

/** Periods and system versioning (MariaDB); what goes, goes first. */
function historyClauses(from: Options, to: Options): readonly Clause[] {
  const periods = (["systemPeriod", "period"] as const).filter((key) => from[key] !== to[key]);
  const named = (value: Options[string], key: (typeof periods)[number]): string =>
    periodSql(key, String(value)).replace(/ \(.*\)$/, "");
  const versioned =
    hasOwnPeriod({ from, to }) && from["systemVersioning"] !== to["systemVersioning"];
  const drops = [
    ...(versioned && from["systemVersioning"] === true ? ["DROP SYSTEM VERSIONING"] : []),
    ...periods.flatMap((key) => (from[key] === undefined ? [] : [`DROP ${named(from[key], key)}`])),
  ];
  const adds = [
    ...periods.flatMap((key) =>
      to[key] === undefined ? [] : [`ADD ${periodSql(key, String(to[key]))}`],
    ),
    ...(versioned && to["systemVersioning"] === true ? ["ADD SYSTEM VERSIONING"] : []),
  ];
  return [...drops, ...adds].map((sql) => clause.option(sql, sql));
}

/** A history with columns of its own comes and goes with them; for one without see `version`. */
function changeHistory(table: TableName, from: Options, to: Options, planner: Planner): void {
  const { batch, at, state } = planner;
  const clauses = historyClauses(from, to);
  if (clauses.length === 0) return;
  const known = state.table(table)?.options?.mysql ?? {};
  const stays = known["systemVersioning"] === true && !("systemVersioning" in from);
  if (stays && from["systemPeriod"] !== to["systemPeriod"]) {
    throw new RevlineError(
      "unsupported",
      `Table "${qualifiedName(table)}" has a history, whose period cannot be another.`,
      {
        hint: "Drop the system versioning in one revision and add it in the next: the history is lost.",
      },
    );
  }
  batch.alter(table, "change", at, clauses);
}

/** A new default character set goes to the columns that have none of their own as well. */
export function changeOptions(
  { table, dialect, from, to }: SetTableOptions,
  planner: Planner,
): void {
  const { batch, flavor, at, state } = planner;
  const isOurs = dialect === flavor.name || (flavor.mariadb && dialect === "mysql");
  if (!isOurs) return;
  changeHistory(table, from, to, planner);
  const isPlain = (key: string): boolean => !COLLATION_KEYS.has(key) && !OWN_CLAUSES.has(key);
  const given = Object.fromEntries(Object.entries(to).filter(([key]) => isPlain(key)));
  const removed = Object.keys(from).filter((key) => !(key in to) && isPlain(key));
  const away = removed.map((key) => clause.option(defaultOf(key), key));
  const first =
    from["engine"] === to["engine"] ? [] : away.filter(({ sql }) => isEngineDefined(sql));
  if (first.length > 0) {
    // the next engine does not know the options of this one
    batch.alter(table, "change", at, first);
    batch.flush();
  }
  const clauses = [
    ...tableOptions(given).map((sql) => clause.option(sql, sql.replace(/=.*/, ""))),
    ...away.filter((one) => !first.includes(one)),
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
