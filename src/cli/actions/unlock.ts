import { unlock } from "../../commands/unlock.ts";
import { RevlineError } from "../../errors.ts";
import type { Action } from "../action.ts";

export const action: Action = async ({ options, environment, terminal }) => {
  const found = await unlock(environment);
  const { holder, breaks } = found;
  if (holder === null) return { result: found, text: "Nobody holds the lock." };
  terminal.say(`The lock is held by ${holder}.`);
  terminal.say(breaks);
  if (!options.flag("yes")) {
    if (!terminal.interactive) {
      throw new RevlineError("decision-missing", `The lock is held by ${holder}.`, {
        hint: "Say --yes to take it away.",
        details: [breaks],
      });
    }
    const answer = await terminal.ask("Take it away? [y/N] ");
    if (!/^y(?:es)?$/i.test(answer)) return { result: found, text: "The lock was left alone." };
  }
  const result = await unlock({ ...environment, confirmed: true });
  return { result, text: "The lock is free." };
};
