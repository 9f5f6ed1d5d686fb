import type { RevisionEntry } from "../revisions/entry.ts";
import { displayPath } from "../util/display-path.ts";
import type { Style } from "./style.ts";

/** What may be said beside a revision. */
export interface RevisionMarks {
  /** With `DOWN -> ` in front. */
  readonly parents?: boolean;
  /** The database is at it. */
  readonly current?: boolean;
}

/** One line: `2b9e5d10c3af -> 7c1f0a9d2e44 (head), add posts`. */
export function revisionLine(
  entry: RevisionEntry,
  style: Style,
  marks: RevisionMarks = {},
): string {
  const { id, downRevisions, dependsOn, branchLabels, message } = entry;
  const down = downRevisions.length === 0 ? "<base>" : downRevisions.join(", ");
  const needs = dependsOn.length === 0 ? "" : ` (${dependsOn.join(", ")})`;
  const labels = branchLabels.length === 0 ? [] : [branchLabels.join(", ")];
  const words = [...labels, ...marksOf(entry, marks)].map((word) => ` (${word})`).join("");
  const front = marks.parents === true ? style.dim(`${down}${needs} -> `) : "";
  return `${front}${style.bold(id)}${style.changed(words)}${message === "" ? "" : `, ${message}`}`;
}

function marksOf(entry: RevisionEntry, { current }: RevisionMarks): readonly string[] {
  const marks: [string, boolean][] = [
    ["head", entry.isHead && entry.isRealHead],
    ["effective head", entry.isHead && !entry.isRealHead],
    ["current", current === true],
    ["branchpoint", entry.isBranchPoint],
    ["mergepoint", entry.isMergePoint],
  ];
  return marks.filter(([, holds]) => holds).map(([word]) => word);
}

/** All of it, one thing a line, and the doc comment indented. */
export function revisionBlock(
  entry: RevisionEntry,
  style: Style,
  marks: RevisionMarks = {},
): string {
  const { id, downRevisions, dependsOn, branchLabels, children, path, created, doc } = entry;
  const words = marksOf(entry, marks)
    .map((word) => ` (${word})`)
    .join("");
  const lines = [`Rev: ${style.bold(id)}${style.changed(words)}`];
  lines.push(
    entry.isMergePoint
      ? `Merges: ${downRevisions.join(", ")}`
      : `Parent: ${downRevisions[0] ?? "<base>"}`,
  );
  if (dependsOn.length > 0) lines.push(`Also depends on: ${dependsOn.join(", ")}`);
  if (entry.isBranchPoint) lines.push(`Branches into: ${children.join(", ")}`);
  if (branchLabels.length > 0) lines.push(`Branch names: ${branchLabels.join(", ")}`);
  if (path !== null) lines.push(`Path: ${displayPath(path)}`);
  if (created !== null) lines.push(`Created: ${created}`);
  lines.push(
    "",
    ...withoutFacts(doc)
      .split("\n")
      .map((line) => (line === "" ? "" : `    ${line}`)),
    "",
  );
  return lines.join("\n");
}

/** The doc comment without the lines that are said above in words of our own. */
function withoutFacts(doc: string): string {
  return doc.replace(/^(?:Revision|Revises|Labels|Depends|Created):.*$/gm, "").trim();
}
