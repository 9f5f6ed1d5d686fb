import { branches } from "../../commands/branches.ts";
import type { Action } from "../action.ts";
import { revisionBlock, revisionLine } from "../revision-text.ts";

export const action: Action = async ({ environment, terminal }) => {
  const result = await branches(environment);
  const say = terminal.verbose ? revisionBlock : revisionLine;
  const lines = result.branches.flatMap((point) => [
    say(point, terminal.out),
    ...point.into.map((entry) => `    -> ${revisionLine(entry, terminal.out)}`),
  ]);
  return { result, text: lines.join("\n") };
};
