import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { RevlineError } from "../errors.ts";
import { displayPath } from "../util/display-path.ts";

const NAMES = ["ts", "mts", "cts", "js", "mjs", "cjs", "json"].map(
  (extension) => `migrate.config.${extension}`,
);

/** The config file in this very folder. */
export function findConfigIn(folder: string): string | undefined {
  return NAMES.map((name) => join(folder, name)).find((file) => existsSync(file));
}

/** The config file: in this folder, or in the nearest one above it. */
export function findConfig(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const here = findConfigIn(folder);
    if (here !== undefined) return here;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * The config file given with `--config`.
 * @throws RevlineError config-not-found
 */
export function namedConfig(path: string, from: string): string {
  const file = resolve(from, path);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file;
  throw new RevlineError(
    "config-not-found",
    `The config file ${displayPath(file)} does not exist.`,
    {
      hint: "Correct the path behind --config, or run `migrate init` to write one.",
    },
  );
}
