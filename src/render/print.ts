import { textWidth } from "../util/text.ts";
import { isList, type Doc, type Group } from "./doc.ts";

type Mode = "flat" | "break";
type Node = Extract<Doc, { readonly is: string }>;
type Kind = Node["is"];
/** One answer for every kind of node. */
type NodeTable<State, Result> = {
  readonly [K in Kind]: (
    node: Extract<Node, { readonly is: K }>,
    mode: Mode,
    state: State,
  ) => Result;
};

function look<K extends Kind, State, Result>(
  table: {
    readonly [P in K]: (
      node: Extract<Node, { readonly is: P }>,
      mode: Mode,
      state: State,
    ) => Result;
  },
  node: Extract<Node, { readonly is: K }>,
  mode: Mode,
  state: State,
): Result {
  return table[node.is](node, mode, state);
}

interface Command {
  readonly indentation: number;
  readonly mode: Mode;
  readonly doc: Doc;
}

function contentFor(group: Group, mode: Mode): Doc {
  return mode === "break" ? (group.states?.at(-1) ?? group.content) : group.content;
}

/** What is still to be measured, and the room that is left for it. */
interface Measure {
  left: number;
  readonly modes: ReadonlyMap<symbol, Mode>;
  push(doc: Doc, mode: Mode): void;
}

/** Takes room away, or pushes what is inside; true where the line may end. */
const MEASURE: NodeTable<Measure, boolean> = {
  line: ({ breaks, flat }, mode, measure) => {
    measure.left -= flat.length;
    return mode === "break" || breaks;
  },
  group: (node, mode, measure) => {
    const inMode = node.breaks ? "break" : mode;
    measure.push(contentFor(node, inMode), inMode);
    return false;
  },
  indent: ({ content }, mode, measure) => {
    measure.push(content, mode);
    return false;
  },
  indentIfBreak: ({ content }, mode, measure) => {
    measure.push(content, mode);
    return false;
  },
  ifBreak: ({ content, group: id }, mode, measure) => {
    if ((id === undefined ? mode : measure.modes.get(id)) === "break") measure.push(content, mode);
    return false;
  },
  fill: ({ pieces }, mode, measure) => {
    measure.left -= textWidth(mode === "break" ? (pieces[0] ?? "") : pieces.join(" "));
    return mode === "break" && pieces.length > 1 && measure.left >= 0;
  },
  breakParent: () => false,
};

/** Whether everything up to the next line break fits in `room`; `rest` is what follows, the next one last. */
function fits(
  next: Command,
  rest: readonly Command[],
  room: number,
  modes: ReadonlyMap<symbol, Mode>,
): boolean {
  let restAt = rest.length;
  const open: { doc: Doc; mode: Mode }[] = [next];
  const measure: Measure = {
    left: room,
    modes,
    push: (doc, mode) => void open.push({ doc, mode }),
  };
  while (measure.left >= 0) {
    const current = open.pop() ?? rest[--restAt];
    if (current === undefined) return true;
    const { doc, mode } = current;
    if (typeof doc === "string") measure.left -= textWidth(doc);
    else if (isList(doc)) for (const part of doc.toReversed()) measure.push(part, mode);
    else if (look(MEASURE, doc, mode, measure)) return true;
  }
  return false;
}

/** The text so far and what is still to be printed. */
class Printer {
  readonly modes = new Map<symbol, Mode>();
  readonly #commands: Command[] = [];
  readonly #width: number;
  readonly #lines: string[] = [];
  #line = "";
  #column: number;
  #indentation: number;
  /** Something flat held a line that breaks: groups behind it are measured again. */
  #remeasure = false;

  constructor(width: number, startAt: number) {
    this.#width = width;
    this.#column = startAt;
    this.#indentation = startAt;
  }

