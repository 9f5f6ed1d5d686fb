import { status } from "../../commands/status.ts";
import type { Action } from "../action.ts";
import { eachDatabase } from "../each-database.ts";
import { count } from "../count.ts";
import { revisionLine } from "../revision-text.ts";

const WIDTH = 10;

export const action: Action = eachDatabase(async ({ environment, terminal }) => {
  const result = await status(environment);
  const { url, server, rows, unknown, heads, pending, drift, driftError, skipped, lock } = result;
  const style = terminal.out;
  const lines: string[] = [];
  const say = (label: string, first: string, ...more: readonly string[]): void => {
    lines.push(
      `${style.dim(label.padEnd(WIDTH))}${first}`,
      ...more.map((line) => " ".repeat(WIDTH) + line),
    );
  };
  say("database", url, `${server.dialect} ${server.version}`);
  const current = rows.map((row) =>
    unknown.includes(row) ? `${row} ${style.error("(no file has it)")}` : row,
  );
  say("current", current.join(", ") || "base");
  say("heads", ...list(heads.map((entry) => revisionLine(entry, style))));
  say("pending", ...list(pending.map((entry) => revisionLine(entry, style))));
  say("drift", driftText(drift, driftError?.message, skipped));
  say("lock", lock.held ? (lock.about ?? "held") : "free");
  return { result, text: lines.join("\n") };
});

function list(lines: readonly string[]): [string, ...string[]] {
  const [first = "none", ...more] = lines;
  return [first, ...more];
}

function driftText(drift: number | null, error: string | undefined, skipped: number): string {
  const aside = skipped === 0 ? "" : ` (${count(skipped, "object")} not compared)`;
  if (drift === null) return `unknown: ${error ?? ""}`;
  return drift === 0
    ? `none: the database matches the models${aside}`
    : `${count(drift, "operation")} away from the models${aside}; see \`migrate check\``;
}
