import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { templateNamed } from "../config/templates.ts";
import { findConfigIn } from "../config/find.ts";
import { fileExists, writeFileAtomically } from "../util/files.ts";

export interface InitOptions {
  /** Default: the process's own. */
  readonly cwd?: string;
  /** The folder of the revisions. Default: `migrations`. */
  readonly directory?: string;
  /** A name of `list-templates`, or the path of a folder. Default: `generic`. */
  readonly template?: string;
  /** Overwrite files that exist. */
  readonly force?: boolean;
}

export interface InitResult {
  /** Paths relative to the working directory; folders end in `/`. */
  readonly written: readonly string[];
  /** What the project still lacks, as sentences. */
  readonly missing: readonly string[];
  /** The command to run next. */
  readonly next: string;
}

const DEFAULT_DIRECTORY = "migrations";

/**
 * Writes the config file and the folder of revisions. Writes nothing when one file is in the way.
 *
 * @throws RevlineError file-exists, usage (an unknown template)
 */
export async function init(options: InitOptions = {}): Promise<InitResult> {
  const { directory = DEFAULT_DIRECTORY, template = "generic", force = false } = options;
  const cwd = resolve(options.cwd ?? process.cwd());
  const folder = directory.replace(/^\.\/|\/+$/g, "");
  const files = [...templateNamed(template, cwd).files].map(([path, text]): [string, string] => [
    path.replace(/^migrations\//, `${folder}/`),
    text.replaceAll(
      `"./${DEFAULT_DIRECTORY}"`,
      JSON.stringify(/^[./]/.test(folder) ? folder : `./${folder}`),
    ),
  ]);
  if (!force) {
    const other = findConfigIn(cwd);
    const inTheWay =
      files.map(([path]) => resolve(cwd, path)).find((path) => existsSync(path)) ?? other;
    if (inTheWay !== undefined) throw fileExists(inTheWay);
  }
  for (const [path, text] of files)
    await writeFileAtomically(resolve(cwd, path), text, { overwrite: force });
  await mkdir(resolve(cwd, folder, "versions"), { recursive: true });
  return {
    written: [...files.map(([path]) => path), `${folder}/versions/`],
    missing: missingIn(
      cwd,
      files.some(([path]) => /^migrate\.config\.[mc]?js$/.test(path)) ? "js" : "ts",
    ),
    next: 'migrate revision --autogenerate -m "initial"',
  };
}

function missingIn(cwd: string, extension: "ts" | "js"): readonly string[] {
  const missing: string[] = [];
  if (!existsSync(join(cwd, "package.json"))) {
    missing.push(
      "There is no package.json here: `npm init -y && npm install revline` gives the editor the types.",
    );
  }
  const models = ["models.ts", "models.js", "models.mts", "models", join("src", "models.ts")];
  if (!models.some((name) => existsSync(join(cwd, name)))) {
    missing.push(
      `There is no models.${extension} yet: export your tables from it (import { table, t } from "revline/schema").`,
    );
  }
  return missing;
}
