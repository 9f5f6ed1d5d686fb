import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A running server: its administrative URL, and how to end it and remove its files. */
export interface RunningServer {
  readonly url: string;
  /** Ends it as a crash does, and starts it again on the same files; absent where it cannot. */
  crash?(): Promise<void>;
  stop(): Promise<void>;
}

/** A way to have a server, found without starting it. */
export interface ServerRecipe {
  /** For people: which binary, which version. */
  readonly description: string;
  start(): Promise<RunningServer>;
}

/** Either a way to have the server, or the reason why there is none. */
export type Found = { readonly recipe: ServerRecipe } | { readonly missing: string };

export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

// The server must die with the run, however the run ends: the shell holds the read end of a pipe whose
// write end is ours, and the end of that pipe (also by SIGKILL) is the order to stop the server.
const guard = `signal=$1; shift; exec 3<&0
"$@" </dev/null 3<&- & child=$!
{ read -r _ <&3; kill -"$signal" "$child" 2>/dev/null; } & reader=$!
wait "$child"; code=$?
kill "$reader" 2>/dev/null; exit "$code"`;

export interface OwnedProcess {
  /** What it wrote to both streams so far (the last 20 kB). */
  output(): string;
  readonly running: boolean;
  stop(): Promise<void>;
}

/**
 * Runs a server that ends with this process.
 * @param signal the signal that ends it, without SIG
 */
export function own(
  signal: string,
  command: readonly string[],
  identity: Identity = {},
): OwnedProcess {
  const child = spawn("sh", ["-c", guard, "sh", signal, ...command], {
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own: Ctrl-C in the terminal reaches the run, and the run stops the server.
    detached: true,
    ...identity,
  });
  let text = "";
  const collect = (chunk: Buffer): void => {
    text = (text + chunk.toString("utf8")).slice(-20_000);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  child.on("error", (error) => {
    text += `\n${error.message}`;
  });
  child.stdin.on("error", () => undefined); // EPIPE: the server has ended by itself, which `exit` reports
  const ended = exitOf(child);
  return {
    output: () => text,
    get running() {
      return child.exitCode === null && child.signalCode === null && child.pid !== undefined;
    },
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => {
      resolve();
    });
    child.once("error", () => {
      resolve();
    });
  });
}

/** Runs a program to its end. @throws Error with the program's output when it fails */
export async function run(
  command: string,
  args: readonly string[],
  options: Identity & {
    readonly input?: string;
    readonly cwd?: string;
    readonly timeout?: number;
  } = {},
): Promise<string> {
  const { input, ...spawnOptions } = options;
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], ...spawnOptions });
  let text = "";
  const collect = (chunk: Buffer): void => {
    text += chunk.toString("utf8");
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  child.stdin.on("error", () => undefined); // EPIPE: the program did not want its input; its exit code tells
  child.stdin.end(input ?? "");
  const code = await new Promise<number | string>((resolve) => {
    child.once("error", (error) => {
      resolve(error.message);
    });
    child.once("close", (exitCode, signal) => {
      resolve(exitCode ?? signal ?? "ended");
    });
  });
  if (code !== 0) throw new Error(`${command} failed (${String(code)}): ${text.slice(-2000)}`);
  return text;
}

/** A TCP port of 127.0.0.1 that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return address.port;
}

/** Asks again and again until the server answers. @throws Error with the server's output when it ends or 90 s are over */
export async function untilReady(
  server: OwnedProcess,
  probe: () => Promise<void>,
  log: () => string,
): Promise<void> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    try {
      await probe();
      return;
    } catch (error) {
      if (!server.running || Date.now() > deadline) {
        await server.stop();
        throw new Error(`the server did not start: ${server.output()}\n${log()}`, { cause: error });
      }
    }
    await sleep(60);
  }
}
