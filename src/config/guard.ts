import { isRevlineError, messageOf, RevlineError } from "../errors.ts";
import type { DatabaseConfig } from "./config.ts";

/** The configuration with its functions wrapped: what they throw is told as theirs, by name. */
export function guardHooks(config: DatabaseConfig): DatabaseConfig {
  const { includeName, includeObject, compareType, compareServerDefault } = config;
  const { processRevisionDirectives: process, revisionTemplate, renderItem } = config;
  return {
    ...config,
    ...(includeName === undefined ? {} : { includeName: guarded({ includeName }) }),
    ...(includeObject === undefined ? {} : { includeObject: guarded({ includeObject }) }),
    ...(typeof compareType === "function" ? { compareType: guarded({ compareType }) } : {}),
    ...(typeof compareServerDefault === "function"
      ? { compareServerDefault: guarded({ compareServerDefault }) }
      : {}),
    ...(revisionTemplate === undefined ? {} : { revisionTemplate: guarded({ revisionTemplate }) }),
    ...(renderItem === undefined ? {} : { renderItem: guarded({ renderItem }) }),
    ...(process === undefined
      ? {}
      : { processRevisionDirectives: guarded({ processRevisionDirectives: process }) }),
  };
}

/** @throws RevlineError config-failed */
function guarded<A extends readonly unknown[], R>(
  named: Readonly<Record<string, (...args: A) => R>>,
): (...args: A) => R {
  const [entry] = Object.entries(named);
  if (entry === undefined) throw new RevlineError("internal", "No function was given.");
  const [name, hook] = entry;
  return (...args) => {
    try {
      return hook(...args);
    } catch (error) {
      throw hookThrew(name, error);
    }
  };
}

/** What a function of the configuration threw, as an error of ours; one of ours stays as it is. */
export function hookThrew(name: string, error: unknown): RevlineError {
  if (isRevlineError(error)) return error;
  return new RevlineError(
    "config-failed",
    `The function \`${name}\` of the config threw: ${messageOf(error)}`,
    { hint: `Correct \`${name}\` in the config.`, cause: error },
  );
}
