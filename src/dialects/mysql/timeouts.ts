import type { Statement, TimeoutSql, Timeouts } from "../contract.ts";
import type { ServerInfo } from "../contract.ts";

/** Seconds; the servers' longest, a year, stands for none. */
function seconds(milliseconds: number): string {
  return milliseconds === 0 ? "31536000" : String(Math.max(1, Math.ceil(milliseconds / 1000)));
}

function settings({ lock, statement }: Timeouts, server: ServerInfo): readonly [string, string][] {
  return [
    // of a table's definition, and of rows
    ...(lock === undefined
      ? []
      : (["lock_wait_timeout", "innodb_lock_wait_timeout"] as const).map(
          (name): [string, string] => [name, seconds(lock)],
        )),
    ...(statement === undefined || server.dialect !== "mariadb"
      ? []
      : [["max_statement_time", String(statement / 1000)] satisfies [string, string]]),
  ];
}

function each(
  list: readonly [string, string][],
  sql: (name: string, value: string) => string,
): readonly Statement[] {
  return list.map(([name, value]) => ({ sql: `SET SESSION ${sql(name, value)}` }));
}

export const timeouts: TimeoutSql = {
  set: (given, server) => each(settings(given, server), (name, value) => `${name} = ${value}`),
  reset: (given, server) => each(settings(given, server), (name) => `${name} = DEFAULT`),
  // MySQL's max_execution_time is about SELECT alone
  endsStatements: (server) => server.dialect === "mariadb",
};
