import { chain, object, string, word, type Code } from "./code.ts";
import { data, entriesOf, optionsArgument, type Style } from "./data.ts";
import type { AlterObject, CreateObject, DropObject, Invoke } from "../operations/operation.ts";
import type { ObjectName, OpenKind, OpenObject } from "../schema/objects/types.ts";
import { omit } from "../util/equal.ts";

/** `createView`, `dropMaterializedView`. */
function method(verb: "create" | "drop" | "alter", kind: OpenKind): string {
  return verb + kind.replace(/^./, (letter) => letter.toUpperCase());
}

/** What models import to declare an object of a kind: the kind's own word, where that is not taken. */
const BUILDERS: { readonly [K in OpenKind]?: string } = {
  custom: "customObject",
  function: "sqlFunction",
  procedure: "sqlProcedure",
};

/** The name of the function that declares an object in models. */
export function builderName(kind: OpenKind): string {
  return BUILDERS[kind] ?? kind;
}

/** In the order in which one reads a routine: what goes in and comes out before all else, and the body last. */
const FIRST = ["schema", "table", "parameters", "returns", "language"];

function inReadingOrder(value: object): object {
  const place = (key: string): number =>
    key === "body" ? FIRST.length + 1 : FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => place(a) - place(b)));
}

/** All that an object is beside its kind and its name; the parameters of a routine and the operands of
 * an operator say what tells it from others. */
function definitionOf(value: OpenObject): object {
  const said = omit(value, "kind", "name");
  const isRoutine = ["function", "procedure", "aggregate", "operator"].includes(value.kind);
  return inReadingOrder(isRoutine ? omit(said, "arguments") : said);
}

/** The name and what the object is; nothing where the name says all. */
export function definedAs(value: OpenObject, style: Style): readonly Code[] {
  return [string(value.name), ...optionsArgument(definitionOf(value), style)];
}

const op = (name: string, args: readonly Code[]): Code => chain(word("op"), [{ name, args }]);

const where = ({ schema, table }: ObjectName, style: Style): readonly Code[] =>
  optionsArgument({ schema, table }, style);

/** The call of `op` that creates an object. */
export function createObjectCode({ object: made }: CreateObject, style: Style): Code {
  if (made.kind === "custom") {
    const { type, name, definition } = made;
    return op("createObject", [
      string(type),
      string(name),
      data(definition, style),
      ...where(made, style),
    ]);
  }
  return op(method("create", made.kind), definedAs(made, style));
}

/** The call of `op` that drops an object. */
export function dropObjectCode({ type, object: gone }: DropObject, style: Style): Code {
  if (gone.type !== undefined)
    return op("dropObject", [string(gone.type), string(gone.name), ...where(gone, style)]);
  return op(method("drop", type), [
    string(gone.name),
    ...optionsArgument(omit(gone, "name"), style),
  ]);
}

/** The call of `op` that changes an object: the whole of it before and after. */
export function alterObjectCode({ from, to }: AlterObject, style: Style): Code {
  if (from.kind === "custom" && to.kind === "custom") {
    const change = data({ from: from.definition, to: to.definition }, style);
    return op("alterObject", [string(to.type), string(to.name), change, ...where(to, style)]);
  }
  const change = object([
    ["from", object(entriesOf(definitionOf(from), style))],
    ["to", object(entriesOf(definitionOf(to), style))],
  ]);
  return op(method("alter", to.kind), [string(to.name), change]);
}

/** The call of `op` for an operation of the project's own. */
export function invokeCode({ name, data: given }: Invoke, style: Style): Code {
  const args = Object.keys(given).length === 0 ? [] : [data(given, style)];
  return op("invoke", [string(name), ...args]);
}
