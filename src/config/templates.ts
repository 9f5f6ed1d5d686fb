import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { RevlineError } from "../errors.ts";
import { displayPath } from "../util/display-path.ts";
import { suggest } from "../util/suggest.ts";

/** A template of `init`: its files' text by path. */
export interface Template {
  readonly name: string;
  readonly summary: string;
  readonly files: ReadonlyMap<string, string>;
}

const DESCRIPTION = "README";
let bundled: readonly Template[] | undefined;

/** For a bundle that holds the package in one file: the templates, as {@link allTemplates} gave them at build time. */
export function bundleTemplates(templates: readonly Template[]): void {
  bundled = templates;
}

/** The templates that come with the package. */
export function allTemplates(): readonly Template[] {
  if (bundled !== undefined) return bundled;
  const folder = fileURLToPath(new URL("../../templates", import.meta.url));
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map(({ name }) => templateIn(join(folder, name), name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const NOT_COPIED = /(?:^|[\\/])(?:node_modules|\.git)(?:[\\/]|$)/;

function templateIn(folder: string, name: string): Template {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter(
    (entry) => entry.isFile() && !NOT_COPIED.test(relative(folder, entry.parentPath)),
  );
  const files = entries.map((entry): [string, string] => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(folder.length + 1).replaceAll("\\", "/"), readFileSync(path, "utf8")];
  });
  const all = new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const summary = all.get(DESCRIPTION)?.split("\n")[0] ?? "";
  all.delete(DESCRIPTION);
  return { name, summary, files: all };
}

/**
 * A template of the package by its name, or a folder of the user's own.
 *
 * @param cwd what the folder's path is relative to
 * @throws RevlineError usage
 */
export function templateNamed(name: string, cwd: string): Template {
  const templates = allTemplates();
  const found = templates.find((template) => template.name === name);
  if (found !== undefined) return found;
  const folder = resolve(cwd, name);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true)
    return ownTemplate(folder);
  const names = templates.map((template) => template.name);
  const near = suggest(name, names);
  throw new RevlineError("usage", `There is no template "${name}".`, {
    hint:
      near === undefined
        ? `Templates: ${names.join(", ")}.`
        : `Did you mean "${near}"? See \`migrate list-templates\`.`,
  });
}

/** @throws RevlineError usage */
function ownTemplate(folder: string): Template {
  const template = templateIn(folder, basename(folder));
  if ([...template.files.keys()].some((path) => /^migrate\.config\.\w+$/.test(path)))
    return template;
  throw new RevlineError("usage", `The folder ${displayPath(folder)} is no template.`, {
    hint: "A template holds a migrate.config.* and what else is to be copied; see `templates/` of the package.",
  });
}
