import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Environment, reflectDatabase, type EnvironmentOptions } from "../config/index.ts";
import { renderModels } from "../render/index.ts";
import { qualifiedName } from "../schema/collect.ts";
import type { SkippedObject } from "../schema/types.ts";
import { fileExists, writeFileAtomically } from "../util/files.ts";

export interface IntrospectOptions extends EnvironmentOptions {
  /** The file to write, relative to the working directory. Default: none, see the result's `text`. */
  readonly out?: string;
  /** Overwrite the file when it exists. */
  readonly force?: boolean;
}

export interface IntrospectResult {
  /** Without a password. */
  readonly url: string;
  readonly tables: readonly string[];
  /** What the models do not say, and why. */
  readonly skipped: readonly SkippedObject[];
  /** The models as TypeScript. */
  readonly text: string;
  /** The file that was written; null: none. */
  readonly path: string | null;
}

/**
 * Writes the models of a live database as TypeScript.
 *
 * @throws RevlineError file-exists, database-not-found, and others of the connection
 */
export async function introspect(options: IntrospectOptions = {}): Promise<IntrospectResult> {
  const environment = await Environment.create(options);
  const path = options.out === undefined ? null : resolve(environment.cwd, options.out);
  if (path !== null && options.force !== true && existsSync(path)) throw fileExists(path);
  environment.requireDatabase();
  const metadata = await environment.session((connection) =>
    reflectDatabase(environment, connection),
  );
  const { dialect } = environment;
  const text = renderModels(metadata, {
    defaultName: (table, item) => dialect.defaultName(table, item, new Set()),
  });
  if (path !== null) await writeFileAtomically(path, text, { overwrite: options.force === true });
  return {
    url: environment.redactedUrl,
    tables: metadata.tables.map(qualifiedName),
    skipped: metadata.skipped,
    text,
    path,
  };
}
