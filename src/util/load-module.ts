import { existsSync, lstatSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { createJiti } from "jiti";
import { isRevlineError, messageOf, RevlineError, type ErrorCode } from "../errors.ts";
import { displayPath } from "./display-path.ts";
import { redact } from "./redact.ts";

/** What a loaded module exports. */
export type ModuleExports = Readonly<Record<string, unknown>>;

/** How a failure to load is reported. */
export interface LoadOptions {
  /** The code of the error: `config-failed`, `models-failed`, `revision-failed`, … */
  readonly code: ErrorCode;
  /** What the file is to the user, as the beginning of a sentence: `The config`. */
  readonly what: string;
  /** What to do, when the error itself does not tell. */
  readonly hint?: string;
}

type LoaderFactory = typeof createJiti;
type OwnModules = Readonly<Record<string, () => Promise<unknown>>>;

const extension = extname(fileURLToPath(import.meta.url));

function ownFile(path: string): () => Promise<unknown> {
  return () => import(new URL(`../${path}${extension}`, import.meta.url).href);
}

let ownModules: OwnModules = {
  revline: ownFile("index"),
  "revline/schema": ownFile("exports/schema"),
};

let loaderFactory = async (): Promise<LoaderFactory> => (await import("jiti")).createJiti;

/**
 * For a bundle that holds the package in one file: where the package's own modules come from when a
 * user's file imports them, and how the TypeScript loader is got.
 */
export function bundleModules(own: OwnModules, factory?: () => Promise<LoaderFactory>): void {
  ownModules = own;
  if (factory !== undefined) loaderFactory = factory;
}

/**
 * Loads one TypeScript or JavaScript file of the user's, whatever the project's module system: enums,
 * top-level await, `./a.js` that means `a.ts` and the paths of tsconfig.json all work. `revline` and
 * `revline/schema` mean this very package, installed in the project or not. Each call reads the
 * files anew.
 *
 * @throws RevlineError with the given code; the message ends with the module's own message
 */
export async function loadModule(file: string, options: LoadOptions): Promise<ModuleExports> {
  const [loaded] = await loadModules([file], options);
  return loaded ?? {};
}

/** Loads several files that may import one another: a module they share is run once. */
export async function loadModules(
  files: readonly string[],
  options: LoadOptions,
): Promise<readonly ModuleExports[]> {
  const [first] = files;
  if (first === undefined) return [];
  const [createLoader, virtualModules] = await Promise.all([loaderFactory(), loadOwnModules()]);
  const loader = createLoader(first, {
    interopDefault: true,
    tsconfigPaths: true,
    fsCache: files.some(holdsPassword) ? false : cacheDirectory(dirname(first)),
    virtualModules,
  });
  const known = new Set(Object.keys(loader.cache));
  try {
    const loaded: ModuleExports[] = [];
    for (const file of files) loaded.push(await loadOne(loader.import, file, options));
    return loaded;
  } finally {
    // the loader keeps modules in Node's own cache: a later call must see an edited file
    for (const path of Object.keys(loader.cache)) {
      if (!known.has(path) && !path.includes(`${sep}node_modules${sep}`)) delete loader.cache[path];
    }
  }
}

async function loadOne(
  load: (id: string) => Promise<unknown>,
  file: string,
  options: LoadOptions,
): Promise<ModuleExports> {
  try {
    const loaded = await load(file);
    if (typeof loaded === "object" && loaded !== null) return { ...loaded };
    return { default: loaded };
  } catch (error) {
    throw loadError(error, file, options);
  }
}

async function loadOwnModules(): Promise<Record<string, unknown>> {
  const loaded = Object.entries(ownModules).map(
    async ([name, load]): Promise<[string, unknown]> => [name, await load()],
  );
  return Object.fromEntries(await Promise.all(loaded));
}

/** A password that a person wrote into a file is not copied into another one. */
function holdsPassword(file: string): boolean {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  return redact(text) !== text;
}

/** Compiled files are kept in the project's own cache folder where there is one, else in the system's temporary folder. */
function cacheDirectory(from: string): string | false {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "node_modules")))
      return join(folder, "node_modules", ".cache", "revline");
    if (dirname(folder) === folder) return ownTemporaryDirectory();
  }
}

