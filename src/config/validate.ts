import { isMetaDataValue } from "../schema/metadata.ts";
import { RevlineError } from "../errors.ts";
import { isTimezone, templateProblem } from "../revisions/file-name.ts";
import { suggest } from "../util/suggest.ts";
import type { Config, DatabaseConfig } from "./config.ts";

interface Rule {
  /** What the value must be, for the message. */
  readonly must: string;
  readonly holds: (value: unknown) => boolean;
  /** What is wrong with it, where its type does not tell. */
  readonly why?: (value: unknown) => string | undefined;
}

const text: Rule = {
  must: "a non-empty string",
  holds: (value) => typeof value === "string" && value !== "",
};
const texts: Rule = { must: "a list of strings", holds: isTexts };
const flag: Rule = { must: "true or false", holds: (value) => typeof value === "boolean" };
const flagOrFn: Rule = {
  must: "true, false or a function",
  holds: (value) => typeof value === "boolean" || typeof value === "function",
};
const fn: Rule = { must: "a function", holds: (value) => typeof value === "function" };

const seconds: Rule = {
  must: "a number of seconds, 0 or more",
  holds: (value) => typeof value === "number" && value >= 0,
};

/** One rule for each key: a key that is added to the type and not here does not compile. */
const DATABASE_RULES: { readonly [K in keyof Required<DatabaseConfig>]: Rule } = {
  url: text,
  scratchUrl: text,
  models: {
    must: "a path, a list of paths, or a metadata() value",
    holds: (value) =>
      text.holds(value) || (isTexts(value) && value.length > 0) || isMetaDataValue(value),
  },
  migrations: text,
  versionLocations: texts,
  recursiveVersionLocations: flag,
  fileTemplate: {
    must: "a name with tokens such as %(rev)s, without the extension",
    holds: (value) => typeof value === "string" && templateProblem(value) === undefined,
    why: (value) => (typeof value === "string" ? templateProblem(value) : undefined),
  },
  timezone: {
    must: "the IANA name of a time zone, such as Europe/Berlin",
    holds: (value) => typeof value === "string" && isTimezone(value),
  },
  truncateSlugLength: {
    must: "a whole number, 1 or more",
    holds: (value) => Number.isInteger(value) && Number(value) >= 1,
  },
  language: {
    must: '"typescript" or "javascript"',
    holds: (value) => value === "typescript" || value === "javascript",
  },
  revisionTemplate: fn,
  renderItem: fn,
  templateArgs: { must: "an object", holds: isRecord },
  postWriteHooks: {
    must: 'a list of functions and of commands such as { command: ["prettier", "--write"] }',
    holds: (value) => Array.isArray(value) && value.every(isHook),
  },
  versionTable: text,
  versionTableSchema: text,
  history: {
    must: "true, false, or a table's name",
    holds: (value) => typeof value === "boolean" || text.holds(value),
  },
  schemas: texts,
  objects: {
    must: '"all" or a list of kinds',
    holds: (value) => value === "all" || isTexts(value),
  },
  plugins: {
    must: "a list of what defineOperation and defineObjectKind return",
    holds: (value) =>
      Array.isArray(value) &&
      value.every((plugin) => isRecord(plugin) && ("kind" in plugin || "operation" in plugin)),
  },
  naming: {
    must: "an object with ix, uq, ck, fk, pk",
    holds: (value) =>
      isRecord(value) &&
      Object.entries(value).every(([key, name]) => NAMED.has(key) && text.holds(name)),
  },
  tableLockTimeout: seconds,
  statementTimeout: seconds,
  lockRetries: {
    must: "a whole number, 0 or more",
    holds: (value) => typeof value === "number" && Number.isInteger(value) && value >= 0,
  },
  lock: {
    must: '"session" or "table"',
    holds: (value) => value === "session" || value === "table",
  },
  lockExpiry: {
    must: "a number of seconds, 1 or more",
    holds: (value) => typeof value === "number" && value >= 1,
  },
  lockTimeout: seconds,
  includeObject: fn,
  includeName: fn,
  onVersionApply: fn,
  includeSchemas: flag,
  compareType: flagOrFn,
  compareServerDefault: flagOrFn,
  processRevisionDirectives: fn,
  revisionEnvironment: flag,
  confirmDestructive: flag,
  transactionPerMigration: flag,
  serverVersion: text,
};
const NAMED = new Set(["ix", "uq", "ck", "fk", "pk"]);

