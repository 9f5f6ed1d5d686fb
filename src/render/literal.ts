import { RevlineError } from "../errors.ts";

/**
 * What must not stand in a source file as it is: control characters, separators that some tools take for
 * line ends, marks that reorder or hide text, halves of surrogate pairs (UTF-8 has no form for them).
 */
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]|\p{Surrogate}/gu;

/** `text` with what must not stand in a source file written as escapes; for comments too. */
export function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function escapeControls(text: string): string {
  return escapeUnsafe(text.replace(/[\n\r\t]/g, (character) => SHORT_ESCAPES.get(character) ?? character));
}

/** A string literal: in double quotes, or in single ones where that saves escapes, as prettier has it. */
export function stringSource(value: string): string {
  const doubles = value.split('"').length;
  const singles = value.split("'").length;
  const quote = doubles > singles ? "'" : '"';
  const escaped = value.replace(/\\/g, "\\\\").replaceAll(quote, `\\${quote}`);
  return quote + escapeControls(escaped) + quote;
}

/** The text of a template literal. Line ends stay line ends, but for CR, which template literals lose. */
export function templateSource(text: string): string {
  return escapeUnsafe(
    text
      .replace(/\\/g, "\\\\")
      .replace(/`/g, "\\`")
      .replace(/\$(?=\{)/g, "\\$")
      .replace(/\r/g, "\\r"),
  );
}

/** A key of an object literal, quoted where it must be. */
export function propertyKey(key: string): string {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(key) && !/[\u{10000}-\u{10ffff}\u200c\u200d\u00b7]/u.test(key) ? key : stringSource(key);
}

/** A number, bigint, boolean, null or undefined. */
export function literalSource(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value).replace("e+", "e");
  if (value === null || typeof value === "boolean" || value === undefined) return String(value);
  throw new RevlineError("internal", `A ${typeof value} cannot be written as TypeScript.`);
}
