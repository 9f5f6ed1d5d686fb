import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { createProject, environment } from "./support/cli.ts";
import { ask, createDatabase } from "./support/databases.ts";

// Prints the URL of every module that is loaded.
const listing = `import { register } from "node:module";
register("data:text/javascript," + encodeURIComponent(
  "export async function load(url, context, next) { process._rawDebug('loaded ' + url); return next(url, context); }"));`;

const heavy = /node_modules\/(pg|mysql2|better-sqlite3|jiti|diff|chalk)\//;

async function modulesOf(cwd: string, ...args: readonly string[]): Promise<readonly string[]> {
  const { stderr } = await promisify(execFile)(
    process.execPath,
    [
      "--import",
      `data:text/javascript,${encodeURIComponent(listing)}`,
      join(await ask("build"), "bin/migrate.js"),
      ...args,
    ],
    { cwd, env: environment(), maxBuffer: 2 ** 24 },
  );
  return [...stderr.matchAll(/^loaded (.*)$/gm)].map(([, url = ""]) => url);
}

it("loads no driver and no loader for --help", async () => {
  const cwd = await createProject();
  for (const args of [["--help"], ["--version"], ["upgrade", "--help"]]) {
    const modules = await modulesOf(cwd, ...args);
    expect(modules.some((url) => url.includes("commander"))).toBe(true);
    expect(
      modules.filter((url) => heavy.test(url)),
      args.join(" "),
    ).toEqual([]);
    expect(
      modules.filter((url) => url.includes("/dist/dialects/")),
      args.join(" "),
    ).toEqual([]);
  }
});

it("loads the driver of the URL and no other", async () => {
  const database = await createDatabase("sqlite");
  const modules = await modulesOf(
    await createProject({ "models.ts": "" }),
    "current",
    "--url",
    database.url,
  );
  expect(modules.filter((url) => /node_modules\/(pg|mysql2)\//.test(url))).toEqual([]);
  expect(modules.some((url) => url.includes("node_modules/better-sqlite3/"))).toBe(true);
  await database.drop();
});
