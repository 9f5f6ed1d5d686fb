import { quoteTable } from "./quote.ts";
import { tokenize, type Token } from "./tokens.ts";
import { read } from "./catalog.ts";
import { withoutDatabase } from "./sequence-names.ts";
import type { Connection } from "../contract.ts";
import type { TableName } from "../../schema/types.ts";

/** What SHOW CREATE TABLE says of the things that the server spells in its own way. */
export interface Shown {
  /** DEFAULT of columns, as SQL; wrapped in parentheses where it is shown so. */
  readonly defaults: ReadonlyMap<string, string>;
  /** Expressions of generated columns. */
  readonly computed: ReadonlyMap<string, string>;
  /** Expressions of checks, by the constraint's name. */
  readonly checks: ReadonlyMap<string, string>;
  /** Expressions of checks in columns, by the column's name. */
  readonly columnChecks: ReadonlyMap<string, string>;
  /** Expressions of indexes, by the index's name. */
  readonly indexes: ReadonlyMap<string, readonly string[]>;
}

/** Cuts tokens at the commas outside parentheses. */
export function atCommas(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const pieces: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === "symbol" && token.value === "(") depth += 1;
    if (token.kind === "symbol" && token.value === ")") depth -= 1;
    if (depth < 0) break;
    if (depth === 0 && token.kind === "symbol" && token.value === ",") pieces.push([]);
    else pieces.at(-1)?.push(token);
  }
  return pieces;
}

export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.value.toUpperCase());
}

/** The tokens of a parenthesised group that starts at a place, with its parentheses. */
export function groupAt(tokens: readonly Token[], start: number): readonly Token[] {
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind === "symbol" && token.value === "(") depth += 1;
    if (token?.kind === "symbol" && token.value === ")") depth -= 1;
    if (depth === 0) return tokens.slice(start, at + 1);
  }
  return tokens.slice(start);
}

const AFTER_DEFAULT = [
  "ON",
  "COMMENT",
  "CHECK",
  "INVISIBLE",
  "AUTO_INCREMENT",
  "COLLATE",
  "NOT",
] as const;

function defaultTokens(tokens: readonly Token[], start: number): readonly Token[] {
  const [first] = tokens.slice(start);
  if (first?.value === "(" && first.kind === "symbol") return groupAt(tokens, start);
  const found: Token[] = [];
  let depth = 0;
  for (const token of tokens.slice(start)) {
    if (
      depth === 0 &&
      (isWord(token, ...AFTER_DEFAULT) || (token.kind === "symbol" && token.value === "/"))
    )
      break;
    if (token.kind === "symbol" && token.value === "(") depth += 1;
    if (token.kind === "symbol" && token.value === ")") depth -= 1;
    found.push(token);
  }
  return found;
}

/** Reads the statement that SHOW CREATE TABLE gives. */
export function readShown(sql: string): Shown {
  const defaults = new Map<string, string>();
  const computed = new Map<string, string>();
  const checks = new Map<string, string>();
  const columnChecks = new Map<string, string>();
  const indexes = new Map<string, readonly string[]>();
  const source = (tokens: readonly Token[]): string => {
    const [first] = tokens;
    const last = tokens.at(-1);
    return first === undefined || last === undefined ? "" : sql.slice(first.start, last.end);
  };
  const all = tokenize(sql);
  const open = all.findIndex((token) => token.kind === "symbol" && token.value === "(");
  for (const tokens of atCommas(all.slice(open + 1))) {
    const [first, second, third] = tokens;
    if (first?.kind === "name") {
      const value = tokens.findIndex((token) => isWord(token, "DEFAULT"));
      const as = tokens.findIndex((token) => isWord(token, "AS"));
      const check = tokens.findIndex((token) => isWord(token, "CHECK"));
      if (as > 0) computed.set(first.value, source(groupAt(tokens, as + 1)));
      else if (value > 0) defaults.set(first.value, source(defaultTokens(tokens, value + 1)));
      if (check > 0) columnChecks.set(first.value, source(groupAt(tokens, check + 1)));
    } else if (isWord(first, "CONSTRAINT") && second?.kind === "name" && isWord(third, "CHECK")) {
      checks.set(second.value, source(groupAt(tokens, 3)));
    } else if (isWord(first, "KEY") && second?.kind === "name") {
      indexes.set(second.value, atCommas(groupAt(tokens, 2).slice(1)).map(source));
    }
  }
  return { defaults, computed, checks, columnChecks, indexes };
}

/** The statement that makes a table, as the server writes it. */
export async function createdBy(connection: Connection, table: TableName): Promise<string> {
  const [row = {}] = await connection.query(`SHOW CREATE TABLE ${quoteTable(table)}`);
  return withoutDatabase(read(row, "Create Table"), connection.server.database) ?? "";
}

export async function showCreate(connection: Connection, table: TableName): Promise<Shown> {
  return readShown(await createdBy(connection, table));
}
