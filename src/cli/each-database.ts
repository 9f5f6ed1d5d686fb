import { SeveralDatabases } from "../config/index.ts";
import { isRevlineError, RevlineError } from "../errors.ts";
import type { Action, Outcome } from "./action.ts";

/**
 * A command for one database, which in a project of several (`multidb`) is run for each, one after the other:
 * the results stand side by side, and the worst exit code counts.
 */
export function eachDatabase(action: Action): Action {
  return async (invocation) => {
    try {
      return await action(invocation);
    } catch (error) {
      if (!(error instanceof SeveralDatabases)) throw error;
      const outcomes: [string, Outcome][] = [];
      for (const section of error.names) {
        invocation.terminal.say(`${section}:`);
        const environment = { ...invocation.environment, section };
        outcomes.push([section, await named(section, action({ ...invocation, environment }))]);
      }
      const texts = outcomes.map(([section, { text }]) => `-- ${section}\n${text.trimEnd()}`);
      const worst = Math.max(...outcomes.map(([, { exitCode = 0 }]) => exitCode));
      return {
        result: {
          databases: Object.fromEntries(outcomes.map(([section, { result }]) => [section, result])),
        },
        text: texts.join("\n\n"),
        exitCode: worst === 0 ? 0 : worst === 1 ? 1 : 2,
      };
    }
  };
}

/** An error says which database it is about. */
async function named(section: string, outcome: Promise<Outcome>): Promise<Outcome> {
  try {
    return await outcome;
  } catch (error) {
    if (!isRevlineError(error)) throw error;
    const { code, message, details, hint } = error;
    throw new RevlineError(code, `Database "${section}": ${message}`, {
      details,
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
}