/** What is compiled is run: the folder must be one that nobody else can write to. */
function ownTemporaryDirectory(): string | false {
  const user = process.getuid?.();
  const folder = join(tmpdir(), `revline-${user ?? "cache"}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(folder);
  return user === undefined || (uid === user && (mode & 0o022) === 0) ? folder : false;
}

interface Place {
  readonly message: string;
  readonly file: string;
  readonly line: number;
}

function loadError(error: unknown, file: string, options: LoadOptions): RevlineError {
  const { code, what } = options;
  const name = displayPath(file);
  const syntax = syntaxErrorOf(error);
  if (syntax !== undefined) {
    const at = `a syntax error at ${displayPath(syntax.file)}:${syntax.line}: ${syntax.message}`;
    const own = displayPath(syntax.file) === name;
    return new RevlineError(
      code,
      own ? `${what} has ${at}` : `${what} ${name} could not be loaded: there is ${at}`,
      {
        hint: `Correct ${basename(syntax.file)} at line ${syntax.line}.`,
        cause: error,
      },
    );
  }
  const missing = missingModuleOf(error);
  if (missing !== undefined) {
    const importer = missing.file === undefined ? name : displayPath(missing.file);
    const own = missing.id.startsWith(".") || missing.id.startsWith("/");
    return new RevlineError(
      code,
      `${what} ${name} could not be loaded: ${importer} imports "${missing.id}", which cannot be found.`,
      {
        hint: own
          ? "Correct the path of the import."
          : `Install the package (npm install ${packageOf(missing.id)}), or correct the name.`,
        cause: error,
      },
    );
  }
  const place = placeOf(error);
  const at = place === undefined ? "" : ` (${displayPath(place.file)}:${place.line})`;
  const ours = isRevlineError(error) ? error : undefined;
  // an error of our own, such as model-invalid, keeps its code and hint: it is more exact than ours
  return new RevlineError(
    ours?.code ?? code,
    `${what} ${name} could not be loaded: ${plainMessage(error)}${at}`,
    {
      hint:
        ours?.hint ??
        options.hint ??
        `Correct ${place === undefined ? name : `${displayPath(place.file)} at line ${place.line}`}.`,
      cause: error,
    },
  );
}

/** The compiler puts the module in front of an imported name: `_schema.t.foo is not a function`. */
function plainMessage(error: unknown): string {
  return messageOf(error).replace(
    /(?:\(0 , )?\b_[a-zA-Z]\w*\.([\w.]+)\)?(?= is not (?:a function|a constructor|iterable))/,
    "$1",
  );
}

/** The loader's compiler says `ParseError: message  \n path:line:column`. */
function syntaxErrorOf(error: unknown): Place | undefined {
  const found =
    /^(?:ParseError|TransformError|SyntaxError): ([^\n]*?)\s*\n\s*(.+):(\d+):\d+\s*$/s.exec(
      messageOf(error),
    );
  if (found === null) return undefined;
  const [, message = "", file = "", line = "0"] = found;
  return { message: message.replace(/[.\s]*$/, "."), file, line: Number(line) };
}

function missingModuleOf(
  error: unknown,
): { readonly id: string; readonly file: string | undefined } | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  if (error.code !== "MODULE_NOT_FOUND" && error.code !== "ERR_MODULE_NOT_FOUND") return undefined;
  const id = /Cannot find (?:module|package) '([^']+)'/.exec(error.message)?.[1];
  if (id === undefined) return undefined;
  const file =
    /Require stack:\n- (.+)/.exec(error.message)?.[1] ??
    /imported from (.+)$/m.exec(error.message)?.[1];
  return { id, file };
}

/** The innermost place of the user's own code in an error's stack. */
function placeOf(error: unknown): Place | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  for (const line of error.stack.split("\n")) {
    const found = /\(?((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*?):(\d+):\d+\)?$/.exec(line);
    if (found === null) continue;
    const [, where = "", number = "0"] = found;
    const file = where.startsWith("file://") ? fileURLToPath(where) : where;
    if (!file.startsWith(packageRoot) && !file.includes(`${sep}node_modules${sep}`))
      return { message: "", file, line: Number(number) };
  }
  return undefined;
}

/** The folder that holds `util`: the package's own code, whose frames are no help to the user. */
const packageRoot = fileURLToPath(new URL("..", import.meta.url));

function packageOf(id: string): string {
  const [scope = id, name] = id.split("/");
  return scope.startsWith("@") && name !== undefined ? `${scope}/${name}` : scope;
}
