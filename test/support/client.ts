import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { environment } from "./cli.ts";
import type { TestDatabase } from "./databases.ts";

/** The command-line client of a database, and how it is told where to go. It stops at the first error. */
function clientOf({ family, url }: TestDatabase): readonly string[] {
  if (family === "sqlite") return ["sqlite3", "-bail", new URL(url).pathname.replace(/^\/+/, "/")];
  if (family === "postgresql") return ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url];
  const { hostname, port, username, password, pathname } = new URL(url);
  return [
    "mysql",
    `--host=${hostname}`,
    `--port=${port}`,
    `--user=${username}`,
    ...(password === "" ? [] : [`--password=${password}`]),
    pathname.slice(1),
  ];
}

/** Runs a program with text as its input. Undefined: there is no such program here. */
async function pipe(
  [command = "", ...args]: readonly string[],
  input: string,
): Promise<{ readonly code: number | null; readonly output: string } | undefined> {
  const child = spawn(command, args, { env: environment(), stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stdin.on("error", () => undefined); // EPIPE: it ended before it had read all
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      if ("code" in error && error.code === "ENOENT") resolve(undefined);
      else reject(error);
    });
    child.once("close", (code) => resolve({ code, output }));
  });
}

/**
 * Runs a script as a person does: through psql, mysql or sqlite3, or, where that is not installed, through
 * the driver.
 *
 * @throws Error with the client's output where it fails
 */
export async function runScript(database: TestDatabase, script: string): Promise<void> {
  const ran = await pipe(clientOf(database), script);
  if (ran === undefined) await database.query(script.replaceAll(/^DELIMITER .*$/gm, ""));
  else if (ran.code !== 0) throw new Error(`${ran.output}\n${script}`);
}

/** The folder of the examples. */
export const EXAMPLES = fileURLToPath(new URL("../../migrations-example", import.meta.url));
