import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { RevlineError, messageOf } from "../errors.ts";
import { displayPath } from "../util/display-path.ts";
import { loadModule } from "../util/load-module.ts";
import type { Config, ConfigContext, ConfigFunction, DatabaseConfig } from "./config.ts";
import { guardHooks } from "./guard.ts";
import { validateConfig } from "./validate.ts";

/** A configuration, read and checked, for one database. */
export interface LoadedConfig {
  /** Absolute; undefined when there is no config file. */
  readonly file: string | undefined;
  /** The folder that relative paths of the config are relative to. */
  readonly folder: string;
  readonly config: DatabaseConfig;
  /** `multidb`: all databases by name, in the config's order. */
  readonly members?: ReadonlyMap<string, DatabaseConfig>;
}

/**
 * Reads the config file and picks the database's section.
 *
 * @throws RevlineError config-failed, config-invalid
 */
export async function loadConfig(file: string, context: ConfigContext): Promise<LoadedConfig> {
  const name = displayPath(file);
  const exported = file.endsWith(".json") ? readJson(file, name) : await readModule(file);
  const value = isConfigFunction(exported) ? await call(exported, context, name) : exported;
  const config = validateConfig(value, name);
  return { file, folder: dirname(file), ...sectionOf(config, context.section, name) };
}

/**
 * A configuration given as a value, by a program.
 *
 * @throws RevlineError config-failed, config-invalid
 */
export async function inlineConfig(
  given: Config | ConfigFunction,
  context: ConfigContext,
  folder: string,
): Promise<LoadedConfig> {
  const value = isConfigFunction(given) ? await call(given, context, "value") : given;
  return {
    file: undefined,
    folder,
    ...sectionOf(validateConfig(value, "value"), context.section, "value"),
  };
}

async function readModule(file: string): Promise<unknown> {
  const exports = await loadModule(file, { code: "config-failed", what: "The config" });
  // CommonJS has no default export: the module itself is the configuration
  return exports["default"] ?? (Object.keys(exports).length === 0 ? undefined : exports);
}

function readJson(file: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new RevlineError(
      "config-failed",
      `The config ${name} could not be read: ${withoutSource(messageOf(error))}`,
      { hint: `Correct ${name}.` },
    );
  }
}

/** The parser quotes what stands around the place, which may be a half of a password. */
function withoutSource(message: string): string {
  return message.replace(/,?\s*(?:\.\.\.)?".*(?=is not valid JSON$)/s, " ");
}

function isConfigFunction(value: unknown): value is ConfigFunction {
  return typeof value === "function";
}

async function call(
  config: ConfigFunction,
  context: ConfigContext,
  name: string,
): Promise<unknown> {
  try {
    return await config(context);
  } catch (error) {
    throw new RevlineError(
      "config-failed",
      `The function of the config ${name} threw: ${messageOf(error)}`,
      {
        hint: `Correct ${name}.`,
        cause: error,
      },
    );
  }
}

/** @throws RevlineError config-invalid, usage */
function sectionOf(
  { databases, multidb = false, ...shared }: Config,
  section: string | undefined,
  name: string,
): Pick<LoadedConfig, "config" | "members"> {
  const all = Object.entries(databases ?? {}).map(([key, own]): [string, DatabaseConfig] => [
    key,
    guardHooks({ ...shared, ...own }),
  ]);
  const members = multidb ? { members: new Map(all) } : {};
  if (section === undefined) {
    if (databases === undefined || shared.url !== undefined || multidb)
      return { config: guardHooks(shared), ...members };
    throw new RevlineError("usage", `The config ${name} has several databases.`, {
      hint: `Choose one with -n: ${Object.keys(databases).join(", ")}.`,
    });
  }
  const chosen = new Map(all).get(section);
  if (chosen !== undefined) return { config: chosen, ...members };
  const names = Object.keys(databases ?? {});
  throw new RevlineError("usage", `The config ${name} has no database named "${section}".`, {
    hint: names.length === 0 ? 'Add it under "databases".' : `It has: ${names.join(", ")}.`,
  });
}
