/**
 * Text with places where it may break. A group is printed on one line if it fits, else each of its own
 * lines breaks; this is the algebra of Wadler and of prettier, so that what comes out is what prettier
 * would leave alone.
 *
 * @see https://homepages.inf.ed.ac.uk/wadler/papers/prettier/prettier.pdf
 */
export type Doc =
  string | readonly Doc[] | Line | Indent | Group | IfBreak | IndentIfBreak | Fill | BreakParent;

interface Line {
  readonly is: "line";
  /** What it is when it does not break. */
  readonly flat: "" | " ";
  /** Always breaks, and with it every group around it. */
  readonly hard?: true;
  /** Of a template literal: no indentation follows. */
  readonly literal?: true;
}
interface Indent {
  readonly is: "indent";
  readonly content: Doc;
}
export interface Group {
  readonly is: "group";
  readonly content: Doc;
  readonly breaks: boolean;
  readonly id?: symbol;
  /** Other ways to print it, from the flattest to the one that always works. */
  readonly states?: readonly Doc[];
}
interface IfBreak {
  readonly is: "ifBreak";
  readonly content: Doc;
  readonly group?: symbol;
}
interface IndentIfBreak {
  readonly is: "indentIfBreak";
  readonly content: Doc;
  readonly group: symbol;
}
/** Pieces and lines in turn; a line breaks only when the next piece does not fit. */
interface Fill {
  readonly is: "fill";
  readonly pieces: readonly string[];
}

/** Takes no room and breaks the groups around it. */
interface BreakParent {
  readonly is: "breakParent";
}

export const breakParent: Doc = { is: "breakParent" };
export const line: Doc = { is: "line", flat: " " };
export const softline: Doc = { is: "line", flat: "" };
export const hardline: Doc = { is: "line", flat: "", hard: true };
const literalLine: Doc = { is: "line", flat: "", hard: true, literal: true };

export const indent = (content: Doc): Doc => ({ is: "indent", content });
export const ifBreak = (content: Doc, group?: symbol): Doc => ({
  is: "ifBreak",
  content,
  ...(group && { group }),
});
export const indentIfBreak = (content: Doc, group: symbol): Doc => ({
  is: "indentIfBreak",
  content,
  group,
});
export const fill = (pieces: readonly string[]): Doc => ({ is: "fill", pieces });

export function group(content: Doc, options: { breaks?: boolean; id?: symbol } = {}): Doc {
  const breaks = options.breaks === true || willBreak(content);
  return { is: "group", content, breaks, ...(options.id && { id: options.id }) };
}

/** The first state that fits; the last one if none does. Does not break because a part of it does. */
export function choose(states: readonly [Doc, ...Doc[]]): Doc {
  return { is: "group", content: states[0], breaks: false, states };
}

/** Lines of a template literal: they break, but nothing is indented. */
export function literalText(text: string): Doc {
  return join(literalLine, text.split("\n"));
}

export function join(separator: Doc, docs: readonly Doc[]): Doc {
  return docs.flatMap((doc, at) => (at === 0 ? [doc] : [separator, doc]));
}

/** A document that is a sequence of others. */
export function isList(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}

/** True where a break is certain. */
export function willBreak(doc: Doc): boolean {
  if (typeof doc === "string") return false;
  if (isList(doc)) return doc.some(willBreak);
  switch (doc.is) {
    case "line":
      return doc.hard === true;
    case "breakParent":
      return true;
    case "fill":
      return false;
    case "group":
      return doc.breaks || (doc.states === undefined ? willBreak(doc.content) : false);
    default:
      return willBreak(doc.content);
  }
}
