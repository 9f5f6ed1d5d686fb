import { heads } from "../../commands/heads.ts";
import type { Action } from "../action.ts";
import { revisionBlock, revisionLine } from "../revision-text.ts";

export const action: Action = async ({ options, environment, terminal }) => {
  const result = await heads({
    ...environment,
    resolveDependencies: options.flag("resolveDependencies"),
  });
  const say = terminal.verbose ? revisionBlock : revisionLine;
  return { result, text: result.heads.map((entry) => say(entry, terminal.out)).join("\n") };
};
