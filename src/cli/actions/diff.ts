import { diff } from "../../commands/diff.ts";
import type { Action } from "../action.ts";
import { operationLine } from "../operation-text.ts";
import { saySkipped } from "../skipped-text.ts";

export const action: Action = async ({ arguments: [from, to], options, environment, terminal }) => {
  const result = await diff({
    ...environment,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    sql: options.flag("sql"),
    renames: options.list("rename"),
  });
  saySkipped(result.skipped, terminal);
  if (result.equal) terminal.say("There is no difference.");
  const lines = options.flag("sql")
    ? result.sql.map((statement) => `${statement};`)
    : result.operations.map((operation) => operationLine(operation, terminal.out));
  return {
    result,
    text: lines.join("\n"),
    exitCode: options.flag("exitCode") && !result.equal ? 2 : 0,
  };
};
