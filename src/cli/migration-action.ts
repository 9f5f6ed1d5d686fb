import type {
  Confirmation,
  EnvironmentOptions,
  Loss,
  MigrationPlan,
  MigrationResult,
} from "../config/index.ts";
import { lossText } from "../config/index.ts";
import type { Action } from "./action.ts";
import { migrationText, planText } from "./migration-text.ts";
import { askYesNo } from "./questions.ts";
import type { Terminal } from "./terminal.ts";

type Aimed = EnvironmentOptions & Confirmation & { readonly target: string };

/** What `upgrade` and `downgrade` have in common: run, or with `--sql` and `--dry-run` only say. */
export function migrationAction(
  run: (options: Aimed) => Promise<MigrationResult>,
  plan: (options: Aimed) => Promise<MigrationPlan>,
): Action {
  return async ({ arguments: [target = ""], options, environment, terminal }) => {
    if (options.flag("sql") || options.flag("dryRun")) {
      const result = await plan({ ...environment, target });
      for (const warning of result.warnings) terminal.say(warning);
      if (result.revisions.length === 0) terminal.say("Nothing to do.");
      for (const { id, notes } of result.revisions)
        for (const note of notes) terminal.say(`${id}: ${note}`);
      return { result, text: options.flag("dryRun") ? planText(result) : result.script };
    }
    const result = await run({
      ...environment,
      target,
      yes: options.flag("yes"),
      ...(terminal.interactive
        ? { confirmLoss: (losses: readonly Loss[]) => askAboutLoss(losses, terminal) }
        : {}),
    });
    return { result, text: migrationText(result, terminal.out) };
  };
}

function askAboutLoss(losses: readonly Loss[], terminal: Terminal): Promise<boolean> {
  terminal.say("This destroys data:");
  for (const loss of losses) terminal.say(`  ${terminal.err.removed(lossText(loss))}`);
  return askYesNo("Go on?", terminal);
}
