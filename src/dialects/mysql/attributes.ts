import { quoteName } from "./quote.ts";
import { groupAt, isWord } from "./show-create.ts";
import { tokenize, type Token } from "./tokens.ts";
import type { Options } from "../../schema/types.ts";

/** The tokens outside parentheses, up to where partitions begin. */
function outside(tokens: readonly Token[]): readonly Token[] {
  const found: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined || (isWord(token, "PARTITION") && isWord(tokens[at + 1], "BY"))) break;
    if (token.kind === "symbol" && token.value === "(") at += groupAt(tokens, at).length - 1;
    else found.push(token);
  }
  return found;
}

/** The value behind words, with or without a sign between them. */
function behind(tokens: readonly Token[], ...words: readonly string[]): string | undefined {
  const at = tokens.findIndex((_, start) =>
    words.every((word, place) => isWord(tokens[start + place], word)),
  );
  const [first, second] = tokens.slice(at + words.length);
  return at < 0 ? undefined : (first?.value === "=" ? second : first)?.value;
}

/** `a, b`.`c`: the names of a list of tables, each quoted where it has to be. */
export function canonicalUnion(given: string): string {
  return tokenize(given)
    .map(({ kind, value }) => {
      if (kind === "symbol") return value === "," ? ", " : value.replace(/[()]/, "");
      return /^[a-z_]\w*$/i.test(value) ? value : quoteName(value);
    })
    .join("");
}

function unionOf(tokens: readonly Token[]): string | undefined {
  const at = tokens.findIndex((token) => isWord(token, "UNION"));
  const open = tokens.findIndex((token, place) => place > at && token.value === "(");
  if (at < 0 || open < 0) return undefined;
  return canonicalUnion(
    groupAt(tokens, open)
      .map(({ kind, value }) => (kind === "name" ? quoteName(value) : value))
      .join(""),
  );
}

function present(given: Readonly<Record<string, string | number | undefined>>): Options {
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** What stands behind any part of the statement that SHOW CREATE TABLE gives: settings for engines, as JSON. */
function engineAttributes(tokens: readonly Token[]): Readonly<Record<string, string | undefined>> {
  return {
    engineAttribute: behind(tokens, "ENGINE_ATTRIBUTE"),
    secondaryEngineAttribute: behind(tokens, "SECONDARY_ENGINE_ATTRIBUTE"),
  };
}

/** Options of a table that the catalog does not tell. */
export function attributesOfTable(tail: readonly Token[]): Options {
  const tokens = outside(tail);
  const size = behind(tokens, "AUTOEXTEND_SIZE");
  const transactional = behind(tokens, "TRANSACTIONAL");
  return present({
    transactional: transactional === undefined ? undefined : Number(transactional),
    tablespace: behind(tokens, "TABLESPACE"),
    autoextendSize: size === undefined ? undefined : Number(size),
    dataDirectory: behind(tokens, "DATA", "DIRECTORY"),
    indexDirectory: behind(tokens, "INDEX", "DIRECTORY"),
    connection: behind(tokens, "CONNECTION"),
    insertMethod: behind(tokens, "INSERT_METHOD"),
    union: unionOf(tail),
    ...engineAttributes(tokens),
  });
}

/** Options of a column that the catalog does not tell. */
export function attributesOfColumn(definition: readonly Token[]): Options {
  const tokens = outside(definition);
  return present({
    columnFormat: behind(tokens, "COLUMN_FORMAT")?.toLowerCase(),
    storage: behind(tokens, "STORAGE")?.toLowerCase(),
    ...engineAttributes(tokens),
  });
}

/** Options of an index that the catalog does not tell. */
export function attributesOfIndex(definition: readonly Token[]): Options {
  const tokens = outside(definition);
  const size = behind(tokens, "KEY_BLOCK_SIZE");
  return present({
    keyBlockSize: size === undefined ? undefined : Number(size),
    ...engineAttributes(tokens),
  });
}

/** JSON as text, however it was spaced and ordered; what is none stays, for the server to refuse. */
export function canonicalJson(given: string): string {
  // numbers that JavaScript cannot hold would be others
  if (/\d{16}/.test(given)) return given;
  try {
    return spellJson(JSON.parse(given));
  } catch (error) {
    if (error instanceof SyntaxError) return given;
    throw error;
  }
}

function spellJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spellJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) =>
    a.length === b.length ? (a < b ? -1 : 1) : a.length - b.length,
  );
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}: ${spellJson(part)}`).join(", ")}}`;
}

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** `4M` as a number of bytes. */
export function bytesOf(given: string | number | boolean): number {
  const [, digits = "0", unit = ""] = /^(\d+)([kmg]?)$/i.exec(String(given)) ?? [];
  return Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
}
