import { current } from "../../commands/current.ts";
import type { Action } from "../action.ts";
import { eachDatabase } from "../each-database.ts";
import { revisionBlock, revisionLine } from "../revision-text.ts";

export const action: Action = eachDatabase(async ({ options, environment, terminal }) => {
  const result = await current(environment);
  const { rows, revisions, isAtHeads, url } = result;
  const say = terminal.verbose ? revisionBlock : revisionLine;
  const lines = isAtHeads === null ? rows : revisions.map((entry) => say(entry, terminal.out));
  if (lines.length === 0) terminal.say("The database is at no revision.");
  const isBehind = options.flag("checkHeads") && isAtHeads !== true;
  if (isBehind) terminal.say("The database is not at the heads: run `migrate upgrade heads`.");
  return {
    result,
    text: [...(terminal.verbose ? [`Database: ${url}`] : []), ...lines].join("\n"),
    exitCode: isBehind ? 2 : 0,
  };
});
