import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createProject, migrate, writeFiles } from "../support/cli.ts";
import type { TestDatabase } from "../support/databases.ts";

/**
 * A scenario is one text: files, commands and what they answer.
 *
 *     # databases: sqlite, postgresql        the families it runs on; all when the line is absent
 *     -- models.ts --                        a file to write; it ends at the next `--` or `$`
 *     $ migrate upgrade head                 a command: migrate, cat, rm, files, sql; NAME=value may stand in front
 *     1| a line of stdout
 *     2| a line of stderr
 *     exit 1                                 when it is not 0; then nothing may have been written
 *
 * Revision ids, dates, times, the folder and the database's URL are written as <id1>, <date>, <n> ms,
 * <project> and <url>. `REVLINE_RECORD=1` writes what was answered into the file.
 */
export interface Step {
  readonly kind: "file" | "command" | "comment";
  /** The line that begins it. */
  readonly line: string;
  /** A file's text, or the expected answer. */
  readonly body: readonly string[];
}

export function parseScenario(text: string): readonly Step[] {
  const steps: { kind: Step["kind"]; line: string; body: string[] }[] = [];
  for (const line of text.trimEnd().split("\n")) {
    const last = steps.at(-1);
    if (line.startsWith("$ ")) steps.push({ kind: "command", line, body: [] });
    else if (/^-- .+ --$/.test(line)) steps.push({ kind: "file", line, body: [] });
    else if (last?.kind === "file") last.body.push(line);
    else if (last?.kind === "command" && /^(?:[12]\||exit )/.test(line)) last.body.push(line);
    else steps.push({ kind: "comment", line, body: [] });
  }
  return steps;
}

export function printScenario(steps: readonly Step[]): string {
  return `${steps.flatMap(({ line, body }) => [line, ...body]).join("\n")}\n`;
}

/** The families a scenario is about. */
export function familiesOf(steps: readonly Step[]): readonly string[] | undefined {
  const line = steps.find((step) => step.line.startsWith("# databases:"))?.line;
  return line
    ?.slice("# databases:".length)
    .split(",")
    .map((name) => name.trim());
}

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Plays a scenario in a project of its own; returns it with the answers it really got. */
export async function playScenario(
  steps: readonly Step[],
  database: TestDatabase,
): Promise<readonly Step[]> {
  const folder = await createProject();
  const scrub = scrubber(folder, database.url);
  const played: Step[] = [];
  for (const step of steps) {
    if (step.kind === "file")
      await writeFiles(folder, { [step.line.slice(3, -3)]: `${step.body.join("\n").trimEnd()}\n` });
    if (step.kind !== "command") {
      played.push(step);
      continue;
    }
    const before = await filesOf(folder);
    const answer = await run(scrub.insert(step.line.slice(2)), folder, database);
    const after = await filesOf(folder);
    const body = [...lines(1, scrub.clean(answer.stdout)), ...lines(2, scrub.clean(answer.stderr))];
    if (answer.code !== 0) {
      const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
        (file) => before.get(file) !== after.get(file),
      );
      body.push(
        `exit ${String(answer.code)}${changed.length === 0 ? "" : ` having written ${changed.join(", ")}`}`,
      );
    }
    played.push({ ...step, body });
  }
  return played;
}

function lines(stream: 1 | 2, text: string): readonly string[] {
  return text === ""
    ? []
    : text
        .replace(/\n$/, "")
        .split("\n")
        .map((line) => `${stream}| ${line}`.trimEnd());
}

async function run(command: string, cwd: string, database: TestDatabase): Promise<Answer> {
  const words = wordsOf(command);
  const env: Record<string, string> = { DATABASE_URL: database.url };
  while (/^[A-Z_]+=/.test(words[0] ?? "")) {
    const [name = "", ...value] = (words.shift() ?? "").split("=");
    env[name] = value.join("=");
  }
  const [program = "", ...args] = words;
  if (program === "migrate") return migrate(args, { cwd, env });
  const builtIn = BUILT_IN.get(program);
  if (builtIn === undefined) throw new Error(`the scenario's command ${program} is not known`);
  return { code: 0, stdout: await builtIn(args, cwd, database), stderr: "" };
}

const BUILT_IN = new Map<
  string,
  (args: readonly string[], cwd: string, database: TestDatabase) => Promise<string>
>([
  ["cat", async ([path = ""], cwd) => readFile(join(cwd, await oneFile(cwd, path)), "utf8")],
  [
    "rm",
    async (paths, cwd) => {
      for (const path of paths) await rm(join(cwd, await oneFile(cwd, path)), { recursive: true });
      return "";
    },
  ],
  ["files", async (_, cwd) => [...(await filesOf(cwd)).keys()].toSorted().join("\n")],
  [
    "sql",
    async ([statement = ""], _, database) =>
      (await database.query(statement))
        .map((row) => Object.values(row).map(String).join(" | "))
        .join("\n"),
  ],
]);

/** A path in which `*` stands for the part that nobody knows. */
async function oneFile(cwd: string, path: string): Promise<string> {
  if (!path.includes("*")) return path;
  const pattern = new RegExp(
    `^${path
      .split("*")
      .map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join("[^/]*")}$`,
  );
  const found = [...(await filesOf(cwd)).keys()].filter((file) => pattern.test(file));
  if (found.length !== 1) throw new Error(`${path} is ${String(found.length)} files`);
  return found[0] ?? path;
}

/** Words as a shell splits them: blanks, and both kinds of quotes. */
function wordsOf(command: string): string[] {
  const words = command.match(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replace(
      /"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
      (_, double?: string, single?: string) => single ?? double?.replace(/\\(.)/g, "$1") ?? "",
    ),
  );
}

async function filesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith("node_modules"));
  const hashed = files.map(async (path): Promise<[string, string]> => [
    path,
    createHash("sha256")
      .update(await readFile(join(folder, path)))
      .digest("hex"),
  ]);
  return new Map(await Promise.all(hashed));
}

interface Scrubber {
  /** Puts what is not the same twice into words. */
  clean(text: string): string;
  /** Puts what the words stand for into a command. */
  insert(command: string): string;
}

function scrubber(folder: string, url: string): Scrubber {
  const ids: string[] = [];
  const shown = url.replace(/:[^:@/]*@/, ":***@");
  return {
    clean: (text) =>
      text
        .replaceAll(url, "<url>")
        .replaceAll(shown, "<url>")
        .replaceAll(url.replace(/^sqlite:\/\/\//, ""), "<file>")
        .replaceAll(folder, "<project>")
        .replace(/(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])/g, (id) => {
          if (!ids.includes(id)) ids.push(id);
          return `<id${String(ids.indexOf(id) + 1)}>`;
        })
        .replace(/\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?(?: UTC)?/g, "<date>")
        .replace(/\d+(?:\.\d+)? ms\b/g, "<n> ms")
        .replace(/\bsqlite \d+\.\d+\.\d+/g, "sqlite <version>"),
    insert: (command) =>
      command
        .replace(/<id(\d+)>/g, (_, number: string) => ids[Number(number) - 1] ?? "no-such-id")
        .replaceAll("<url>", url)
        .replaceAll("<project>", folder),
  };
}
