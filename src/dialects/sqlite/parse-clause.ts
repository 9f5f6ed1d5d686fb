import type { Cursor } from "./cursor.ts";
import {
  parseCheck,
  parseConflict,
  parseName,
  parseReferences,
  withOptions,
} from "./parse-constraint.ts";
import { text } from "../../schema/expression.ts";
import type { Computed, Constraint, Options } from "../../schema/types.ts";

/** What one clause of a column says. */
export interface ClauseFacts {
  readonly constraint?: Constraint;
  readonly autoincrement?: true;
  readonly notNull?: true;
  /** Options of the column that the clause brings. */
  readonly options?: Options;
  /** The default's text, outer parentheses taken off. */
  readonly default?: string;
  readonly collation?: string;
  readonly computed?: Computed;
}

function parseDefault(cursor: Cursor): ClauseFacts {
  if (cursor.isSymbol("(")) return { default: cursor.parenthesized() };
  const start = cursor.at;
  if (!cursor.acceptSymbol("-")) cursor.acceptSymbol("+");
  if (cursor.token === undefined || cursor.token.kind === "symbol") cursor.fail();
  cursor.at += 1;
  return { default: cursor.since(start) };
}

function parseGenerated(cursor: Cursor): ClauseFacts {
  cursor.accept("GENERATED", "ALWAYS");
  cursor.expect("AS");
  const expression = text(cursor.parenthesized());
  const stored = cursor.accept("STORED");
  if (!stored) cursor.accept("VIRTUAL");
  return { computed: { expression, stored } };
}

/**
 * One clause of a column, with the CONSTRAINT name before it.
 *
 * @throws NotUnderstood
 */
export function parseClause(cursor: Cursor, column: string): ClauseFacts {
  const name = parseName(cursor);
  if (cursor.accept("PRIMARY", "KEY")) {
    // INTEGER PRIMARY KEY DESC is no alias of the rowid: https://sqlite.org/lang_createtable.html#rowid
    const descending = cursor.accept("DESC");
    if (!descending) cursor.accept("ASC");
    const options = { ...(descending ? { desc: true } : {}), ...parseConflict(cursor) };
    const constraint: Constraint = {
      kind: "primaryKey",
      ...name,
      columns: [column],
      ...withOptions(options),
    };
    return cursor.accept("AUTOINCREMENT") ? { constraint, autoincrement: true } : { constraint };
  }
  if (cursor.accept("NOT", "NULL")) {
    const named = name.name === undefined ? {} : { notNullName: name.name };
    return { notNull: true, ...withOptions({ ...parseConflict(cursor), ...named }) };
  }
  if (cursor.accept("NULL")) {
    parseConflict(cursor);
    return {};
  }
  if (cursor.accept("UNIQUE")) {
    return {
      constraint: {
        kind: "unique",
        ...name,
        columns: [column],
        ...withOptions(parseConflict(cursor)),
      },
    };
  }
  if (cursor.isWord("CHECK")) return { constraint: parseCheck(cursor, name) };
  if (cursor.accept("DEFAULT")) return parseDefault(cursor);
  if (cursor.accept("COLLATE")) return { collation: cursor.name() };
  if (cursor.isWord("REFERENCES")) return { constraint: parseReferences(cursor, [column], name) };
  return parseGenerated(cursor);
}
