/** `text` with every line that is not empty moved to the right. */
export function indent(text: string, by = "  "): string {
  return text.replace(/^(?=.)/gm, by);
}

/**
 * A text without the white space that all its lines share, and without an empty first and last line:
 * what a template literal in indented code means to say.
 */
export function dedent(text: string): string {
  const lines = text.replace(/^[ \t]*\n/, "").replace(/\n[ \t]*$/, "").split("\n");
  const margins = lines.filter((line) => line.trim() !== "").map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
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
  if (!/[^\u0020-\u007e]/.test(text)) return text.length;
  let width = 0;
  for (const character of text.replace(/\p{Emoji_Presentation}\u{fe0f}?/gu, "  ")) {
    if (/[\p{Cc}\u0300-\u036f\u200b-\u200d\ufe00-\ufe0f]/u.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** @see https://www.unicode.org/reports/tr11/ */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dff\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1d300}-\u{1d376}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;
