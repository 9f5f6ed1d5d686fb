import type { Dialect, ServerInfo, Statement } from "../dialects/contract.ts";
import type { DryRevision } from "./rehearse.ts";

/** Whom a script is for. */
export interface ScriptTarget {
  readonly dialect: Dialect;
  readonly server: ServerInfo;
  /** One transaction for each revision; else one around them all. */
  readonly transactionPerMigration: boolean;
}

/**
 * Revisions as a script for the database's own command-line client: transactions around them where the
 * database has such, and a comment before each that says which it is. Empty where there are none.
 */
export function scriptOf(revisions: readonly DryRevision[], target: ScriptTarget): string {
  const body = new Transactions(target);
  for (const revision of revisions) {
    body.begin();
    body.comment(headOf(revision));
    for (const note of revision.notes) body.comment(`note: ${note}`);
    body.add([...revision.preparation, ...revision.statements, ...revision.versionStatements]);
    if (target.transactionPerMigration) body.commit();
  }
  body.commit();
  return framed(body.lines, target);
}

/** Changes of the version table alone, as a script. */
export function versionScript(statements: readonly Statement[], target: ScriptTarget): string {
  if (statements.length === 0) return "";
  const body = new Transactions(target);
  body.begin();
  body.add(statements);
  body.commit();
  return body.lines.slice(1).join("\n");
}

function framed(lines: readonly string[], { dialect, server }: ScriptTarget): string {
  if (lines.length === 0) return "";
  const { usage, open, close, ended } = dialect.script;
  return [
    `-- ${server.dialect} ${server.version.split("\n")[0] ?? ""}; run it with: ${usage}`,
    ...open(server).map(ended),
    ...lines,
    ...(close.length === 0 ? [] : ["", ...close.map(ended)]),
  ].join("\n");
}

function headOf({ revision, direction }: DryRevision): string {
  const { id, downRevisions, message } = revision;
  const down = downRevisions.join(", ") || "base";
  const [from, to] = direction === "upgrade" ? [down, id] : [id, down];
  return `Running ${direction} ${from} -> ${to}${message === "" ? "" : `, ${message}`}`;
}

/** Lines of a script that opens a transaction when it is needed and leaves it where a statement must stand alone. */
class Transactions {
  readonly lines: string[] = [];
  readonly #target: ScriptTarget;
  #isOpen = false;

  constructor(target: ScriptTarget) {
    this.#target = target;
  }

  begin(): void {
    const { transaction, ended } = this.#target.dialect.script;
    if (this.#isOpen) this.lines.push("");
    else this.lines.push("", ...(transaction === undefined ? [] : [ended(transaction.begin)]));
    this.#isOpen = true;
  }

  commit(): void {
    const { transaction, ended } = this.#target.dialect.script;
    if (this.#isOpen && transaction !== undefined) this.lines.push(ended(transaction.commit));
    this.#isOpen = false;
  }

  comment(text: string): void {
    this.lines.push(...text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `-- ${line}`.trimEnd()));
  }

  add(statements: readonly Statement[]): void {
    const { dialect, server } = this.#target;
    for (const statement of statements) {
      if (statement.autocommit === true || statement.commitsBefore === true) this.commit();
      if (statement.autocommit !== true && !this.#isOpen) this.begin();
      const { before, after } = statement.settings ?? { before: [], after: [] };
      const texts = [...before, dialect.text(statement, server), ...after];
      this.lines.push(...texts.map((sql) => dialect.script.ended(sql)));
    }
  }
}
