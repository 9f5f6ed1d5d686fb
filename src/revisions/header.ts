import { mask } from "./mask.ts";
import type { Revision } from "./revision.ts";
import { RevlineError } from "../errors.ts";
import { displayPath } from "../util/display-path.ts";

/** A constant of a revision file: a string, several, or null. */
type Constant = string | readonly string[] | null;

type HeaderName = "revision" | "downRevision" | "branchLabels" | "dependsOn";

function declarationOf(name: HeaderName): RegExp {
  // at the beginning of a line: `export const x: Type = `, `const x = `, `exports.x = `
  return new RegExp(
    `^(?:(?:export[ \\t]+)?(?:const|let|var)[ \\t]+${name}\\b[ \\t]*(?::[^=\\n]+)?|(?:module\\.)?exports\\.${name}\\b[ \\t]*)=(?!=)\\s*`,
    "gm",
  );
}

const DECLARATIONS: Readonly<Record<HeaderName, RegExp>> = {
  revision: declarationOf("revision"),
  downRevision: declarationOf("downRevision"),
  branchLabels: declarationOf("branchLabels"),
  dependsOn: declarationOf("dependsOn"),
};

const TEXT = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\x60(?:[^\x60\\$]|\$(?!\{))*\x60`;
const SPACE = String.raw`(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*`;
const END = String.raw`(?=[ \t]*(?:as\b|satisfies\b|;|,|\/\/|\/\*|\r?$|\)))`;
const STRING = new RegExp(`(?:${TEXT})${END}`, "my");
const NULL = new RegExp(`(?:null|undefined)\\b`, "my");
const LIST = new RegExp(`\\[${SPACE}(?:(?:${TEXT})${SPACE}(?:,${SPACE}|(?=\\])))*\\]`, "my");
const EACH_TEXT = new RegExp(`${TEXT}|\\/\\/[^\\n]*|\\/\\*[\\s\\S]*?\\*\\/`, "g");

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, "$1");
}

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

/** The constant that stands at a place; undefined for anything that would have to be run. */
function constantAt(source: string, at: number): Constant | undefined {
  const text = matchAt(STRING, source, at);
  if (text !== undefined) return unquote(text);
  if (matchAt(NULL, source, at) !== undefined) return null;
  const list = matchAt(LIST, source, at);
  return (
    list
      ?.match(EACH_TEXT)
      ?.filter((piece) => !piece.startsWith("/"))
      .map(unquote) ?? (list === undefined ? undefined : [])
  );
}

interface Declared {
  readonly found: boolean;
  readonly value: Constant | undefined;
}

/** The first declaration with a plain constant; one in a comment or a template literal is none. */
function read(source: string, name: HeaderName): Declared {
  let found = false;
  for (const declaration of source.matchAll(DECLARATIONS[name])) {
    if (isHidden(source, declaration.index)) continue;
    found = true;
    const value = constantAt(source, declaration.index + declaration[0].length);
    if (value !== undefined) return { found, value };
  }
  return { found, value: undefined };
}

function isHidden(source: string, at: number): boolean {
  const before = source.slice(0, at);
  const suspicious = before.includes("`") || before.lastIndexOf("/*") > before.lastIndexOf("*/");
  return suspicious && mask(source).charAt(at) === " ";
}

function invalid(path: string, name: HeaderName, why: string): RevlineError {
  return new RevlineError("revision-invalid", `${displayPath(path)} ${why}.`, {
    hint: `It needs a line such as \`export const ${name} = "7c1f0a9d2e44";\` with a plain constant; move other files out of the folder.`,
    details: [path],
  });
}

function list(source: string, path: string, name: HeaderName): readonly string[] {
  const { found, value } = read(source, name);
  if (!found) return [];
  if (value === undefined)
    throw invalid(path, name, `has a ${name} that is not a plain string, list of strings or null`);
  return value === null ? [] : typeof value === "string" ? [value] : [...new Set(value)];
}

const DOC = /^\uFEFF?(?:#![^\n]*\n)?(?:\s|\/\/[^\n]*\n)*\/\*\*?([\s\S]*?)\*\//;

/** The text of the first comment, without its stars. */
function docOf(source: string): string {
  const [, comment = ""] = DOC.exec(source) ?? [];
  return comment
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*\*? ?/, "").trimEnd())
    .join("\n")
    .trim();
}

/** The first paragraph, unless it is the list of facts already. */
function messageOf(doc: string): string {
  const [first = ""] = doc.split(/\n\s*\n/);
  return /^(?:Revision|Revises|Created)\b.*:/.test(first) ? "" : first.replace(/\s*\n\s*/g, " ");
}

/**
 * Reads what a revision file says of itself, without running it.
 *
 * @param source the file's text
 * @param path for errors, and kept
 * @throws RevlineError revision-invalid
 */
export function readHeader(source: string, path: string): Revision {
  const { found, value: id } = read(source, "revision");
  if (!found)
    throw invalid(path, "revision", "has no `export const revision`, so it is not a revision");
  if (typeof id !== "string")
    throw invalid(path, "revision", "has a revision that is not a plain string");
  const doc = docOf(source);
  const created = /^Created?(?: Date)?:[ \t]*(.+)$/m.exec(doc)?.[1];
  return {
    id,
    downRevisions: list(source, path, "downRevision"),
    branchLabels: list(source, path, "branchLabels"),
    dependsOn: list(source, path, "dependsOn"),
    message: messageOf(doc),
    doc,
    ...(created === undefined ? {} : { created }),
    path,
  };
}
