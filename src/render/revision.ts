import { array, string, word, type Code } from "./code.ts";
import { exportConst, statement } from "./layout.ts";
import { escapeUnsafe } from "./literal.ts";
import { operationCode } from "./operation.ts";
import { hazards } from "../operations/hazards.ts";
import type { Operation } from "../operations/operation.ts";

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

/** Operations with what they may destroy above them; statements of more than one line stand apart. */
function body(operations: readonly Operation[], comments: readonly string[] = []): string {
  let text = lineComments(comments);
  let before: string | undefined;
  for (const operation of operations) {
    const source = statement(operationCode(operation), MARGIN);
    const isApart = before !== undefined && (before.includes("\n") || source.includes("\n"));
    const warnings = lineComments(hazards(operation).map((hazard) => hazard.text));
    text += `${isApart ? "\n" : ""}${warnings}${" ".repeat(MARGIN)}${source}\n`;
    before = source;
  }
  return text === "" ? "{}" : `{\n${text}}`;
}

/**
 * The text of a revision file: its facts as plain constants, `upgrade` and `downgrade` as calls of `op`. It
 * imports types alone, and reads as prettier would have it at 100 columns.
 */
export function renderRevision(source: RevisionSource): string {
  const {
    revision,
    downRevision,
    branchLabels = [],
    dependsOn = [],
    upgrade,
    downgrade,
    imports = [],
    comments = {},
  } = source;
  const constants = [
    constant("revision", revision),
    constant("downRevision", downRevision),
    ...(branchLabels.length === 0 ? [] : [constant("branchLabels", branchLabels)]),
    ...(dependsOn.length === 0 ? [] : [constant("dependsOn", dependsOn)]),
  ];
  return `${header(source)}
${['import type { Operations } from "revline";', ...imports].join("\n")}

${constants.join("\n")}

export async function upgrade(op: Operations): Promise<void> ${body(upgrade, comments.upgrade)}

export async function downgrade(op: Operations): Promise<void> ${body(downgrade, comments.downgrade)}
`;
}
