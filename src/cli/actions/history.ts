import { appliedHistory, history } from "../../commands/history.ts";
import type { Action } from "../action.ts";
import type { Style } from "../style.ts";
import { revisionBlock, revisionLine } from "../revision-text.ts";

export const action: Action = async ({ options, environment, terminal }) => {
  if (options.flag("applied")) {
    const result = await appliedHistory(environment);
    if (!result.recorded) terminal.say("Nothing was recorded.");
    const lines = result.applied.map((record) => appliedLine(record, terminal.out));
    return { result, text: lines.join("\n") };
  }
  const result = await history({
    ...environment,
    ...options.optional("revRange", "range"),
    indicateCurrent: options.flag("indicateCurrent"),
  });
  const say = terminal.verbose ? revisionBlock : revisionLine;
  const lines = result.revisions.map((entry) =>
    say(entry, terminal.out, { parents: true, current: entry.isCurrent === true }),
  );
  return { result, text: lines.join("\n") };
};

/** `2026-08-22T09:14:00.123Z upgrade   7c1f0a9d2e44, 12 ms, by ann@laptop with revline 0.1.0`. */
function appliedLine(
  record: Awaited<ReturnType<typeof appliedHistory>>["applied"][number],
  style: Style,
): string {
  const { appliedAt, direction, revision, milliseconds, appliedBy, toolVersion } = record;
  const time = direction === "stamp" ? "" : `, ${milliseconds} ms`;
  return `${style.dim(appliedAt)} ${direction.padEnd(9)} ${style.bold(revision)}${time}, by ${appliedBy} with revline ${toolVersion}`;
}