const NAME_IN_FUNCTION = /^\w+$/;

const RULES: { readonly [K in keyof Required<Config>]: Rule } = {
  ...DATABASE_RULES,
  multidb: flag,
  databases: {
    must: "an object of databases by name",
    holds: (value) =>
      isRecord(value) && Object.keys(value).length > 0 && Object.values(value).every(isRecord),
  },
};

/**
 * Checks a configuration's keys and values.
 *
 * @param file for messages
 * @throws RevlineError config-invalid; it names the key
 */
export function validateConfig(value: unknown, file: string): Config {
  if (!isConfig(value, RULES, file, "")) throw notAnObject(file);
  for (const [name, database] of Object.entries(value.databases ?? {})) {
    if (isConfig(database, DATABASE_RULES, file, `databases.${name}.`))
      checkFolders(database, file);
  }
  checkFolders(value, file);
  checkTogether(value, file);
  return value;
}

function isConfig(
  value: unknown,
  rules: Readonly<Record<string, Rule>>,
  file: string,
  prefix: string,
): value is Config {
  if (!isRecord(value)) return false;
  const known = Object.keys(rules);
  for (const [key, given] of Object.entries(value)) {
    const rule = rules[key];
    if (rule === undefined) {
      const near = suggest(key, known);
      throw new RevlineError(
        "config-invalid",
        `The config ${file} has an unknown key "${prefix}${key}".`,
        {
          hint: near === undefined ? `Known keys: ${known.join(", ")}.` : `Did you mean "${near}"?`,
        },
      );
    }
    // a key that is undefined, such as `url: process.env.DATABASE_URL`, is a key that is not there
    if (given === undefined || rule.holds(given)) continue;
    throw new RevlineError(
      "config-invalid",
      `"${prefix}${key}" in the config ${file} must be ${rule.must}.`,
      {
        hint: `It ${rule.why?.(given) ?? `is ${describeValue(given)}`}.`,
      },
    );
  }
  return true;
}

function isHook(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (!isRecord(value)) return false;
  const { command, name, cwd, ...rest } = value;
  return (
    isTexts(command) &&
    command.length > 0 &&
    [name, cwd].every((word) => word === undefined || text.holds(word)) &&
    Object.keys(rest).length === 0
  );
}

/** @throws RevlineError config-invalid */
function checkTogether({ multidb, databases }: Config, file: string): void {
  if (multidb !== true) return;
  const names = Object.keys(databases ?? {});
  const wrong = names.find((name) => !NAME_IN_FUNCTION.test(name));
  if (names.length > 0 && wrong === undefined) return;
  throw new RevlineError(
    "config-invalid",
    wrong === undefined
      ? `The config ${file} has \`multidb\` and no \`databases\`.`
      : `The database "${wrong}" in the config ${file} cannot be part of a function's name.`,
    { hint: "Name the databases under `databases`, with letters, digits and _." },
  );
}

/** A file in a folder of its own would never be found again. @throws RevlineError config-invalid */
function checkFolders(
  { fileTemplate, recursiveVersionLocations }: DatabaseConfig,
  file: string,
): void {
  if (fileTemplate?.includes("/") !== true || recursiveVersionLocations === true) return;
  throw new RevlineError(
    "config-invalid",
    `"fileTemplate" in the config ${file} makes folders, and folders inside of a version location are not read.`,
    { hint: "Set `recursiveVersionLocations: true`, or leave the / out." },
  );
}

function notAnObject(file: string): RevlineError {
  return new RevlineError(
    "config-invalid",
    `The config ${file} has no configuration as its default export.`,
    {
      hint: 'Write: export default defineConfig({ url: "…", models: "./models.ts" });',
    },
  );
}

function describeValue(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (value === "") return "an empty string";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => text.holds(item));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
