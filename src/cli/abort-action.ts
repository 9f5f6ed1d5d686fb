import { abort } from "../commands/abort.ts";
import type { Action } from "./action.ts";

/** `--abort` of `upgrade` and `downgrade`. */
export const abortAction: Action = async ({ environment }) => {
  const result = await abort(environment);
  const { revision, direction, rows, undone } = result;
  if (revision === null)
    return { result, text: "No revision was applied in part: nothing to undo." };
  const lines = undone.map(
    ({ symbol, subject, text }) =>
      `${symbol} ${text.includes(subject) ? "" : `${subject}: `}${text}`,
  );
  const at = rows.join(", ") || "base";
  lines.push(`The ${direction ?? ""} of ${revision} is undone: the database is at ${at}.`);
  return { result, text: lines.join("\n") };
};

/** An action that has `--abort` too. */
export function abortable(action: Action): Action {
  return (invocation) =>
    invocation.options.flag("abort") ? abortAction(invocation) : action(invocation);
}
