import { history } from "../../commands/history.ts";
import type { Action } from "../action.ts";
import { revisionBlock, revisionLine } from "../revision-text.ts";

export const action: Action = async ({ options, environment, terminal }) => {
  const result = await history({
    ...environment,
    ...options.optional("revRange", "range"),
    indicateCurrent: options.flag("indicateCurrent"),
  });
  const say = terminal.verbose ? revisionBlock : revisionLine;
  const lines = result.revisions.map((entry) =>
    say(entry, terminal.out, { parents: true, current: entry.isCurrent === true }),
  );
  return { result, text: lines.join("\n") };
};
