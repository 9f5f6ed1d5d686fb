import {
  contextOf,
  enumDeclaration,
  inOrder,
  isUserType,
  objectDeclaration,
  tableDeclaration,
  type Declaration,
  type ModelsOptions,
} from "./declarations.ts";
import { escapeUnsafe } from "./literal.ts";
import { qualifiedName } from "../schema/collect.ts";
import type { OpenObject } from "../schema/objects/types.ts";
import type { MetaData, SkippedObject } from "../schema/types.ts";
import { compareText } from "../util/text.ts";

/** Models that export nothing are taken for a mistake, so that the wrong file drops no table. */
const NOTHING = 'import { metadata } from "revline/schema";\n\nexport default metadata();';

/** One file of models, relative to their folder. */
export interface ModelFile {
  readonly path: string;
  readonly text: string;
}

function importOf(names: Iterable<string>, from: string): string {
  const sorted = [...new Set(names)].toSorted((a, b) =>
    compareText(a.toLowerCase(), b.toLowerCase()),
  );
  const line = `import { ${sorted.join(", ")} } from "${from}";`;
  return line.length <= 100
    ? line
    : `import {\n${sorted.map((name) => `  ${name},\n`).join("")}} from "${from}";`;
}

function schemaImport(declarations: readonly Declaration[]): readonly string[] {
  const names = declarations.flatMap(({ imports }) => [...imports]);
  return names.length === 0 ? [] : [importOf(names, "revline/schema")];
}

/** What the database holds and the models do not say, as a comment. */
function remarks(skipped: readonly SkippedObject[]): readonly string[] {
  const lines = skipped.map(({ kind, name, schema, table, reason }) => {
    const place = table === undefined || table === name ? "" : ` of ${table}`;
    return `${kind} ${qualifiedName({ name, ...(schema === undefined ? {} : { schema }) })}${place}: ${reason}`;
  });
  if (lines.length === 0) return [];
  const text = ["In the database, but not in these models:", ...lines.map((line) => `- ${line}`)];
  return [text.map((line) => `// ${escapeUnsafe(line.replace(/\s+/g, " ")).trim()}`).join("\n")];
}

function fileOf(parts: readonly string[]): string {
  return `${parts.join("\n\n")}\n`;
}

function declarationsOf(
  metadata: MetaData,
  options: ModelsOptions,
): {
  enums: readonly Declaration[];
  types: readonly Declaration[];
  tables: readonly Declaration[];
  objects: readonly Declaration[];
  remarks: readonly string[];
} {
  const context = contextOf(metadata, options);
  const declare = (object: OpenObject): Declaration => objectDeclaration(object, context.names);
  return {
    enums: context.enums.map((type) => enumDeclaration(type, context.names)),
    tables: inOrder(metadata.tables, context.tables).map((table) =>
      tableDeclaration(table, context),
    ),
    types: context.objects.filter(isUserType).map(declare),
    objects: context.objects.filter((object) => !isUserType(object)).map(declare),
    remarks: remarks(metadata.skipped),
  };
}

/**
 * Models as a person would have written them for `revline/schema`, in one file: loaded, they give the same
 * MetaData again. What a model cannot say is told in a comment at the end.
 */
export function renderModels(metadata: MetaData, options: ModelsOptions = {}): string {
  const { enums, types, tables, objects, remarks: notes } = declarationsOf(metadata, options);
  const all = [...enums, ...types, ...tables, ...objects];
  return fileOf([
    ...(all.length === 0 ? [NOTHING] : schemaImport(all)),
    ...all.map(({ text }) => text),
    ...notes,
  ]);
}

/** The same models, one file for each table, one for the enums, and an `index.ts` that exports them all. */
export function renderModelFiles(
  metadata: MetaData,
  options: ModelsOptions = {},
): readonly ModelFile[] {
  const { enums, types, tables, objects, remarks: notes } = declarationsOf(metadata, options);
  const enumNames = new Set(enums.map(({ name }) => name));
  const fileName = (name: string): string =>
    enumNames.has(name) ? "enums" : ["index", "enums"].includes(name) ? `${name}Table` : name;
  const tableFiles = [...types, ...tables, ...objects].map((declaration): ModelFile => {
    const used = [...declaration.uses];
    const files = [...new Set(used.map(fileName))].toSorted(compareText);
    const imports = files.map((file) =>
      importOf(
        used.filter((name) => fileName(name) === file),
        `./${file}.js`,
      ),
    );
    const head = [...schemaImport([declaration]), ...imports].join("\n");
    return { path: `${fileName(declaration.name)}.ts`, text: fileOf([head, declaration.text]) };
  });
  const enumFiles =
    enums.length === 0
      ? []
      : [
          {
            path: "enums.ts",
            text: fileOf([...schemaImport(enums), ...enums.map(({ text }) => text)]),
          },
        ];
  const exports = [...enumFiles, ...tableFiles].map(
    ({ path }) => `export * from "./${path.replace(/\.ts$/, ".js")}";`,
  );
  const index = {
    path: "index.ts",
    text: fileOf([exports.length === 0 ? NOTHING : exports.join("\n"), ...notes]),
  };
  return [index, ...enumFiles, ...tableFiles];
}
