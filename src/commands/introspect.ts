import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  Environment,
  reflectDatabase,
  reflectSchemas,
  type EnvironmentOptions,
} from "../config/index.ts";
import { RevlineError } from "../errors.ts";
import { renderModelFiles, renderModels } from "../render/index.ts";
import { qualifiedName } from "../schema/collect.ts";
import type { Constraint, Index, SkippedObject, Table } from "../schema/types.ts";
import { fileExists, writeFileAtomically } from "../util/files.ts";

export interface IntrospectOptions extends EnvironmentOptions {
  /** The file (with `split`: the folder) to write, relative to the working directory. Default: none, see the result's `text`. */
  readonly out?: string;
  /** A file for each table and object, and an `index.ts` that exports them all. */
  readonly split?: boolean;
  /** Only these schemas. Default: the configured ones. */
  readonly schemas?: readonly string[];
  /** Overwrite the files when they exist. */
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
  /** The file or folder that was written; null: none. */
  readonly path: string | null;
  /** The files that were written. */
  readonly files: readonly string[];
}

/**
 * Writes the models of a live database as TypeScript.
 *
 * @throws RevlineError file-exists, usage (no such schema), database-not-found, and others of the connection
 */
export async function introspect(options: IntrospectOptions = {}): Promise<IntrospectResult> {
  const environment = await Environment.create(options);
  const path = options.out === undefined ? null : resolve(environment.cwd, options.out);
  const { split = false, force = false, schemas = [] } = options;
  if (split && path === null) {
    throw new RevlineError("usage", "--split writes several files: say where with --out.", {
      hint: "For instance: migrate introspect --out models --split",
    });
  }
  if (path !== null && !split && !force && existsSync(path)) throw fileExists(path);
  environment.requireDatabase();
  const metadata = await environment.session((connection) =>
    schemas.length === 0
      ? reflectDatabase(environment, connection)
      : reflectSchemas(environment, connection, schemas),
  );
  const { dialect } = environment;
  const rendering = {
    defaultName: (table: Table, item: Constraint | Index) =>
      dialect.defaultName(table, item, new Set()),
    rawValue: (spelling: string) => dialect.rawValue(spelling),
  };
  const text = renderModels(metadata, rendering);
  const files =
    path === null
      ? []
      : split
        ? renderModelFiles(metadata, rendering).map((file) => ({
            path: join(path, file.path),
            text: file.text,
          }))
        : [{ path, text }];
  const taken = files.find((file) => !force && existsSync(file.path));
  if (taken !== undefined) throw fileExists(taken.path);
  for (const file of files) await writeFileAtomically(file.path, file.text, { overwrite: force });
  return {
    url: environment.redactedUrl,
    tables: metadata.tables.map(qualifiedName),
    skipped: metadata.skipped,
    text,
    path,
    files: files.map((file) => file.path),
  };
}
