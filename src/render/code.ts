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
