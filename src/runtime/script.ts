import type { MigrationContext, Operations } from "../operations/operations.ts";
import type { Direction } from "../revisions/plan.ts";
import { revisionChecksum } from "../revisions/checksum.ts";
import { whereIs, type Revision } from "../revisions/revision.ts";
import type { LoadRevisionModule } from "../revisions/script-directory.ts";
import { RevlineError } from "../errors.ts";
import { displayPath } from "../util/display-path.ts";
import type { Timeouts } from "../dialects/contract.ts";
import { timeoutsOf } from "./timeouts.ts";
import { loadModule } from "../util/load-module.ts";

/** The `upgrade` or `downgrade` of a revision. */
export type Script = (op: Operations, context: MigrationContext) => unknown;

const loadByDefault: LoadRevisionModule = (path) =>
  loadModule(path, { code: "revision-invalid", what: "The revision" });

function isFunction(value: unknown): value is Script {
  return typeof value === "function";
}

function named(module: Readonly<Record<string, unknown>>, name: string): unknown {
  if (module[name] !== undefined) return module[name];
  const { default: inner } = module;
  return typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined;
}

/** A revision's function, and the text it comes from. */
export interface LoadedScript {
  readonly script: Script;
  /** Of the file as it was when it was loaded; absent where the revision has none. */
  readonly checksum?: string;
  /** What its file says of timeouts. */
  readonly timeouts?: Timeouts;
}

/** The checksum, for what may go without. */
export function checksumOf({ checksum }: LoadedScript): { readonly checksum?: string } {
  return checksum === undefined ? {} : { checksum };
}

/** How a revision's functions are found. */
export interface LoadingOptions {
  readonly loadRevision?: LoadRevisionModule;
  /** One of several databases that it is about. */
  readonly database?: string;
}

/** {@link loadScript} with its checksum. @throws RevlineError as loadScript */
export async function load(
  revision: Revision,
  direction: Direction,
  options: LoadingOptions = {},
): Promise<LoadedScript> {
  const { script, module } = await loadModuleOf(revision, direction, options);
  const checksum = revisionChecksum(revision);
  const timeouts = timeoutsOf(revision, (name) => named(module, name));
  return {
    script,
    ...(checksum === undefined ? {} : { checksum }),
    ...(timeouts === undefined ? {} : { timeouts }),
  };
}

/**
 * Loads a revision's file and takes the function for a direction out of it.
 *
 * @throws RevlineError revision-invalid (the file does not load, or exports no such function)
 */
export async function loadScript(
  revision: Revision,
  direction: Direction,
  options: LoadingOptions = {},
): Promise<Script> {
  return (await loadModuleOf(revision, direction, options)).script;
}

async function loadModuleOf(
  revision: Revision,
  direction: Direction,
  { loadRevision = loadByDefault, database }: LoadingOptions,
): Promise<{ readonly script: Script; readonly module: Readonly<Record<string, unknown>> }> {
  const { path } = revision;
  if (path === undefined)
    throw new RevlineError("revision-invalid", `Revision "${revision.id}" has no file.`);
  const module = await loadRevision(path);
  const own = database === undefined ? undefined : `${direction}_${database}`;
  // a revision that does the same to all databases may have one pair of functions
  const script = (own === undefined ? undefined : named(module, own)) ?? named(module, direction);
  if (isFunction(script)) return { script, module };
  throw new RevlineError(
    "revision-invalid",
    `${displayPath(whereIs(revision))} exports no function ${own ?? direction}.`,
    {
      hint: `Add \`export async function ${own ?? direction}(op: Operations): Promise<void> { … }\`.`,
      details: [path],
    },
  );
}
