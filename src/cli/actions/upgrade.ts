import { upgrade, planUpgrade } from "../../commands/upgrade.ts";
import type { Action } from "../action.ts";
import { migrationText, planText } from "../migration-text.ts";

export const action: Action = async ({
  arguments: [target = ""],
  options,
  environment,
  terminal,
}) => {
  if (options.flag("sql") || options.flag("dryRun")) {
    const result = await planUpgrade({ ...environment, target });
    for (const warning of result.warnings) terminal.say(warning);
    if (result.revisions.length === 0) terminal.say("Nothing to do.");
    return { result, text: planText(result, { words: options.flag("dryRun") }) };
  }
  const result = await upgrade({ ...environment, target });
  return { result, text: migrationText(result, terminal.out) };
};
