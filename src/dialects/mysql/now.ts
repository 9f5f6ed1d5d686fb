import { tokenize, unwrap } from "./tokens.ts";

const WORDS = new Set(["current_timestamp", "now", "localtime", "localtimestamp"]);

/**
 * `CURRENT_TIMESTAMP` or `CURRENT_TIMESTAMP(n)`, whatever synonym the text has (`now()`,
 * `current_timestamp()`, `LOCALTIME(3)`); undefined when the text is anything else.
 */
export function currentTimestamp(sql: string): string | undefined {
  const [word, open, ...rest] = tokenize(unwrap(sql));
  if (word?.kind !== "word" || !WORDS.has(word.value.toLowerCase())) return undefined;
  if (open === undefined)
    return word.value.toLowerCase() === "now" ? undefined : "CURRENT_TIMESTAMP";
  if (open.value !== "(" || rest.at(-1)?.value !== ")") return undefined;
  const digits = rest.slice(0, -1);
  const [precision] = digits;
  if (precision === undefined) return "CURRENT_TIMESTAMP";
  if (digits.length !== 1 || precision.kind !== "number") return undefined;
  return precision.value === "0" ? "CURRENT_TIMESTAMP" : `CURRENT_TIMESTAMP(${precision.value})`;
}
