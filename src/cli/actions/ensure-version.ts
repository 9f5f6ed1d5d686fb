import { ensureVersion } from "../../commands/ensure-version.ts";
import type { Action } from "../action.ts";
import { eachDatabase } from "../each-database.ts";

export const action: Action = eachDatabase(async ({ options, environment }) => {
  const result = await ensureVersion({ ...environment, sql: options.flag("sql") });
  if (options.flag("sql")) return { result, text: `${result.sql};` };
  return {
    result,
    text: `Table ${result.table} ${result.created ? "was created" : "exists already"}.`,
  };
});
