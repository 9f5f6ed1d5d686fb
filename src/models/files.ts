import { readdirSync, statSync, type Dirent } from "node:fs";
import { basename, join, resolve } from "node:path";
import { RevlineError } from "../errors.ts";
import { displayPath } from "../util/display-path.ts";

const MODULE = /\.[cm]?[jt]s$/;
const NOT_A_MODEL = /\.d\.[cm]?ts$|\.(?:test|spec)\.[cm]?[jt]s$/;
const EXTENSIONS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

/**
 * The files that a models setting means: each entry is a file, a folder (all modules in it) or a
 * pattern with `*`, `**`, `?` and `{a,b}`. Absolute paths, each once, in a fixed order.
 *
 * @throws RevlineError models-not-found
 */
export function modelFiles(entries: readonly string[], base: string): readonly string[] {
  return [...new Set(entries.flatMap((entry) => filesOf(entry, base)))];
}

function filesOf(entry: string, base: string): readonly string[] {
  const path = resolve(base, entry);
  const kind = kindOf(path);
  if (kind === "file") return [path];
  if (kind === "folder")
    return found(modulesBelow(path), entry, path, "holds no TypeScript or JavaScript file");
  if (/[*?{]/.test(entry)) {
    const matches = patternOf(path);
    return found(
      modulesBelow(fixedPart(path)).filter((file) => matches.test(file)),
      entry,
      path,
      "matches no file",
    );
  }
  const completed = EXTENSIONS.map((extension) => path + extension).find(
    (file) => kindOf(file) === "file",
  );
  return found(completed === undefined ? [] : [completed], entry, path, "does not exist");
}

function found(
  files: readonly string[],
  entry: string,
  path: string,
  reason: string,
): readonly string[] {
  if (files.length > 0) return files;
  const name = /[*?{]/.test(entry) ? entry : displayPath(path);
  throw new RevlineError("models-not-found", `The models path ${name} ${reason}.`, {
    hint: 'Write your tables there (export const users = table("users", { … })), or give another path with --models or `models` in the config.',
  });
}

function kindOf(path: string): "file" | "folder" | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  return stats.isDirectory() ? "folder" : "file";
}

function modulesBelow(folder: string): readonly string[] {
  if (kindOf(folder) !== "folder") return [];
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const names = new Set(entries.map((entry) => entry.name));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name === "node_modules" || entry.name.startsWith(".") ? [] : modulesBelow(path);
    return isModel(entry, names) ? [path] : [];
  });
}

/** A module that is no test and no declaration file, and not the compiled twin of a TypeScript file beside it. */
function isModel(entry: Dirent, siblings: ReadonlySet<string>): boolean {
  const name = basename(entry.name);
  if (!MODULE.test(name) || NOT_A_MODEL.test(name)) return false;
  return !siblings.has(name.replace(/js$/, "ts")) || name.endsWith("ts");
}

/** The folder in front of the first wildcard. */
function fixedPart(pattern: string): string {
  const pieces = pattern.split(/[\\/]/);
  const first = pieces.findIndex((piece) => /[*?{]/.test(piece));
  return pieces.slice(0, first).join("/") || "/";
}

const WILDCARDS = new Map([
  ["**/", "(?:[^/]+/)*"],
  ["**", ".*"],
  ["*", "[^/]*"],
  ["?", "[^/]"],
  ["{", "(?:"],
  ["}", ")"],
  [",", "|"],
]);

function patternOf(pattern: string): RegExp {
  const source = pattern
    .replaceAll("\\", "/")
    .replace(/\*\*\/|\*\*|[*?{},]|[.+^$()|[\]]/g, (token) => WILDCARDS.get(token) ?? `\\${token}`);
  return new RegExp(`^${source}$`);
}
