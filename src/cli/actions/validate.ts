import { validate } from "../../commands/validate.ts";
import type { Action } from "../action.ts";
import { eachDatabase } from "../each-database.ts";
import { count } from "../count.ts";

export const action: Action = eachDatabase(async ({ environment, terminal }) => {
  const result = await validate(environment);
  const { mismatches, compared, unrecorded, valid } = result;
  if (unrecorded.length > 0) {
    terminal.say(
      `${count(unrecorded.length, "applied revision")} not recorded, so not compared: ${unrecorded.join(", ")}.`,
    );
  }
  if (valid)
    return {
      result,
      text: `${count(compared, "applied revision")} compared: nothing was changed since.`,
    };
  const style = terminal.out;
  const lines = mismatches.map(({ kind, message, appliedAt, appliedBy }) => {
    const when =
      appliedAt === null ? "" : style.dim(` (applied ${appliedAt} by ${appliedBy ?? "?"})`);
    return `${style.removed(kind.padEnd(13))}${message}${when}`;
  });
  terminal.say(
    "hint: Put the files back as they were, and write what is to be changed as a new revision.",
  );
  return { result, text: lines.join("\n"), exitCode: 2 };
});
