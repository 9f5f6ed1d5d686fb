import { chain, object, string, word, type Code } from "./code.ts";
import { entriesOf, optionsArgument, type Style } from "./data.ts";
import type { AlterObject, CreateObject, DropObject } from "../operations/operation.ts";
import type { OpenKind, OpenObject } from "../schema/objects/types.ts";
import { omit } from "../util/equal.ts";

/** `createView`, `dropMaterializedView`. */
function method(verb: "create" | "drop" | "alter", kind: OpenKind): string {
  return verb + kind.replace(/^./, (letter) => letter.toUpperCase());
}

/** All that an object is beside its kind and its name. */
export function definitionCode(value: OpenObject, style: Style): Code {
  return object(entriesOf(omit(value, "kind", "name"), style));
}

const op = (name: string, args: readonly Code[]): Code => chain(word("op"), [{ name, args }]);

/** The call of `op` that creates an object. */
export function createObjectCode({ object: made }: CreateObject, style: Style): Code {
  return op(method("create", made.kind), [string(made.name), definitionCode(made, style)]);
}

/** The call of `op` that drops an object. */
export function dropObjectCode({ type, object: gone }: DropObject, style: Style): Code {
  return op(method("drop", type), [
    string(gone.name),
    ...optionsArgument(omit(gone, "name"), style),
  ]);
}

/** The call of `op` that changes an object: the whole of it before and after. */
export function alterObjectCode({ from, to }: AlterObject, style: Style): Code {
  const change = object([
    ["from", definitionCode(from, style)],
    ["to", definitionCode(to, style)],
  ]);
  return op(method("alter", to.kind), [string(to.name), change]);
}
