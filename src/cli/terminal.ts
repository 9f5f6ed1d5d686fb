import { RevlineError } from "../errors.ts";
import type { Style } from "./style.ts";

/** The streams of a process, or stand-ins for a test. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream & MaybeTerminal;
  readonly stdout: NodeJS.WritableStream & MaybeTerminal;
  readonly stderr: NodeJS.WritableStream & MaybeTerminal;
}

interface MaybeTerminal {
  readonly isTTY?: boolean;
}

/** The person in front of the program: what is said to them, and whether they can be asked. */
export interface Terminal {
  /** Styles for stdout and for stderr, which may be two different things. */
  readonly out: Style;
  readonly err: Style;
  /** `-v`. */
  readonly verbose: boolean;
  /** `-q`. */
  readonly quiet: boolean;
  /** Somebody is there: stdin and stderr are terminals, and `CI` is not set. */
  readonly interactive: boolean;
  /** Writes a line to stderr, unless `-q`. */
  say(line: string): void;
  /** Asks on stderr; the answer as typed, trimmed. Only when `interactive`. */
  ask(question: string): Promise<string>;
}

export interface TerminalSettings {
  readonly streams: Streams;
  readonly out: Style;
  readonly err: Style;
  readonly verbose: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export function createTerminal(settings: TerminalSettings): Terminal {
  const { streams, out, err, verbose, quiet, json, environment, signal } = settings;
  const inCi =
    environment["CI"] !== undefined && environment["CI"] !== "" && environment["CI"] !== "false";
  return {
    out,
    err,
    verbose,
    quiet,
    interactive: !json && !inCi && streams.stdin.isTTY === true && streams.stderr.isTTY === true,
    say: (line) => {
      if (!quiet) streams.stderr.write(`${line}\n`);
    },
    ask: async (question) => {
      const { createInterface } = await import("node:readline/promises");
      const reader = createInterface({ input: streams.stdin, output: streams.stderr });
      // while it waits, Ctrl-C reaches the reader alone; and the end of the input is no answer either
      reader.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
      const closed = new Promise<never>((_, reject) => {
        reader.once("close", () => reject(notAnswered()));
      });
      try {
        return (await Promise.race([reader.question(question, { signal }), closed])).trim();
      } finally {
        reader.close();
      }
    },
  };
}

function notAnswered(): RevlineError {
  return new RevlineError("interrupted", "The question was not answered.", {
    hint: "Run the command again, or answer ahead with the option that `--help` names.",
  });
}
