import type { Operations } from "../operations/operations.ts";
import type { Direction } from "../revisions/plan.ts";
import { whereIs, type Revision } from "../revisions/revision.ts";
import type { LoadRevisionModule } from "../revisions/script-directory.ts";
import { RevlineError } from "../errors.ts";
import { displayPath } from "../util/display-path.ts";
import { loadModule } from "../util/load-module.ts";

/** The `upgrade` or `downgrade` of a revision. */
export type Script = (op: Operations) => unknown;

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

/**
 * Loads a revision's file and takes the function for a direction out of it.
 *
 * @throws RevlineError revision-invalid (the file does not load, or exports no such function)
 */
export async function loadScript(
  revision: Revision,
  direction: Direction,
  load: LoadRevisionModule = loadByDefault,
): Promise<Script> {
  const { path } = revision;
  if (path === undefined)
    throw new RevlineError("revision-invalid", `Revision "${revision.id}" has no file.`);
  const script = named(await load(path), direction);
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
