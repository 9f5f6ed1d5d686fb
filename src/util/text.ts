/** `text` with every line that is not empty moved to the right. */
export function indent(text: string, by = "  "): string {
  return text.replace(/^(?=.)/gm, by);
}

/**
 * A text without the white space that all its lines share, and without an empty first and last line:
 * what a template literal in indented code means to say.
 */
export function dedent(text: string): string {
  const lines = text
    .replace(/^[ \t]*\n/, "")
    .replace(/\n[ \t]*$/, "")
    .split("\n");
  const margins = lines
    .filter((line) => line.trim() !== "")
    .map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const margin = margins.length === 0 ? 0 : Math.min(...margins);
  return lines.map((line) => line.slice(margin)).join("\n");
}

/**
 * A name in camelCase, as a person would write it in TypeScript: `organisation_id` becomes
 * `organisationId`, `HTTPServer` `httpServer`. Only letters, digits, `_` and `$` are left; the answer may be
 * empty or begin with a digit.
 */
export function camelCase(name: string): string {
  const words = name
    .normalize("NFC")
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[^\p{ID_Continue}$]+|_+|\s+/u)
    .filter((word) => word !== "");
  return words
    .map((word, at) => {
      const lower = word.toLowerCase();
      return at === 0 ? lower : lower.replace(/^\p{ID_Start}/u, (letter) => letter.toUpperCase());
    })
    .join("");
}

/** `wanted`, or with the first number behind it that makes it free: `user`, `user2`, `user3`. */
export function uniqueName(wanted: string, isTaken: (name: string) => boolean): string {
  let name = wanted;
  for (let number = 2; isTaken(name); number += 1) name = `${wanted}${number}`;
  return name;
}

/** How many columns of a terminal or an editor a text takes: two for East Asian wide characters and emoji. */
export function textWidth(text: string): number {
  // printable ASCII, by far the most
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text.replace(/\p{Emoji_Presentation}\u{fe0f}?/gu, "  ")) {
    width += widthOf(character.codePointAt(0) ?? 0);
  }
  return width;
}

type Ranges = readonly (readonly [number, number])[];

/** Control characters, combining marks, joiners, variation selectors. */
const ZERO: Ranges = [
  [0, 0x1f],
  [0x7f, 0x9f],
  [0x300, 0x36f],
  [0x200b, 0x200d],
  [0xfe00, 0xfe0f],
];
/** @see https://www.unicode.org/reports/tr11/ */
const WIDE: Ranges = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1d300, 0x1d376],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];

function widthOf(codePoint: number): number {
  const isIn = (ranges: Ranges): boolean =>
    ranges.some(([first, last]) => codePoint >= first && codePoint <= last);
  if (isIn(ZERO)) return 0;
  return isIn(WIDE) ? 2 : 1;
}

/** The order of texts by their code units, the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
