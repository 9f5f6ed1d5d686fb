import type { Code } from "./code.ts";
import {
  breakParent,
  choose,
  fill,
  group,
  hardline,
  ifBreak,
  indent,
  indentIfBreak,
  join,
  line,
  literalText,
  softline,
  willBreak,
  type Doc,
} from "./doc.ts";
import { propertyKey, stringSource, templateSource } from "./literal.ts";
import { print } from "./print.ts";

const WIDTH = 100;

/**
 * Prettier keeps an object open that was written open, and lays out differently around it. So a layout is
 * repeated with every object that broke as open from the start, until none is new.
 */
class Layout {
  readonly #open = new Set<Code>();
  readonly #objects = new Map<symbol, Code>();

  isOpen(object: Code): boolean {
    return this.#open.has(object);
  }

  idOf(object: Code): symbol {
    const id = Symbol("object");
    this.#objects.set(id, object);
    return id;
  }

  print(make: () => Doc, startAt: number): string {
    for (;;) {
      this.#objects.clear();
      const before = this.#open.size;
      const { text, broken } = print(make(), WIDTH, startAt);
      for (const id of broken) {
        const object = this.#objects.get(id);
        if (object !== undefined) this.#open.add(object);
      }
      if (this.#open.size === before) return text;
    }
  }
}

/** A statement with its semicolon, `startAt` columns from the margin. */
export function statement(code: Code, startAt = 0): string {
  const layout = new Layout();
  return layout.print(
    () => [code.is === "chain" ? chainDoc(code, true, layout) : docOf(code, layout), ";"],
    startAt,
  );
}

/** `export const name = value;` */
export function exportConst(name: string, value: Code): string {
  const layout = new Layout();
  return layout.print(() => [assign(`export const ${name}`, " =", value, false, layout), ";"], 0);
}

/** Whether it takes one line of no more than `room` columns. */
export function fitsOneLine(code: Code, room: number): boolean {
  const text = oneLine(code, new Layout());
  return !text.includes("\n") && text.length <= room;
}

function oneLine(code: Code, layout: Layout): string {
  return print(docOf(code, layout), Infinity).text;
}

function docOf(code: Code, layout: Layout): Doc {
  switch (code.is) {
    case "word":
      return code.text;
    case "string":
      return stringSource(code.value);
    case "template":
      return templateDoc(code, layout);
    case "array":
      return arrayDoc(code.items, layout);
    case "object":
      return objectDoc(code, layout);
    case "arrow":
      return arrowDoc(code, false, layout);
    case "call":
      return callDoc(code.name, code.args, layout);
    case "chain":
      return chainDoc(code, false, layout);
  }
}

function templateDoc({ tag, pieces }: Extract<Code, { is: "template" }>, layout: Layout): Doc {
  // what stands in ${} is never broken
  const text = pieces.map((piece) =>
    typeof piece === "string" ? templateSource(piece) : `\${${oneLine(piece, layout)}}`,
  );
  return [tag, "`", literalText(text.join("")), "`"];
}

function isNumber(code: Code): boolean {
  return code.is === "word" && /^-?[\d.]+(e-?\d+)?$/.test(code.text);
}

function sizeOf(code: Code): number {
  if (code.is === "array") return code.items.length;
  return code.is === "object" ? code.entries.length : 0;
}

function arrayDoc(items: readonly Code[], layout: Layout): Doc {
  const [first] = items;
  if (first === undefined) return "[]";
  if (items.every(isNumber)) {
    const id = Symbol("numbers");
    const pieces = items.map(
      (item, at) => oneLine(item, layout) + (at < items.length - 1 ? "," : ""),
    );
    return group(["[", indent([softline, fill(pieces), ifBreak(",", id)]), softline, "]"], { id });
  }
  // lists of lists and lists of objects stand one to a line
  const isTabular =
    items.length > 1 && items.every((item) => item.is === first.is && sizeOf(item) > 1);
  const content = join(
    [",", line],
    items.map((item) => group(docOf(item, layout))),
  );
  return group(["[", indent([softline, content, ifBreak(",")]), softline, "]"], {
    breaks: isTabular,
  });
}

function objectDoc(object: Extract<Code, { is: "object" }>, layout: Layout): Doc {
  if (object.entries.length === 0) return "{}";
  const properties = object.entries.map(([key, value]) =>
    group(assign(propertyKey(key), ":", value, true, layout)),
  );
  return group(["{", indent([line, join([",", line], properties)]), ifBreak(","), line, "}"], {
    breaks: object.expanded || layout.isOpen(object),
    id: layout.idOf(object),
  });
}

/** `key: value` or `name = value`: the value goes to the next line where nothing in it can break well. */
function assign(
  left: string,
  operator: string,
  value: Code,
  isProperty: boolean,
  layout: Layout,
): Doc {
  const right = docOf(value, layout);
  const hasShortKey = isProperty && left.length < 5;
  const isText = value.is === "string" || value.is === "template";
  if (!hasShortKey && (value.is === "string" || isPoorlyBreakable(value))) {
    return group([left, operator, group(indent([line, right]))]);
  }
  if (hasShortKey || isText) return group([left, operator, " ", right]);
  const id = Symbol("assignment");
  return group([left, operator, group(indent(line), { id }), indentIfBreak(group(right), id)]);
}

/** A short chain whose calls have no arguments worth breaking. */
function isPoorlyBreakable(code: Code): boolean {
  const isLone = (args: readonly Code[]): boolean =>
    args.length === 0 || (args.length === 1 && args.every(isShort));
  if (code.is === "chain")
    return (
      code.calls.length === 1 &&
      code.calls.every(({ args }) => isLone(args)) &&
      code.head.is === "word"
    );
  return code.is === "call" && !code.name.startsWith("new ") && isLone(code.args);
}

function isShort(code: Code): boolean {
  const limit = WIDTH / 4;
  switch (code.is) {
    case "word":
      return isLiteralWord(code.text) || code.text.length <= limit;
    case "string":
      return stringSource(code.value).length <= limit;
    case "call":
      return code.args.length === 0 && code.name.length <= limit - 2;
    default:
      return false;
  }
}

function isLiteralWord(text: string): boolean {
  return /^(-?[\d.]|true$|false$|null$)/.test(text);
}

/** Whether an argument is so plain that a chain of many calls may stay on one line. */
function isSimple(code: Code, depth = 2): boolean {
  if (depth <= 0) return false;
  const isInside = (inner: Code): boolean => isSimple(inner, depth - 1);
  switch (code.is) {
    case "word":
    case "string":
      return true;
    case "array":
      return code.items.every(isInside);
    case "object":
      return code.entries.every(([, value]) => isInside(value));
    case "call":
      return code.args.length <= depth && code.args.every(isInside);
    case "chain":
      return (
        isSimple(code.head, depth) &&
        code.calls.every(({ args }) => args.length <= depth && args.every(isInside))
      );
    default:
      return false;
  }
}

function arrowDoc(
  { parameters, body }: Extract<Code, { is: "arrow" }>,
  isLastArgument: boolean,
  layout: Layout,
): Doc {
  const head = `${parameters} =>`;
  if (body.is === "object") return group([head, group([" (", docOf(body, layout), ")"])]);
  const inner = docOf(body, layout);
  if (body.is === "array" || (body.is === "template" && willBreak(inner)))
    return group([head, group([" ", inner])]);
  const tail: Doc = isLastArgument ? [ifBreak(","), softline] : "";
  return group([head, group([indent([line, inner]), tail])]);
}

function canHug(code: Code): boolean {
  switch (code.is) {
    case "array":
      return code.items.length > 0;
    case "object":
      return code.entries.length > 0;
    case "arrow":
      return ["object", "array", "call", "chain"].includes(code.body.is);
    default:
      return false;
  }
}

function hugsLast(args: readonly Code[]): boolean {
  const last = args.at(-1);
  const before = args.at(-2);
  if (last === undefined || !canHug(last) || before?.is === last.is) return false;
  if (last.is !== "array") return true;
  return (
    !(args.length === 2 && before?.is === "arrow") &&
    !(args.length > 1 && last.items.every(isNumber))
  );
}

function isMultiline(code: Code): boolean {
  return (
    code.is === "template" &&
    code.pieces.some((piece) => typeof piece === "string" && piece.includes("\n"))
  );
}

function argumentsDoc(args: readonly Code[], layout: Layout): Doc {
  const last = args.at(-1);
  if (last === undefined) return "()";
  const docs = args.map((arg, at): Doc =>
    at < args.length - 1 ? [docOf(arg, layout), ",", line] : docOf(arg, layout),
  );
  const brokenOut = group(["(", indent([line, ...docs]), ",", line, ")"], { breaks: true });
  if (hugsLast(args)) {
    const before = docs.slice(0, -1);
    if (before.some(willBreak)) return brokenOut;
    const hugged = last.is === "arrow" ? arrowDoc(last, true, layout) : (docs.at(-1) ?? "");
    const expanded: Doc = ["(", ...before, group(hugged, { breaks: true }), ")"];
    if (willBreak(hugged)) return [breakParent, choose([expanded, brokenOut])];
    return choose([["(", ...before, hugged, ")"], expanded, brokenOut]);
  }
  return group(["(", indent([softline, ...docs]), ifBreak(","), softline, ")"], {
    breaks: docs.some(willBreak),
  });
}

function callDoc(name: string, args: readonly Code[], layout: Layout): Doc {
  const [only] = args;
  if (args.length === 1 && only !== undefined && isMultiline(only))
    return [name, "(", docOf(only, layout), ")"];
  return [name, argumentsDoc(args, layout)];
}

function chainDoc(
  { head, calls }: Extract<Code, { is: "chain" }>,
  isStatement: boolean,
  layout: Layout,
): Doc {
  const first = docOf(head, layout);
  const last = calls.at(-1);
  const [only] = last?.args ?? [];
  if (calls.length === 1 && last?.args.length === 1 && only !== undefined && isMultiline(only)) {
    return [first, ".", callDoc(last.name, last.args, layout)];
  }
  const links = calls.map(({ name, args }): Doc => [".", name, argumentsDoc(args, layout)]);
  const flat: Doc = [first, ...links];
  // `op.` is as short as the indentation: the first call stays with it
  const isMerged = isStatement && head.is === "word" && head.text.length <= 2;
  if (links.length < (isMerged ? 3 : 2)) return group(flat);
  const kept = isMerged ? 1 : 0;
  const expanded: Doc = [
    first,
    ...links.slice(0, kept),
    indent([hardline, join(hardline, links.slice(kept))]),
  ];
  const headCalls = head.is === "call" ? [head] : [];
  const all: readonly { readonly args: readonly Code[] }[] = [...headCalls, ...calls];
  const isBusy = all.length > 2 && all.some(({ args }) => !args.every((arg) => isSimple(arg)));
  if (isBusy || [first, ...links.slice(0, -1)].some(willBreak)) return group(expanded);
  return [willBreak(flat) ? breakParent : "", choose([flat, expanded])];
}
