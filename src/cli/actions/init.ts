import { init } from "../../commands/init.ts";
import type { Action } from "../action.ts";

export const action: Action = async ({ arguments: [directory], options, terminal }) => {
  const result = await init({
    ...(directory === undefined ? {} : { directory }),
    ...options.optional("template", "template"),
    force: options.flag("force"),
  });
  const lines = result.written.map((path) => `${terminal.out.added("+")} ${path}`);
  for (const sentence of result.missing) terminal.say(sentence);
  return { result, text: [...lines, `Next: ${result.next}`].join("\n") };
};
