import { runInThisContext } from "node:vm";
import { transformSync } from "esbuild";
import * as schema from "../../src/exports/schema.ts";
import {
  metaDataOf,
  tableKey,
  type Constraint,
  type Index,
  type MetaData,
  type Table,
} from "../../src/schema/index.ts";
import type { ModelFile } from "../../src/render/index.ts";
import { sorted } from "./run-revision.ts";

/** Executes the text of a module of models. */
export function evaluateModels(source: string): MetaData {
  return evaluateFiles([{ path: "index.ts", text: source }]);
}

/** Executes models in several files that import each other; the first is the entry. */
export function evaluateFiles(files: readonly ModelFile[]): MetaData {
  const loaded = new Map<string, { exports: object }>();
  const load = (path: string): object => {
    if (path === "revline/schema") return schema;
    const name = path.replace(/^\.\//, "").replace(/\.js$/, ".ts");
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const text = files.find((file) => file.path === name)?.text;
    if (text === undefined) throw new Error(`no file ${name}`);
    const module = { exports: {} };
    loaded.set(name, module);
    const { code } = transformSync(text, { loader: "ts", format: "cjs" });
    const run: (module: object, require: typeof load) => void = runInThisContext(
      `(module, require) => {\n${code}\n}`,
    );
    run(module, load);
    return module.exports;
  };
  return metaDataOf(Object.values(load(files[0]?.path ?? "")));
}

/** The metadata in one order, with names for what has none. */
export function arrangedMetadata(
  metadata: MetaData,
  defaultName: (table: Table, item: Constraint | Index) => string | undefined = () => undefined,
): MetaData {
  const tables = metadata.tables.map((table): Table => {
    const named = <T extends Constraint | Index>(item: T): T => {
      const name = item.name ?? defaultName(table, item);
      return name === undefined ? item : { ...item, name };
    };
    return {
      ...table,
      constraints: sorted(table.constraints.map(named)),
      indexes: sorted(table.indexes.map(named)),
    };
  });
  const byKey = (a: { name: string }, b: { name: string }): number =>
    tableKey(a) < tableKey(b) ? -1 : 1;
  return {
    ...metadata,
    tables: tables.toSorted(byKey),
    objects: metadata.objects.toSorted(byKey),
    skipped: [],
  };
}