  print(doc: Doc): string {
    this.push(doc, "break");
    for (
      let command = this.#commands.pop();
      command !== undefined;
      command = this.#commands.pop()
    ) {
      this.#indentation = command.indentation;
      const { doc: current, mode } = command;
      if (typeof current === "string") this.write(current);
      else if (isList(current)) for (const part of current.toReversed()) this.push(part, mode);
      else look(PRINT, current, mode, this);
    }
    return [...this.#lines, this.#line].join("\n");
  }

  push(doc: Doc, mode: Mode, deeper = 0): void {
    this.#commands.push({ doc, mode, indentation: this.#indentation + deeper });
  }

  write(text: string): void {
    this.#line += text;
    this.#column += textWidth(text);
  }

  newLine(isLiteral: boolean): void {
    const margin = isLiteral ? 0 : this.#indentation;
    this.#lines.push(isLiteral ? this.#line : this.#line.replace(/[ \t]+$/, ""));
    this.#line = " ".repeat(margin);
    this.#column = margin;
  }

  /** A line that breaks although what is around it is flat. */
  breakFlat(): void {
    this.#remeasure = true;
  }

  hasRoomFor(text: string): boolean {
    return this.#column + textWidth(text) <= this.#width;
  }

  /** The mode in which a group goes on. */
  group(node: Group, mode: Mode): Mode {
    if (mode === "flat" && !this.#remeasure)
      return this.#pushed(
        contentFor(node, node.breaks ? "break" : "flat"),
        node.breaks ? "break" : "flat",
      );
    this.#remeasure = false;
    if (node.breaks) return this.#pushed(contentFor(node, "break"), "break");
    const fitting = (node.states ?? [node.content]).find((state) => this.#fits(state));
    return fitting === undefined
      ? this.#pushed(contentFor(node, "break"), "break")
      : this.#pushed(fitting, "flat");
  }

  #fits(doc: Doc): boolean {
    return fits(
      { doc, mode: "flat", indentation: this.#indentation },
      this.#commands,
      this.#width - this.#column,
      this.modes,
    );
  }

  #pushed(doc: Doc, mode: Mode): Mode {
    this.push(doc, mode);
    return mode;
  }
}

const PRINT: NodeTable<Printer, void> = {
  line: ({ breaks, flat, literal }, mode, printer) => {
    if (mode === "flat" && !breaks) return printer.write(flat);
    if (mode === "flat") printer.breakFlat();
    printer.newLine(literal);
  },
  group: (node, mode, printer) => {
    const chosen = printer.group(node, mode);
    if (node.id !== undefined) printer.modes.set(node.id, chosen);
  },
  indent: ({ content }, mode, printer) => printer.push(content, mode, INDENTATION),
  indentIfBreak: ({ content, group: id }, mode, printer) =>
    printer.push(content, mode, printer.modes.get(id) === "break" ? INDENTATION : 0),
  ifBreak: ({ content, group: id }, mode, printer) => {
    if ((id === undefined ? mode : printer.modes.get(id)) === "break") printer.push(content, mode);
  },
  fill: ({ pieces }, mode, printer) => {
    if (mode === "flat") return printer.write(pieces.join(" "));
    for (const [at, piece] of pieces.entries()) {
      // a comma follows the last piece too
      const isLast = at === pieces.length - 1;
      if (at > 0 && !printer.hasRoomFor(` ${piece}${isLast ? "," : ""}`)) printer.newLine(false);
      else if (at > 0) printer.write(" ");
      printer.write(piece);
    }
  },
  breakParent: () => undefined,
};

const INDENTATION = 2;

/** A text, and which of the groups with an id are broken in it. */
export interface Printed {
  readonly text: string;
  readonly broken: readonly symbol[];
}

/**
 * Lays a document out.
 *
 * @param width columns of a line
 * @param startAt column of the first character and the indentation of what breaks
 */
export function print(doc: Doc, width = 100, startAt = 0): Printed {
  const printer = new Printer(width, startAt);
  const text = printer.print(doc);
  return {
    text,
    broken: [...printer.modes].flatMap(([id, mode]) => (mode === "break" ? [id] : [])),
  };
}
