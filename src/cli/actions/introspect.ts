import { introspect } from "../../commands/introspect.ts";
import { displayPath } from "../../util/display-path.ts";
import type { Action } from "../action.ts";
import { count } from "../count.ts";
import { saySkipped } from "../skipped-text.ts";

export const action: Action = async ({ options, environment, terminal }) => {
  const result = await introspect({
    ...environment,
    ...options.optional("out", "out"),
    force: options.flag("force"),
  });
  saySkipped(result.skipped, terminal);
  if (result.path === null) return { result, text: result.text };
  return {
    result,
    text: `${terminal.out.added("+")} ${displayPath(result.path)}: ${count(result.tables.length, "table")}`,
  };
};
