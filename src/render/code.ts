/** The little of TypeScript that revisions and models are made of. */
export type Code =
  | { readonly is: "word"; readonly text: string }
  | { readonly is: "string"; readonly value: string }
  | { readonly is: "template"; readonly tag: string; readonly pieces: readonly (string | Code)[] }
  | { readonly is: "array"; readonly items: readonly Code[] }
  | { readonly is: "object"; readonly entries: readonly Entry[]; readonly expanded: boolean }
  | { readonly is: "arrow"; readonly parameters: string; readonly body: Code }
  | { readonly is: "call"; readonly name: string; readonly args: readonly Code[] }
  | { readonly is: "chain"; readonly head: Code; readonly calls: readonly Call[] };

export type Entry = readonly [key: string, value: Code];
export interface Call {
  readonly name: string;
  readonly args: readonly Code[];
}

export const word = (text: string): Code => ({ is: "word", text });
export const string = (value: string): Code => ({ is: "string", value });
export const array = (items: readonly Code[]): Code => ({ is: "array", items });
export const object = (entries: readonly Entry[], expanded = false): Code => ({
  is: "object",
  entries,
  expanded,
});
export const arrow = (parameters: string, body: Code): Code => ({ is: "arrow", parameters, body });
/** A call of a name: `table("users", …)`, `new Date("…")`. */
export const call = (name: string, ...args: readonly Code[]): Code => ({ is: "call", name, args });
/** Calls of methods, one after the other: `t.integer().notNull()`. */
export const chain = (head: Code, calls: readonly Call[]): Code => ({ is: "chain", head, calls });

/** The same in JavaScript: calls without their type arguments. */
export function withoutTypes(code: Code): Code {
  const all = (codes: readonly Code[]): readonly Code[] => codes.map(withoutTypes);
  switch (code.is) {
    case "array":
      return { ...code, items: all(code.items) };
    case "object":
      return {
        ...code,
        entries: code.entries.map(([key, value]): Entry => [key, withoutTypes(value)]),
      };
    case "arrow":
      return { ...code, body: withoutTypes(code.body) };
    case "call":
      return { ...code, args: all(code.args) };
    case "chain":
      return {
        ...code,
        head: withoutTypes(code.head),
        calls: code.calls.map(({ name, args }) => ({
          name: name.replace(/<.*>$/, ""),
          args: all(args),
        })),
      };
    case "template":
      return {
        ...code,
        pieces: code.pieces.map((piece) =>
          typeof piece === "string" ? piece : withoutTypes(piece),
        ),
      };
    default:
      return code;
  }
}
