import { read } from "./catalog.ts";
import { groupAt, isWord } from "./show-create.ts";
import { tokenize, type Token } from "./tokens.ts";
import type { Connection } from "../contract.ts";

/** What the catalog may show in another way than it was written. */
const DOUBTFUL = /[?'"`\\]/;

/** Characteristics of a routine, each on a line of its own, as both servers write them. */
const CHARACTERISTIC =
  /^ {4}(?:NO SQL|CONTAINS SQL|READS SQL DATA|MODIFIES SQL DATA|DETERMINISTIC|LANGUAGE \w+|SQL SECURITY \w+|COMMENT '(?:[^'\\]|\\[\s\S]|'')*')\n/;

function bodyOfRoutine(shown: string, tokens: readonly Token[]): string {
  const open = tokens.findIndex(({ kind, value }) => kind === "symbol" && value === "(");
  const end = tokens[open + groupAt(tokens, open).length - 1]?.end ?? 0;
  // behind the parameters or the type that a function returns, the line ends
  let rest = shown.slice(shown.indexOf("\n", end) + 1);
  for (;;) {
    const found = CHARACTERISTIC.exec(rest);
    if (found === null) return rest;
    rest = rest.slice(found[0].length);
  }
}

function bodyOfTrigger(shown: string, tokens: readonly Token[]): string {
  const row = tokens.findIndex(
    (token, at) =>
      isWord(token, "FOR") && isWord(tokens[at + 1], "EACH") && isWord(tokens[at + 2], "ROW"),
  );
  const isPlaced = isWord(tokens[row + 3], "FOLLOWS", "PRECEDES");
  return row < 0 ? "" : shown.slice(tokens[row + (isPlaced ? 5 : 3)]?.start);
}

function bodyOfEvent(shown: string, tokens: readonly Token[]): string {
  const word = tokens.findIndex((token) => isWord(token, "DO"));
  return word < 0 ? "" : shown.slice(tokens[word + 1]?.start);
}

/** The columns of SHOW CREATE that hold a program, and how to find its text in them. */
const BODIES = {
  "Create Function": bodyOfRoutine,
  "Create Procedure": bodyOfRoutine,
  "Create Event": bodyOfEvent,
  "SQL Original Statement": bodyOfTrigger,
} as const;

/**
 * A program's text as it was written. The catalog shows a `?` for each four-byte character and loses what
 * escapes in strings and names: a doubled quote (MySQL 9.7), a doubled backslash (both servers).
 *
 * @param text as the catalog has it
 * @param show the SHOW CREATE statement
 * @param column of its answer
 */
export async function exactText(
  connection: Connection,
  text: string,
  show: string,
  column: keyof typeof BODIES,
): Promise<string> {
  if (!DOUBTFUL.test(text)) return text;
  const [row = {}] = await connection.query(show);
  const shown = read(row, column);
  if (shown === undefined) return text;
  const body = BODIES[column](shown, tokenize(shown));
  return body === "" ? text : body;
}
