/**
 * Models: from the user's files to a MetaData. An adapter for each way to declare tables, and the
 * finding and loading of the files. May import `schema` and `util`; knows no database.
 */
import { isMetaDataValue, metaDataOf, type MetaDataValue } from "../schema/metadata.ts";
import type { MetaData } from "../schema/types.ts";
import { t } from "../schema/t.ts";
import { isRevlineError, RevlineError } from "../errors.ts";
import { displayPath } from "../util/display-path.ts";
import { suggest } from "../util/suggest.ts";
import { loadModules } from "../util/load-module.ts";
import type { ModelAdapter, ModelOptions } from "./contract.ts";
import { modelFiles } from "./files.ts";
import { native } from "./native/index.ts";

export type { ModelAdapter, ModelOptions } from "./contract.ts";
export { modelFiles } from "./files.ts";

/** Asked in order: the first that reads the modules is taken. */
const ADAPTERS: readonly ModelAdapter[] = [native];

/** Where models are: paths (a file, a folder, a pattern), or a `metadata()` value itself. */
export type ModelsSource = string | readonly string[] | MetaDataValue;

/**
 * Reads the models.
 *
 * @param source paths are relative to `base`
 * @throws RevlineError models-not-found, models-failed (names file and line), models-empty, and what
 * the declarations themselves are wrong about: duplicate-table, unknown-table, unknown-column, …
 */
export async function loadModels(
  source: ModelsSource,
  base: string,
  options: ModelOptions = {},
): Promise<MetaData> {
  if (isMetaDataValue(source)) return metaDataOf([source], options);
  const files = modelFiles(typeof source === "string" ? [source] : source, base);
  const modules = await loadModules(files, {
    code: "models-failed",
    what: "The models file",
  }).catch((error: unknown) => {
    throw unknownType(error) ?? error;
  });
  const adapter = ADAPTERS.find((candidate) => candidate.reads(modules));
  if (adapter === undefined) {
    const names = files.map(displayPath).join(", ");
    throw new RevlineError(
      "models-empty",
      `${names} ${files.length === 1 ? "exports" : "export"} no table and no other object.`,
      {
        hint: 'Export your tables: export const users = table("users", { … }), with table and t from "revline/schema"; `export default metadata()` says that there is nothing.',
      },
    );
  }
  return adapter.metaData(modules, options);
}

/** `t.integre()` is the JavaScript way to name a type that does not exist. */
function unknownType(error: unknown): RevlineError | undefined {
  const [, name] =
    (isRevlineError(error) && /: t\.(\w+) is not a function(?: \(|$)/.exec(error.message)) || [];
  if (!isRevlineError(error) || name === undefined) return undefined;
  const near = suggest(name, Object.keys(t));
  return new RevlineError(
    "unknown-type",
    error.message.replace(/t\.\w+ is not a function/, `there is no type t.${name}`),
    {
      hint:
        near === undefined
          ? `Types: ${Object.keys(t).join(", ")}; anything else is t.raw("…").`
          : `Did you mean t.${near}()?`,
      cause: error,
    },
  );
}
