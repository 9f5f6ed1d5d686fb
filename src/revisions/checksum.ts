import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Revision } from "./revision.ts";

/** After one of these a slash begins a regular expression, not a division. */
const BEFORE_EXPRESSION = new Set(
  "return typeof case in of delete void throw new do else await yield instanceof".split(" "),
);
const CLOSING = new Set([")", "]", "}"]);
const BLANK = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))+/y;
const WORD = /[\p{L}\p{N}_$\u200C\u200D]+/uy;
const STRING = /"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?/y;
const TEMPLATE = /(?:\\[\s\S]|(?!\$\{)[^`\\])*(?:`|\$\{|$)/y;
const REGULAR_EXPRESSION = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;

function isWord(token: string | undefined): boolean {
  return token !== undefined && /^[\p{L}\p{N}_$]/u.test(token);
}

/** The text's words, strings and signs, without what stands between them. */
function tokensOf(source: string): readonly string[] {
  const tokens: string[] = [];
  // how deep in braces each `${` stands; 0: the next `}` ends it
  const templates: number[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(source) ?? [];
    if (found !== undefined) at += found.length;
    return found;
  };
  const template = (): void => {
    const text = match(TEMPLATE) ?? "";
    tokens.push(`\`${text}`);
    if (text.endsWith("${")) templates.push(0);
  };
  while (at < source.length) {
    if (match(BLANK) !== undefined) continue;
    const string = match(STRING);
    if (string !== undefined) {
      tokens.push(`"${string.slice(1, -1).replace(/\\(["'])/g, "$1")}"`);
      continue;
    }
    const word = match(WORD);
    if (word !== undefined) {
      tokens.push(word);
      continue;
    }
    const previous = tokens.at(-1);
    const begins =
      previous === undefined ||
      BEFORE_EXPRESSION.has(previous) ||
      !(isWord(previous) || CLOSING.has(previous) || /^["`]/.test(previous));
    const expression = begins ? match(REGULAR_EXPRESSION) : undefined;
    if (expression !== undefined) {
      tokens.push(expression);
      continue;
    }
    const sign = source.charAt(at);
    at += 1;
    const depth = templates.at(-1);
    if (sign === "`") template();
    else if (sign === "}" && depth === 0) {
      templates.pop();
      template();
    } else {
      if (depth !== undefined && sign === "{") templates.push((templates.pop() ?? 0) + 1);
      if (depth !== undefined && sign === "}") templates.push((templates.pop() ?? 0) - 1);
      tokens.push(sign);
    }
  }
  return tokens;
}

/** What formatters add and take away: semicolons, last commas, quotes of keys, parentheses around one parameter. */
function withoutStyle(tokens: readonly string[]): readonly string[] {
  const plain = tokens.filter(
    (token, index) => token !== ";" && !(token === "," && CLOSING.has(tokens[index + 1] ?? "")),
  );
  const kept: string[] = [];
  for (let at = 0; at < plain.length; at += 1) {
    const token = plain[at] ?? "";
    const [next, close, equals, arrow] = plain.slice(at + 1, at + 5);
    const isKey = next === ":" && /^(?:[{,]|`.*\$\{)$/.test(plain[at - 1] ?? "");
    const key = isKey ? /^"([\p{L}_$][\p{L}\p{N}_$]*)"$/u.exec(token)?.[1] : undefined;
    if (token === "(" && isWord(next) && close === ")" && equals === "=" && arrow === ">") {
      kept.push(next ?? "");
      at += 2;
    } else kept.push(key ?? token);
  }
  return kept;
}

/**
 * A checksum of what a revision's file does: comments, line endings and what a formatter changes do not count.
 *
 * @returns SHA-256, 64 hexadecimal digits
 */
export function checksumOf(source: string): string {
  const text = source.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  return createHash("sha256")
    .update(withoutStyle(tokensOf(text)).join("\n"))
    .digest("hex");
}

/** {@link checksumOf} of a revision's file as it is now; undefined where it has none. */
export function revisionChecksum({ path }: Pick<Revision, "path">): string | undefined {
  return path === undefined ? undefined : checksumOf(readFileSync(path, "utf8"));
}
