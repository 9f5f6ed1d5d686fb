/**
 * Text with places where it may break. A group is printed on one line if it fits, else each of its own
 * lines breaks; this is the algebra of Wadler and of prettier, so that what comes out is what prettier
 * would leave alone.
 *
 * @see https://homepages.inf.ed.ac.uk/wadler/papers/prettier/prettier.pdf
 */
export type Doc =
  string | readonly Doc[] | Line | Indent | Group | IfBreak | IndentIfBreak | Fill | BreakParent;

interface Part {
  /** A break is certain: around it nothing stays on one line. */
  readonly breaks: boolean;
}
interface Line extends Part {
  readonly is: "line";
  /** What it is when it does not break. */
  readonly flat: "" | " ";
  /** Of a template literal: no indentation follows. */
  readonly literal: boolean;
}
interface Indent extends Part {
  readonly is: "indent";
  readonly content: Doc;
}
export interface Group extends Part {
  readonly is: "group";
  readonly content: Doc;
  readonly id: symbol | undefined;
  /** Other ways to print it, from the flattest to the one that always works. */
  readonly states: readonly Doc[] | undefined;
}
interface IfBreak extends Part {
  readonly is: "ifBreak";
  readonly content: Doc;
  readonly group: symbol | undefined;
}
interface IndentIfBreak extends Part {
  readonly is: "indentIfBreak";
  readonly content: Doc;
  readonly group: symbol;
}
/** Pieces and lines in turn; a line breaks only when the next piece does not fit. */
interface Fill extends Part {
  readonly is: "fill";
  readonly pieces: readonly string[];
}
/** Takes no room and breaks the groups around it. */
interface BreakParent extends Part {
  readonly is: "breakParent";
}

const lineOf = (flat: "" | " ", breaks = false, literal = false): Doc => ({
  is: "line",
  flat,
  breaks,
  literal,
});

export const breakParent: Doc = { is: "breakParent", breaks: true };
export const line = lineOf(" ");
export const softline = lineOf("");
/** Breaks always. */
export const hardline = lineOf("", true);
const literalLine = lineOf("", true, true);

export function indent(content: Doc): Doc {
  return { is: "indent", content, breaks: willBreak(content) };
}

export function ifBreak(content: Doc, ofGroup?: symbol): Doc {
  return { is: "ifBreak", content, group: ofGroup, breaks: willBreak(content) };
}

export function indentIfBreak(content: Doc, ofGroup: symbol): Doc {
  return { is: "indentIfBreak", content, group: ofGroup, breaks: willBreak(content) };
}

export function fill(pieces: readonly string[]): Doc {
  return { is: "fill", pieces, breaks: false };
}

export function group(content: Doc, options: { breaks?: boolean; id?: symbol } = {}): Doc {
  const breaks = options.breaks === true || willBreak(content);
  return { is: "group", content, breaks, id: options.id, states: undefined };
}

/** The first state that fits; the last one if none does. Does not break because a part of it does. */
export function choose(states: readonly [Doc, ...Doc[]]): Doc {
  return { is: "group", content: states[0], breaks: false, id: undefined, states };
}

/** Lines of a template literal: they break, but nothing is indented. */
export function literalText(text: string): Doc {
  return join(literalLine, text.split("\n"));
}

export function join(separator: Doc, docs: readonly Doc[]): Doc {
  const joined: Doc[] = [];
  for (const doc of docs) {
    if (joined.length > 0) joined.push(separator);
    joined.push(doc);
  }
  return joined;
}

/** A document that is a sequence of others. */
export function isList(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}

/** True where a break is certain. */
export function willBreak(doc: Doc): boolean {
  if (typeof doc === "string") return false;
  return isList(doc) ? doc.some(willBreak) : doc.breaks;
}
