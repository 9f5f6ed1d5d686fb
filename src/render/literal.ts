import { RevlineError } from "../errors.ts";

/**
 * What must not stand in a source file as it is: control characters but tab and line feed, soft hyphens and marks
 * that reorder or hide text, separators that some tools take for line ends, halves of surrogate pairs (UTF-8 has
 * no form for them).
 */
const UNSAFE = /(?![\t\n])\p{Cc}|[\p{Cf}\p{Zl}\p{Zp}\ufff0-\uffff]|\p{Surrogate}/gu;

function escapeCharacter(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

/** `text` with what must not stand in a source file written as escapes; for comments too. */
export function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function escapeControls(text: string): string {
  return escapeUnsafe(
    text.replace(/[\n\r\t]/g, (character) => SHORT_ESCAPES.get(character) ?? character),
  );
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

/** A key of an object literal, quoted where it must be, and in brackets where it would say the prototype. */
export function propertyKey(key: string): string {
  if (key === "__proto__") return '["__proto__"]';
  // prettier takes the letters of ES5 for names: those of the first plane
  const isName =
    /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(key) &&
    !/[\u{10000}-\u{10ffff}\u00b7]/u.test(key);
  return isName ? key : stringSource(key);
}

/** A number, bigint, boolean, null or undefined. */
export function literalSource(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number")
    return Object.is(value, -0) ? "-0" : String(value).replace("e+", "e");
  if (value === null || typeof value === "boolean" || value === undefined) return String(value);
  throw new RevlineError("internal", `A ${typeof value} cannot be written as TypeScript.`);
}
