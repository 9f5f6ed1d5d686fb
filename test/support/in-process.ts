import { PassThrough } from "node:stream";
import { main } from "../../src/cli/index.ts";
import type { Streams } from "../../src/cli/terminal.ts";
import type { CliResult } from "./cli.ts";

export interface InProcessOptions {
  readonly cwd: string;
  /** Set while it runs; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Somebody sits at a terminal and types these lines, one for each question. */
  readonly typed?: readonly string[];
}

/**
 * Runs `migrate …` in this process, which is quicker than {@link migrate} where hundreds of runs are needed.
 * One at a time: the working directory and the environment are the process's own.
 */
export async function migrateHere(
  argv: readonly string[],
  { cwd, env = {}, typed }: InProcessOptions,
): Promise<CliResult> {
  const before = { cwd: process.cwd(), env: { ...process.env } };
  const captured = { stdout: "", stderr: "" };
  const lines = [...(typed ?? [])];
  const stdin = new PassThrough();
  const stderr = new PassThrough();
  const stdout = new PassThrough();
  stdout.on("data", (chunk) => (captured.stdout += String(chunk)));
  stderr.on("data", (chunk) => {
    captured.stderr += String(chunk);
    // a question ends in a blank and no line feed
    if (!/\? (?:\[[^\]]*\] )?$/.test(String(chunk))) return;
    const line = lines.shift();
    if (line === undefined) stdin.end();
    else stdin.write(`${line}\n`);
  });
  const isTTY = typed !== undefined;
  const streams: Streams = {
    stdin: Object.assign(stdin, { isTTY }),
    stdout: Object.assign(stdout, { isTTY: false }),
    stderr: Object.assign(stderr, { isTTY }),
  };
  process.chdir(cwd);
  set({ CI: undefined, FORCE_COLOR: undefined, NO_COLOR: "1", ...env });
  try {
    const code = await main(argv, streams);
    // what was written is read in the next turn
    await new Promise((done) => setImmediate(done));
    return { code, ...captured };
  } finally {
    process.chdir(before.cwd);
    set({
      ...Object.fromEntries(Object.keys(env).map((name) => [name, undefined])),
      ...before.env,
    });
  }
}

function set(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
