import { redact } from "../util/redact.ts";
import type { Reporter } from "../config/index.ts";
import type { Terminal } from "./terminal.ts";

/** What happens while a command runs, for stderr. */
export function createReporter(terminal: Terminal): Reporter {
  const { err, verbose } = terminal;
  const reporter: Reporter = {
    progress: (line) => terminal.say(redact(line)),
    warn: (message) => terminal.say(`${err.changed("warning:")} ${redact(message)}`),
  };
  if (!verbose) return reporter;
  return {
    ...reporter,
    statement: (sql, milliseconds) => terminal.say(err.dim(statementLine(sql, milliseconds))),
  };
}

function statementLine(sql: string, milliseconds: number): string {
  const time = milliseconds < 10 ? milliseconds.toFixed(1) : String(Math.round(milliseconds));
  return `${redact(sql.trim())};  -- ${time} ms`;
}
