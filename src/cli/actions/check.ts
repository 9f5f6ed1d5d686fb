import { checkSides } from "../../commands/check.ts";
import type { Action } from "../action.ts";
import { eachDatabase } from "../each-database.ts";
import { count } from "../count.ts";
import { modelsDiff } from "../models-diff.ts";
import { operationLine } from "../operation-text.ts";
import { saySkipped } from "../skipped-text.ts";

export const action: Action = eachDatabase(async ({ options, environment, terminal }) => {
  const { result, database, models } = await checkSides({
    ...environment,
    renames: options.list("rename"),
  });
  saySkipped(result.skipped, terminal);
  if (result.matches) return { result, text: "The database matches the models." };
  const lines = result.operations.map((operation) => operationLine(operation, terminal.out));
  if (terminal.verbose)
    lines.push(
      "",
      await modelsDiff(database, models, { from: result.url, to: "models" }, terminal.out),
    );
  terminal.say(
    `The database differs from the models: ${count(result.operations.length, "operation")}.`,
  );
  terminal.say(
    result.pending.length === 0
      ? 'hint: Write a revision with `migrate revision --autogenerate -m "…"`.'
      : `hint: ${count(result.pending.length, "revision")} not applied yet: run \`migrate upgrade head\` first.`,
  );
  return { result, text: lines.join("\n"), exitCode: 2 };
});
