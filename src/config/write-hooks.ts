import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { messageOf, RevlineError } from "../errors.ts";
import { displayPath } from "../util/display-path.ts";
import { writeFileAtomically } from "../util/files.ts";
import type { PostWriteHook } from "./config.ts";
import type { Environment } from "./environment.ts";

/** Stands for the new file among a hook's arguments, as in Alembic. */
const FILE_TOKEN = "REVISION_SCRIPT_FILENAME";

/**
 * Writes a new revision's file and has the configured hooks go over it.
 *
 * @throws RevlineError file-exists, hook-failed (the file stays)
 */
export async function writeRevision(
  environment: Environment,
  { path, text }: { readonly path: string; readonly text: string },
): Promise<void> {
  await writeFileAtomically(path, text);
  for (const hook of environment.config.postWriteHooks ?? []) {
    await runHook(environment, hook, path);
  }
}

async function runHook(environment: Environment, hook: PostWriteHook, path: string): Promise<void> {
  const name = nameOf(hook);
  environment.reporter.progress(`Running ${name} on ${displayPath(path)}`);
  try {
    if (typeof hook === "function") await hook(path);
    else await runCommand(hook, environment.folder, path);
  } catch (error) {
    if (error instanceof HookError) throw hookFailed(name, path, error.message, error);
    throw hookFailed(name, path, messageOf(error), error);
  }
}

function nameOf(hook: PostWriteHook): string {
  if (typeof hook === "function") return hook.name === "" ? "the post-write hook" : hook.name;
  return hook.name ?? hook.command[0] ?? "";
}

class HookError extends Error {}

function hookFailed(name: string, path: string, why: string, cause: unknown): RevlineError {
  const [first = "", ...details] = why.trim().split("\n");
  return new RevlineError("hook-failed", `The post-write hook ${name} failed: ${first}`, {
    hint: `${displayPath(path)} was written and stays: correct \`postWriteHooks\` of the config, and run the hook on it by hand.`,
    details,
    cause,
  });
}

/** No shell: a file name is one argument, whatever it holds. */
function runCommand(
  { command, cwd }: Exclude<PostWriteHook, (path: string) => unknown>,
  folder: string,
  path: string,
): Promise<void> {
  const [program = "", ...given] = command;
  const hasToken = given.some((argument) => argument.includes(FILE_TOKEN));
  const args = hasToken
    ? given.map((argument) => argument.replaceAll(FILE_TOKEN, () => path))
    : [...given, path];
  return new Promise((done, failed) => {
    const child = spawn(program, args, {
      cwd: resolve(folder, cwd ?? "."),
      env: { ...process.env, PATH: searchPath(folder) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (chunk: string): void => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", (error) => failed(new HookError(`it cannot be started: ${error.message}`)));
    child.on("close", (code, signal) => {
      if (code === 0) done();
      else failed(new HookError(`it ended with ${signal ?? `code ${String(code)}`}.\n${output}`));
    });
  });
}

/** Programs of the project's own packages come first, as in an npm script. */
function searchPath(folder: string): string {
  const own: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const programs = join(at, "node_modules", ".bin");
    if (existsSync(programs)) own.push(programs);
    if (dirname(at) === at) break;
  }
  return [...own, process.env["PATH"] ?? ""].join(delimiter);
}
