/**
 * The terminal's face of the commands: parses the command line, calls one command, prints its result
 * (stdout), what happens on the way (stderr) and errors. The one place that knows commander, chalk and
 * exit codes. Loads nothing but the parser before it knows the command.
 */
import type { Action, Invocation } from "./action.ts";
import type { EnvironmentOptions } from "../config/index.ts";
import type { OptionValues } from "./option-values.ts";
import type { Streams, Terminal } from "./terminal.ts";
import { RevlineError } from "../errors.ts";
import { listenForInterrupts } from "./interruption.ts";
import { keepSecretsOf } from "../util/redact.ts";
import { parse } from "./program.ts";

/** Runs one command line. @returns the exit code: 0, 1, 2, or 128 and the number of the signal that stopped it (130, 143, 129) */
export async function main(argv: readonly string[], streams: Streams = process): Promise<number> {
  ignoreBrokenPipe(streams);
  const interruption = listenForInterrupts(streams);
  // a URL may stand where none belongs, and is then quoted in an error
  argv.forEach(keepSecretsOf);
  // what errors look like must be known before the command line is understood
  const face: Face = {
    json: argv.includes("--json"),
    raise: argv.includes("--raiseerr"),
    color: !argv.includes("--no-color"),
  };
  try {
    const parsed = await parse(argv);
    if (parsed.kind === "text") {
      await write(streams.stdout, parsed.text);
      return 0;
    }
    const { definition } = parsed;
    const { action } = await definition.load();
    const terminal = await terminalFor(parsed.options, streams, interruption.signal);
    const invocation: Invocation = {
      arguments: parsed.arguments,
      options: parsed.options,
      environment: await environmentFor(parsed.options, terminal, interruption.signal),
      terminal,
    };
    const answered = answer(action, invocation, face, streams);
    if (definition.stopsInOrder === true) return await answered;
    return await Promise.race([answered, interruption.interrupted]);
  } catch (error) {
    const { exitCode } = interruption;
    if (exitCode === undefined) return await fail(error, face, streams);
    await fail(interruption.errorFor(error), face, streams);
    // what only reads is left alone where it stands
    process.exit(exitCode);
  } finally {
    interruption.stop();
  }
}

interface Face {
  readonly json: boolean;
  readonly raise: boolean;
  readonly color: boolean;
}

async function answer(
  action: Action,
  invocation: Invocation,
  face: Face,
  streams: Streams,
): Promise<number> {
  const outcome = await action(invocation);
  if (face.json) await write(streams.stdout, jsonText(outcome.result));
  else if (outcome.text !== "")
    await write(streams.stdout, outcome.text.endsWith("\n") ? outcome.text : `${outcome.text}\n`);
  return outcome.exitCode ?? 0;
}

async function fail(error: unknown, face: Face, streams: Streams): Promise<number> {
  const { exitCodeOf, failureJson, failureOf, failureText, stackText } =
    await import("./failure.ts");
  const { styleFor } = await import("./style.ts");
  const failure = failureOf(error);
  if (face.json) await write(streams.stdout, jsonText(failureJson(failure)));
  else {
    const style = await styleFor({
      option: face.color,
      isTerminal: streams.stderr.isTTY === true,
      environment: process.env,
    });
    await write(streams.stderr, `${failureText(failure, style)}\n`);
  }
  if (face.raise) await write(streams.stderr, `${stackText(error)}\n`);
  return exitCodeOf(failure);
}

function jsonText(result: unknown): string {
  const replace = (_key: string, value: unknown): unknown =>
    typeof value === "bigint" ? String(value) : value;
  return `${JSON.stringify(result, replace, 2)}\n`;
}

async function terminalFor(
  options: OptionValues,
  streams: Streams,
  signal: AbortSignal,
): Promise<Terminal> {
  const [{ createTerminal }, { styleFor }] = await Promise.all([
    import("./terminal.ts"),
    import("./style.ts"),
  ]);
  const option = !options.isFalse("color");
  const environment = process.env;
  const [out, err] = await Promise.all([
    styleFor({ option, isTerminal: streams.stdout.isTTY === true, environment }),
    styleFor({ option, isTerminal: streams.stderr.isTTY === true, environment }),
  ]);
  return createTerminal({
    streams,
    out,
    err,
    verbose: options.flag("verbose"),
    quiet: options.flag("quiet"),
    json: options.flag("json"),
    environment,
    signal,
  });
}

async function environmentFor(
  options: OptionValues,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<EnvironmentOptions> {
  const { createReporter } = await import("./reporter.ts");
  const models = options.list("models");
  const timeout = options.text("lockTimeout");
  return {
    ...options.optional("config", "config"),
    ...options.optional("name", "section"),
    ...options.optional("url", "url"),
    ...(models.length === 0 ? {} : { models }),
    ...(timeout === undefined ? {} : { lockTimeout: seconds(timeout) }),
    ...options.optional("tag", "tag"),
    x: argumentsOf(options.list("x")),
    signal,
    reporter: createReporter(terminal),
  };
}

/** @throws RevlineError usage */
function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new RevlineError("usage", `--lock-timeout ${text} is not a number of seconds.`, {
    hint: "For instance: --lock-timeout 30.",
  });
}

/** `key=value`; a key alone is `""`, as in Alembic. */
function argumentsOf(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((argument) => {
      const at = argument.indexOf("=");
      return at < 0 ? [argument, ""] : [argument.slice(0, at), argument.slice(at + 1)];
    }),
  );
}

/** A reader that has seen enough (`migrate history | head -1`) is no error, nor is a terminal that was closed. */
function ignoreBrokenPipe({ stdout, stderr }: Streams): void {
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
    });
  }
}

function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((done) => {
    stream.write(text, () => done());
  });
}
