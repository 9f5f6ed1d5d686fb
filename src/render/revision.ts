import { array, string, withoutTypes, word, type Code } from "./code.ts";
import { exportConst, statement } from "./layout.ts";
import { escapeUnsafe } from "./literal.ts";
import type { RenderedItem, RenderItem } from "./render-item.ts";
import { operationCode } from "./operation.ts";
import { hazards } from "../operations/hazards.ts";
import type { Operation } from "../operations/operation.ts";

export type Language = "typescript" | "javascript";

/** What a revision does to one of several databases. */
export interface DatabaseOperations {
  /** Letters, digits and `_`: it becomes part of a function's name. */
  readonly name: string;
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
}

/** The pieces of a revision file, from the top. */
export interface RevisionParts {
  /** The doc comment, with the message and the facts. */
  readonly header: string;
  /** One line each; may be none. */
  readonly imports: readonly string[];
  /** `export const revision = …`, one line each. */
  readonly constants: readonly string[];
  /** `upgrade` and `downgrade`. */
  readonly functions: readonly string[];
}

/** All that a revision file says. */
export interface RevisionSource {
  readonly revision: string;
  readonly downRevision: string | readonly string[] | null;
  readonly branchLabels?: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly message: string;
  readonly created: Date;
  /** The zone that `created` is told in: an IANA name. Default: UTC. */
  readonly timezone?: string;
  readonly upgrade: readonly Operation[];
  readonly downgrade: readonly Operation[];
  /** Functions for each of several databases, `upgrade_<name>`, instead of the two. */
  readonly databases?: readonly DatabaseOperations[];
  /** Default: TypeScript. */
  readonly language?: Language;
  /** Code of the user's own for pieces of columns. */
  readonly renderItem?: RenderItem;
  /** Further lines of imports, whole: `import type { User } from "../models.ts";`. */
  readonly imports?: readonly string[];
  /** Lines for the person who reads it, at the top of `upgrade` or `downgrade`. */
  readonly comments?: {
    readonly upgrade?: readonly string[];
    readonly downgrade?: readonly string[];
  };
}

/** `2026-08-22 09:14 UTC`, `2026-08-22 11:14 +02:00` */
function minute(date: Date, timezone = "UTC"): string {
  if (timezone === "UTC") return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  // Swedish writes dates as ISO 8601 does
  const local = new Intl.DateTimeFormat("sv", {
    timeZone: timezone,
    dateStyle: "short",
    timeStyle: "short",
  }).format(date);
  const offset = new Intl.DateTimeFormat("en", { timeZone: timezone, timeZoneName: "longOffset" })
    .formatToParts(date)
    .find(({ type }) => type === "timeZoneName")?.value;
  return `${local} ${(offset ?? "").replace(/^GMT(?=.)/, "").replace("GMT", "UTC")}`;
}

const LINE_END = /\r\n|[\n\r\u2028\u2029]/;

/** Lines of a comment: none may end it, none ends in white space. */
function commentLines(text: string): readonly string[] {
  return text
    .replaceAll("*/", "* /")
    .split(LINE_END)
    .map((line) => escapeUnsafe(line).trimEnd());
}

function header(source: RevisionSource): string {
  const { revision, downRevision, branchLabels = [], dependsOn = [], message } = source;
  const parents = downRevision === null ? [] : [downRevision].flat();
  const facts: readonly (readonly [string, string])[] = [
    ["Revision:", revision],
    ["Revises:", parents.length === 0 ? "base" : parents.join(", ")],
    ...(branchLabels.length === 0 ? [] : [["Labels:", branchLabels.join(", ")] as const]),
    ...(dependsOn.length === 0 ? [] : [["Depends:", dependsOn.join(", ")] as const]),
    ["Created:", minute(source.created, source.timezone)],
  ];
  const lines = [
    ...commentLines(message.trim()),
    "",
    ...facts.flatMap(([label, text]) => commentLines(`${label.padEnd(9)} ${text}`)),
  ];
  return ["/**", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"].join("\n");
}

function constant(name: string, value: string | readonly string[] | null): string {
  const code: Code =
    value === null
      ? word("null")
      : typeof value === "string"
        ? string(value)
        : array(value.map(string));
  return exportConst(name, code);
}

const MARGIN = 2;

function lineComments(texts: readonly string[]): string {
  return texts
    .flatMap((text) => text.split(LINE_END))
    .map((text) => `${`${" ".repeat(MARGIN)}// ${escapeUnsafe(text)}`.trimEnd()}\n`)
    .join("");
}

/** How operations are written. */
interface Manner {
  readonly language: Language;
  readonly renderItem?: (item: RenderedItem) => string | null | undefined;
}

/** Operations with what they may destroy above them; statements of more than one line stand apart. */
function body(
  operations: readonly Operation[],
  { language, renderItem }: Manner,
  comments: readonly string[] = [],
): string {
  let text = lineComments(comments);
  let before: string | undefined;
  for (const operation of operations) {
    const code = operationCode(operation, renderItem);
    const source = statement(language === "javascript" ? withoutTypes(code) : code, MARGIN);
    const isApart = before !== undefined && (before.includes("\n") || source.includes("\n"));
    const warnings = lineComments(hazards(operation).map((hazard) => hazard.text));
    text += `${isApart ? "\n" : ""}${warnings}${" ".repeat(MARGIN)}${source}\n`;
    before = source;
  }
  return text === "" ? "{}" : `{\n${text}}`;
}

function functionText(
  name: string,
  operations: readonly Operation[],
  manner: Manner,
  comments?: readonly string[],
): string {
  const text = body(operations, manner, comments);
  return manner.language === "javascript"
    ? `/** @param {import("revline").Operations} op */\nexport async function ${name}(op) ${text}`
    : `export async function ${name}(op: Operations): Promise<void> ${text}`;
}

/** The pieces of a revision file. */
export function revisionParts(source: RevisionSource): RevisionParts {
  const { branchLabels = [], dependsOn = [], imports = [], comments = {} } = source;
  const { language = "typescript", databases, renderItem } = source;
  const added = new Set<string>();
  const manner: Manner = {
    language,
    ...(renderItem === undefined
      ? {}
      : { renderItem: (item) => renderItem(item, { imports: added }) }),
  };
  const types = language === "typescript" ? ['import type { Operations } from "revline";'] : [];
  // first of all: they may add imports
  const functions =
    databases?.flatMap(({ name, upgrade, downgrade }) => [
      functionText(`upgrade_${name}`, upgrade, manner),
      functionText(`downgrade_${name}`, downgrade, manner),
    ]) ??
    (["upgrade", "downgrade"] as const).map((name) =>
      functionText(name, source[name], manner, comments[name]),
    );
  return {
    header: header(source),
    imports: [...types, ...imports, ...added],
    constants: [
      constant("revision", source.revision),
      constant("downRevision", source.downRevision),
      ...(branchLabels.length === 0 ? [] : [constant("branchLabels", branchLabels)]),
      ...(dependsOn.length === 0 ? [] : [constant("dependsOn", dependsOn)]),
    ],
    functions,
  };
}

/**
 * The text of a revision file: its facts as plain constants, `upgrade` and `downgrade` as calls of `op`. It
 * imports types alone, and reads as prettier would have it at 100 columns.
 */
export function renderRevision(source: RevisionSource): string {
  return joinParts(revisionParts(source));
}

/** A revision file from its pieces. */
export function joinParts({ header: doc, imports, constants, functions }: RevisionParts): string {
  const top = imports.length === 0 ? doc : `${doc}\n${imports.join("\n")}`;
  return `${[top, constants.join("\n"), ...functions].join("\n\n")}\n`;
}
