import { isRevlineError, RevlineError, type ErrorCode } from "../errors.ts";
import type { Streams } from "./terminal.ts";

/** What a person, a supervisor or a closed terminal sends; with the exit code that shells give to it: 128 and its number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const INTERRUPTED: ErrorCode = "interrupted";
const AGAIN = "Run the same command again to go on.";

/** A command that may be told to stop. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Rejects when the signal is given. */
  readonly interrupted: Promise<never>;
  /** Of a process that was told to stop; undefined: it was not. */
  readonly exitCode: number | undefined;
  /** The command's own account of what it left behind, or else a plain sentence. */
  errorFor(error: unknown): RevlineError;
  stop(): void;
}

/** The first signal lets the command stop in order; the second ends the process at once. */
export function listenForInterrupts(streams: Streams): Interruption {
  const controller = new AbortController();
  const { signal } = controller;
  let exitCode: number | undefined;
  const onSignal = (name: (typeof SIGNALS)[number]): void => {
    if (exitCode !== undefined) process.exit(EXIT_CODES[name]);
    exitCode = EXIT_CODES[name];
    streams.stderr.write("\nStopping; once more to stop at once.\n");
    controller.abort(new RevlineError(INTERRUPTED, "Interrupted.", { hint: AGAIN }));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(errorOf(signal.reason)), { once: true });
  });
  // nobody waits for it while a command stops in order
  interrupted.catch((error: unknown) => error);
  return {
    signal,
    interrupted,
    get exitCode() {
      return exitCode;
    },
    errorFor: errorOf,
    stop: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

function errorOf(error: unknown): RevlineError {
  if (!isRevlineError(error)) {
    return new RevlineError(INTERRUPTED, "Interrupted.", { hint: AGAIN, cause: error });
  }
  if (error.code === INTERRUPTED) return error;
  const { message, details, hint = AGAIN } = error;
  return new RevlineError(INTERRUPTED, `Interrupted. ${message}`, { details, hint, cause: error });
}
