import { textWidth } from "../util/text.ts";

/**
 * Text with places where it may break. A group is printed on one line if it fits, else each of its own
 * lines breaks; this is the algebra of Wadler and of prettier, so that what comes out is what prettier
 * would leave alone.
 *
 * @see https://homepages.inf.ed.ac.uk/wadler/papers/prettier/prettier.pdf
 */
export type Doc = string | readonly Doc[] | Line | Indent | Group | IfBreak | IndentIfBreak | Fill | BreakParent;

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
interface Group {
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
export const ifBreak = (content: Doc, group?: symbol): Doc => ({ is: "ifBreak", content, ...(group && { group }) });
export const indentIfBreak = (content: Doc, group: symbol): Doc => ({ is: "indentIfBreak", content, group });
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

function isList(doc: Doc): doc is readonly Doc[] {
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

type Mode = "flat" | "break";
interface Command {
  readonly indentation: number;
  readonly mode: Mode;
  readonly doc: Doc;
}

function contentFor(doc: Group, mode: Mode): Doc {
  return mode === "break" ? (doc.states?.at(-1) ?? doc.content) : doc.content;
}

/** Whether everything up to the next line break fits in `room`; `rest` is what follows, the next one last. */
function fits(next: Command, rest: readonly Command[], room: number, modes: ReadonlyMap<symbol, Mode>): boolean {
  let left = room;
  let restAt = rest.length;
  const commands: Command[] = [next];
  while (left >= 0) {
    const command = commands.pop() ?? rest[--restAt];
    if (command === undefined) return true;
    const { mode, doc } = command;
    const push = (content: Doc, inMode: Mode = mode): number => commands.push({ ...command, mode: inMode, doc: content });
    if (typeof doc === "string") left -= textWidth(doc);
    else if (isList(doc)) for (const part of doc.toReversed()) push(part);
    else if (doc.is === "line") {
      if (mode === "break" || doc.hard === true) return true;
      left -= doc.flat.length;
    } else if (doc.is === "group") {
      const inMode = doc.breaks ? "break" : mode;
      push(contentFor(doc, inMode), inMode);
    } else if (doc.is === "ifBreak") {
      if ((doc.group === undefined ? mode : (modes.get(doc.group) ?? "flat")) === "break") push(doc.content);
    } else if (doc.is === "fill") {
      if (mode === "break") {
        left -= textWidth(doc.pieces[0] ?? "");
        if (left < 0) return false;
        if (doc.pieces.length > 1) return true;
      } else push(doc.pieces.join(" "));
    } else if (doc.is !== "breakParent") push(doc.content);
  }
  return false;
}

/**
 * Lays a document out.
 *
 * @param width columns of a line
 * @param startAt column of the first character and the indentation of what breaks
 * @param onBroken told the id of every group that breaks
 */
export function print(doc: Doc, width = 100, startAt = 0, onBroken?: (id: symbol) => void): string {
  const modes = new Map<symbol, Mode>();
  const commands: Command[] = [{ indentation: startAt, mode: "break", doc }];
  let output = "";
  let column = startAt;
  let remeasure = false;
  const write = (text: string): void => {
    output += text;
    column += textWidth(text);
  };
  for (let command = commands.pop(); command !== undefined; command = commands.pop()) {
    const { indentation, mode, doc: current } = command;
    const push = (content: Doc, inMode: Mode = mode): number => commands.push({ indentation, mode: inMode, doc: content });
    if (typeof current === "string") write(current);
    else if (isList(current)) for (const part of current.toReversed()) push(part);
    else if (current.is === "line") {
      if (mode === "flat" && current.hard !== true) write(current.flat);
      else {
        if (mode === "flat") remeasure = true;
        const margin = current.literal === true ? 0 : indentation;
        output = `${current.literal === true ? output : output.replace(/[ \t]+$/, "")}\n${" ".repeat(margin)}`;
        column = margin;
      }
    } else if (current.is === "indent") commands.push({ indentation: indentation + 2, mode, doc: current.content });
    else if (current.is === "indentIfBreak") {
      const isBroken = modes.get(current.group) === "break";
      commands.push({ indentation: indentation + (isBroken ? 2 : 0), mode, doc: current.content });
    } else if (current.is === "ifBreak") {
      if ((current.group === undefined ? mode : modes.get(current.group)) === "break") push(current.content);
    } else if (current.is === "fill") writeFill(current.pieces, command, push);
    else if (current.is === "group") {
      const chosen = printGroup(current, command);
      if (current.id === undefined) continue;
      modes.set(current.id, chosen);
      if (chosen === "break") onBroken?.(current.id);
    }
  }
  return output;

  function printGroup(current: Group, { indentation, mode }: Command): Mode {
    const push = (content: Doc, inMode: Mode): Mode => {
      commands.push({ indentation, mode: inMode, doc: content });
      return inMode;
    };
    if (mode === "flat" && !remeasure) {
      const inMode = current.breaks ? "break" : "flat";
      return push(contentFor(current, inMode), inMode);
    }
    remeasure = false;
    const flat: Command = { indentation, mode: "flat", doc: current.content };
    if (!current.breaks && fits(flat, commands, width - column, modes)) return push(current.content, "flat");
    const { states } = current;
    if (states === undefined || current.breaks) return push(contentFor(current, "break"), "break");
    const fitting = states.slice(1).find((state) => fits({ ...flat, doc: state }, commands, width - column, modes));
    return fitting === undefined ? push(states.at(-1) ?? "", "break") : push(fitting, "flat");
  }

  function writeFill(pieces: readonly string[], { indentation, mode }: Command, push: (content: Doc) => number): void {
    if (mode === "flat") {
      push(pieces.join(" "));
      return;
    }
    for (const [at, piece] of pieces.entries()) {
      // a comma follows the last piece too
      const needed = 1 + textWidth(piece) + (at === pieces.length - 1 ? 1 : 0);
      if (at > 0 && column + needed > width) {
        output += `\n${" ".repeat(indentation)}`;
        column = indentation;
      } else if (at > 0) write(" ");
      write(piece);
    }
  }
}
