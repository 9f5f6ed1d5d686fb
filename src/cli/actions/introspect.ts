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
    split: options.flag("split"),
    schemas: options.list("schema"),
  });
  saySkipped(result.skipped, terminal);
  if (result.path === null) return { result, text: result.text };
  const files = result.files.length > 1 ? ` in ${count(result.files.length, "file")}` : "";
  return {
    result,
    text: `${terminal.out.added("+")} ${displayPath(result.path)}: ${count(result.tables.length, "table")}${files}`,
  };
};
