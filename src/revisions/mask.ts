/** Comments and template literals of a source text, and strings so that a quote in one hides nothing. */
const HIDDEN =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|`(?:\\[\s\S]|[^`\\])*(?:`|$)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

/** The same text, as long, with blanks where comments and template literals are. */
export function mask(source: string): string {
  return source.replace(HIDDEN, (found) =>
    found.startsWith('"') || found.startsWith("'") ? found : found.replace(/[^\n]/g, " "),
  );
}
