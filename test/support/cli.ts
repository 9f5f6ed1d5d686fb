import { spawn } from "node:child_process";
import { mkdtemp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { ask } from "./databases.ts";

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  /** Added to a small environment of its own; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Milliseconds until it is killed; one minute by default. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** Another program than `bin/migrate.js`, run as it is (a packed one, the executable). */
  readonly program?: readonly string[];
}

/**
 * Runs `migrate …` as a process of its own, without a terminal, and waits for its end.
 * @example const { code, stdout } = await migrate(["current"], { cwd });
 */
export async function migrate(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const program = options.program ?? [
    process.execPath,
    join(await ask("build"), "bin", "migrate.js"),
  ];
  const [command = "", ...before] = program;
  const child = spawn(command, [...before, ...args], {
    cwd: options.cwd,
    env: environment(options.env ?? {}),
    stdio: ["pipe", "pipe", "pipe"],
    timeout: options.timeout ?? 60_000,
    ...(options.signal === undefined
      ? {}
      : { signal: options.signal, killSignal: "SIGINT" as const }),
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => undefined); // EPIPE: it did not read its input
  child.stdin.end(options.input ?? "");
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => {
      if (error.name !== "AbortError") reject(error);
    });
    child.once("close", resolve);
  });
  return { code, stdout, stderr };
}

// What a run may take over from its surroundings; above all neither CI nor colour, nor NODE_EXTRA_CA_CERTS,
// which costs every process 40 ms, nor a DATABASE_URL of the person who runs the tests.
const inherited = ["PATH", "HOME", "TMPDIR", "LANG", "XDG_CACHE_HOME", "SystemRoot"] as const;

/** The environment of a spawned command. */
export function environment(
  extra: Readonly<Record<string, string | undefined>> = {},
): NodeJS.ProcessEnv {
  const merged = {
    ...Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
    ...extra,
  };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/**
 * A temporary project with these files, in which `import "revline"` works; removed after the file's tests.
 * @param files text by path
 */
export async function createProject(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "revline-project-"));
  folders.push(folder);
  await mkdir(join(folder, "node_modules"));
  await symlink(await ask("build"), join(folder, "node_modules", "revline"), "dir");
  await writeFiles(folder, files);
  return folder;
}

/** Writes files, and the folders they need. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
