/** SQLite's names do not differ by case (of ASCII letters). */
export function sameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && fold(a) === fold(b));
}

/** A name as a key: ASCII letters in lower case. */
export function fold(name: string): string {
  return /[A-Z]/.test(name) ? name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : name;
}
