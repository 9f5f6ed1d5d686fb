import { listTemplates } from "../../commands/list-templates.ts";
import type { Action } from "../action.ts";

export const action: Action = async () => {
  const result = await listTemplates();
  const width = Math.max(...result.templates.map(({ name }) => name.length));
  return {
    result,
    text: result.templates
      .map(({ name, summary }) => `${name.padEnd(width)}  ${summary}`)
      .join("\n"),
  };
};
