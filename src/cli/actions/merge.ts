import { merge } from "../../commands/merge.ts";
import { displayPath } from "../../util/display-path.ts";
import type { Action } from "../action.ts";

export const action: Action = async ({ arguments: revisions, options, environment, terminal }) => {
  const result = await merge({
    ...environment,
    revisions,
    ...options.optional("message", "message"),
    ...options.optional("revId", "revisionId"),
    branchLabels: options.list("branchLabel"),
    splice: options.flag("splice"),
  });
  return { result, text: `${terminal.out.added("+")} ${displayPath(result.path)}` };
};
