import { show } from "../../commands/show.ts";
import type { Action } from "../action.ts";
import { revisionBlock } from "../revision-text.ts";

export const action: Action = async ({ arguments: revisions, environment, terminal }) => {
  const result = await show({ ...environment, revisions });
  return {
    result,
    text: result.revisions.map((entry) => revisionBlock(entry, terminal.out)).join("\n"),
  };
};
