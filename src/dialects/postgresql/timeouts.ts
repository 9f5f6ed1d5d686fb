import type { Statement, TimeoutSql, Timeouts } from "../contract.ts";

const SETTINGS = { lock: "lock_timeout", statement: "statement_timeout" } as const;

function each(timeouts: Timeouts, sql: (setting: string, value: number) => string): Statement[] {
  return (["lock", "statement"] as const).flatMap((key) => {
    const value = timeouts[key];
    return value === undefined ? [] : [{ sql: sql(SETTINGS[key], Math.ceil(value)) }];
  });
}

export const timeouts: TimeoutSql = {
  set: (given) => each(given, (setting, value) => `SET ${setting} = ${String(value)}`),
  reset: (given) => each(given, (setting) => `RESET ${setting}`),
  endsStatements: () => true,
};
