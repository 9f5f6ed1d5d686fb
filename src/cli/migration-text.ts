import type { MigrationPlan, MigrationResult } from "../config/index.ts";
import type { Description } from "../operations/describe.ts";
import { count } from "./count.ts";
import { hazardText } from "./operation-text.ts";
import type { Style } from "./style.ts";

/** What was done, in one sentence. */
export function migrationText({ to, revisions, databases }: MigrationResult, style: Style): string {
  if (databases !== undefined) {
    return Object.entries(databases)
      .map(([name, result]) => `${name}: ${migrationText(result, style)}`)
      .join("\n");
  }
  const where = to.length === 0 ? "base" : to.join(", ");
  if (revisions.length === 0) return `Nothing to do: the database is at ${style.bold(where)}.`;
  const word = revisions[0]?.direction === "upgrade" ? "Applied" : "Took back";
  return `${word} ${count(revisions.length, "revision")}: the database is at ${style.bold(where)}.`;
}

/** `- post: drop column body (! drops the column's data)`. */
export function plannedLine({ symbol, subject, text, hazards = [] }: Description): string {
  return `${symbol} ${text.includes(subject) ? "" : `${subject}: `}${text}${hazardText(hazards)}`;
}

/** The plan as SQL, with what it does as comments. */
export function planText({ revisions }: MigrationPlan): string {
  const blocks = revisions.map(
    ({ id, message, direction, downRevisions, operations, statements, notes }) => {
      const down = downRevisions.join(", ") || "base";
      const [from, to] = direction === "upgrade" ? [down, id] : [id, down];
      const lines = [`${direction} ${from} -> ${to}${message === "" ? "" : `, ${message}`}`];
      for (const operation of operations) lines.push(`  ${plannedLine(operation)}`);
      lines.push(...notes.map((note) => `  note: ${note}`));
      const comments = lines.flatMap((line) => line.split("\n")).map((line) => `-- ${line}`);
      return [...comments, ...statements.map((statement) => `${statement};`)].join("\n");
    },
  );
  return blocks.join("\n\n");
}
