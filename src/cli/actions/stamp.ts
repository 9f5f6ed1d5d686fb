import { planStamp, stamp } from "../../commands/stamp.ts";
import type { Action } from "../action.ts";
import { eachDatabase } from "../each-database.ts";

export const action: Action = eachDatabase(
  async ({ arguments: revisions, options, environment, terminal }) => {
    const wanted = { ...environment, revisions, purge: options.flag("purge") };
    if (options.flag("sql")) {
      const result = await planStamp(wanted);
      return { result, text: result.script };
    }
    const result = await stamp(wanted);
    const where = result.to.length === 0 ? "base" : result.to.join(", ");
    return { result, text: `The database is stamped ${terminal.out.bold(where)}.` };
  },
);
