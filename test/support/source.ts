import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the package. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface SourceFile {
  /** From the package's folder: `src/compare/index.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly ImportOf[];
}

export interface ImportOf {
  /** A path as {@link SourceFile.path}, or a package's name. */
  readonly target: string;
  /** `import type` and `export type`: nothing is left of them when the program runs. */
  readonly typeOnly: boolean;
  /** `import(…)`. */
  readonly dynamic: boolean;
}

/** The TypeScript files of a folder, with what they import. */
export function sourceFiles(folder: string): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.parentPath.includes("node_modules"))
    .filter((entry) => entry.isFile() && /\.(ts|mjs|js)$/.test(entry.name))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, "utf8");
      return { path: relative(root, file), text, imports: importsOf(relative(root, file), text) };
    })
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

const statements = /^(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm;
const expressions = /(typeof\s+)?\bimport\(\s*"([^"]+)"/g;

/** What a text imports. */
export function importsOf(path: string, text: string): readonly ImportOf[] {
  const code = withoutComments(text);
  return [
    ...[...code.matchAll(statements)].map(([, type, target = ""]) => ({
      target: resolve(path, target),
      typeOnly: type !== undefined,
      dynamic: false,
    })),
    ...[...code.matchAll(expressions)].map(([, type, target = ""]) => ({
      target: resolve(path, target),
      typeOnly: type !== undefined,
      dynamic: true,
    })),
  ];
}

function resolve(from: string, target: string): string {
  return target.startsWith(".") ? relative(".", join(dirname(from), target)) : target;
}

// Strings are stepped over first, so that a `//` in a URL is no comment. A regular expression literal with a
// quote in it may confuse this; the code under test is ours.
const tokens =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** The text with its comments blanked out; the line numbers stay. */
export function withoutComments(text: string): string {
  return text.replace(tokens, (token) =>
    /^\/[*/]/.test(token) ? token.replace(/[^\n]/g, " ") : token,
  );
}

/** Every string and template literal of a text, with the line it begins on. */
export function stringsOf(
  text: string,
): readonly { readonly line: number; readonly value: string }[] {
  return [...text.matchAll(tokens)]
    .filter(([token]) => !/^\/[*/]/.test(token))
    .map((match) => ({
      line: text.slice(0, match.index).split("\n").length,
      value: match[0].slice(1, -1),
    }));
}
