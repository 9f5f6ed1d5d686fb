import { Cursor, splitByComma } from "./cursor.ts";
import { parseClause, type ClauseFacts } from "./parse-clause.ts";
import { parseTableConstraint } from "./parse-constraint.ts";
import { isWord, sourceOf, type Token } from "./tokens.ts";
import type { Constraint } from "../../schema/types.ts";

/** One clause of a column: its text, and the constraint it makes if it makes one. */
export interface Clause extends ClauseFacts {
  readonly text: string;
}

export interface ParsedColumn {
  readonly name: string;
  /** The type's text, empty for a column without one. */
  readonly type: string;
  /** Name and type as they stand in the source. */
  readonly head: string;
  readonly clauses: readonly Clause[];
}

export interface ParsedConstraint {
  readonly text: string;
  readonly constraint: Constraint;
  /** `PRIMARY KEY (a AUTOINCREMENT)`. */
  readonly autoincrement: boolean;
}

/** All that a CREATE TABLE text says, in its order. */
export interface ParsedTable {
  readonly name: string;
  readonly columns: readonly ParsedColumn[];
  readonly constraints: readonly ParsedConstraint[];
  readonly strict: boolean;
  readonly withoutRowid: boolean;
}

const CLAUSE_WORDS = [
  "CONSTRAINT",
  "PRIMARY",
  "NOT",
  "NULL",
  "UNIQUE",
  "CHECK",
  "DEFAULT",
  "COLLATE",
  "REFERENCES",
  "AS",
  "DEFERRABLE",
];

function typeTokens(cursor: Cursor): readonly Token[] {
  const start = cursor.at;
  const named = (): boolean => {
    const { token } = cursor;
    if (token === undefined || cursor.isWord(...CLAUSE_WORDS)) return false;
    return token.kind === "word" || token.kind === "quoted" || token.kind === "string";
  };
  while (named()) cursor.at += 1;
  const words = cursor.tokens.slice(start, cursor.at);
  // SQLite's grammar reads GENERATED ALWAYS as part of the type and cuts it off afterwards
  const [generated, always] = words.slice(-2);
  if (isWord(generated, "GENERATED") && isWord(always, "ALWAYS")) {
    cursor.at -= 2;
    return words.slice(0, -2);
  }
  if (words.length > 0 && cursor.isSymbol("(")) cursor.inner();
  return cursor.tokens.slice(start, cursor.at);
}

function parseColumn(cursor: Cursor): ParsedColumn {
  const start = cursor.at;
  const name = cursor.name();
  const type = sourceOf(cursor.sql, typeTokens(cursor));
  const head = cursor.since(start);
  const clauses: Clause[] = [];
  while (cursor.token !== undefined) {
    const from = cursor.at;
    const facts = parseClause(cursor, name);
    clauses.push({ ...facts, text: cursor.since(from) });
  }
  return { name, type, head, clauses };
}

function isConstraintStart(token: Token | undefined): boolean {
  return isWord(token, "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN");
}

/** Table constraints need no commas between them. */
function parseConstraints(cursor: Cursor): readonly ParsedConstraint[] {
  const found: ParsedConstraint[] = [];
  while (cursor.token !== undefined) {
    const from = cursor.at;
    const parsed = parseTableConstraint(cursor);
    found.push({ ...parsed, text: cursor.since(from) });
  }
  return found;
}

/**
 * Reads the CREATE TABLE text of sqlite_schema.
 *
 * @throws NotUnderstood where the text holds something this parser does not know
 */
export function parseTable(sql: string): ParsedTable {
  const cursor = new Cursor(sql);
  cursor.expect("CREATE");
  if (cursor.isWord("TEMP", "TEMPORARY")) cursor.at += 1;
  cursor.expect("TABLE");
  cursor.accept("IF", "NOT", "EXISTS");
  const first = cursor.name();
  const name = cursor.acceptSymbol(".") ? cursor.name() : first;
  const columns: ParsedColumn[] = [];
  const constraints: ParsedConstraint[] = [];
  for (const item of splitByComma(cursor.inner())) {
    const inner = new Cursor(sql, item);
    if (isConstraintStart(item[0])) constraints.push(...parseConstraints(inner));
    else if (constraints.length === 0) columns.push(parseColumn(inner));
    else inner.fail();
  }
  const options = parseOptions(cursor);
  return { name, columns, constraints, ...options };
}

function parseOptions(cursor: Cursor): { strict: boolean; withoutRowid: boolean } {
  let strict = false;
  let withoutRowid = false;
  while (cursor.token !== undefined) {
    if (cursor.accept("WITHOUT", "ROWID")) withoutRowid = true;
    else if (cursor.accept("STRICT")) strict = true;
    else cursor.fail();
    if (cursor.token !== undefined) cursor.expectSymbol(",");
  }
  return { strict, withoutRowid };
}
