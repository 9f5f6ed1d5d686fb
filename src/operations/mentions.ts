import type { OpenObject } from "../schema/objects/types.ts";

/**
 * Names in SQL, quoted in any way, and single words in texts: rather one too many than one too few. Brackets
 * behind a word or a value are no quotes of SQLite's, but PostgreSQL's `ARRAY[…]` or a subscript.
 */
export const NAME =
  /"(?:[^"]|"")*"|`(?:[^`]|``)*`|(?<![\p{L}\p{N}_$)\]"])\[[^\]]*\]|[\p{L}_][\p{L}\p{N}_$]*/gu;

/** Symbols are names too: of operators. */
const NAME_OR_SYMBOL = new RegExp(`${NAME.source}|[-+*/<>=~!@#%^&|?]+`, "gu");

function bare(token: string): string {
  const [first] = token;
  if (first === '"' || first === "`") return token.slice(1, -1).replaceAll(first + first, first);
  return first === "[" ? token.slice(1, -1) : token;
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value === "string") {
    into.add(value);
    for (const token of value.match(NAME_OR_SYMBOL) ?? []) {
      into.add(bare(token));
      into.add(token.toLowerCase());
    }
  } else if (typeof value === "object" && value !== null) {
    for (const child of Object.values(value)) collect(child, into);
  }
}

/** Every name that any text in a value may speak of. */
export function namesIn(value: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  collect(value, names);
  return names;
}

/** Every name that the object's own texts may speak of; its own name is not among them. */
export function namesMentioned(object: OpenObject): ReadonlySet<string> {
  const { kind: _kind, name: _name, schema: _schema, ...rest } = object;
  return namesIn(rest);
}
