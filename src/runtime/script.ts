import type { MigrationContext, Operations } from "../operations/operations.ts";
import type { Direction } from "../revisions/plan.ts";
import { revisionChecksum } from "../revisions/checksum.ts";
import { whereIs, type Revision } from "../revisions/revision.ts";
import type { LoadRevisionModule } from "../revisions/script-directory.ts";
import { RevlineError } from "../errors.ts";
import { displayPath } from "../util/display-path.ts";
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
}

/** The checksum, for what may go without. */
export function checksumOf({ checksum }: LoadedScript): { readonly checksum?: string } {
  return checksum === undefined ? {} : { checksum };
}

/** {@link loadScript} with its checksum. @throws RevlineError as loadScript */
export async function load(
  revision: Revision,
  direction: Direction,
  loadModuleAt?: LoadRevisionModule,
): Promise<LoadedScript> {
  const script = await loadScript(revision, direction, loadModuleAt);
  const checksum = revisionChecksum(revision);
  return { script, ...(checksum === undefined ? {} : { checksum }) };
}

/**
 * Loads a revision's file and takes the function for a direction out of it.
 *
 * @throws RevlineError revision-invalid (the file does not load, or exports no such function)
 */
export async function loadScript(
  revision: Revision,
  direction: Direction,
  loadModuleAt: LoadRevisionModule = loadByDefault,
): Promise<Script> {
  const { path } = revision;
  if (path === undefined)
    throw new RevlineError("revision-invalid", `Revision "${revision.id}" has no file.`);
  const script = named(await loadModuleAt(path), direction);
  if (isFunction(script)) return script;
  throw new RevlineError(
    "revision-invalid",
    `${displayPath(whereIs(revision))} exports no function ${direction}.`,
    {
      hint: `Add \`export async function ${direction}(op: Operations): Promise<void> { … }\`.`,
      details: [path],
    },
  );
}
