import type { Choices } from "./choices.ts";
import { isMysql, type Kind } from "./kinds.ts";

const PLAIN = [
  "a",
  "b",
  "c",
  "d",
  "e",
  "email",
  "amount",
  "created_at",
  "name",
  "note",
  "kind",
  "state",
  "total",
  "code",
] as const;
const HOSTILE = [
  "order",
  "select",
  "group",
  "Mixed Case",
  "camelCase",
  "with space",
  "dot.ted",
  'quo"te',
  "apos'trophe",
  "back`tick",
  "back\\slash",
  "größe",
  "日本語",
  "percent%s",
  "dollar$1",
  "${brace}",
  "question?",
  "colon:name",
  "semi;colon",
  "dash-- comment",
  "star/*x*/",
  "1digit",
  "bra[cket]",
  "par(en)",
  "com,ma",
  "Ünïcödé",
  "table",
  "primary",
  "default",
  "check",
  "null",
  "true",
  "user",
  "constraint",
  "index",
  "key",
  "at@",
  "hash#",
  "new\u00a0nbsp",
  "__proto__",
  "constructor",
] as const;

/** A name nobody has yet, without regard to case. `most`: the longest a name may be. */
export function freshName(
  choices: Choices,
  kind: Kind,
  taken: ReadonlySet<string>,
  prefix = "",
): string {
  const hostile = choices.chance(25);
  const base = prefix + (hostile ? hostileName(choices, kind) : (choices.pick(PLAIN) ?? "a"));
  const most = kind === "postgresql" ? 63 : 64;
  const long = hostile && choices.chance(8) ? `${base}_`.padEnd(bytesLeft(base, most), "x") : base;
  let name = long;
  for (let count = 2; taken.has(name.toLowerCase()); count += 1) {
    const suffix = `_${String(count)}`;
    name =
      long.length + suffix.length > most
        ? long.slice(0, most - suffix.length) + suffix
        : long + suffix;
  }
  return name;
}

/** mysql2 refuses rows with a field of that name. */
function hostileName(choices: Choices, kind: Kind): string {
  const name = choices.pick(HOSTILE) ?? "order";
  return isMysql(kind) && name === "__proto__" ? "proto" : name;
}

/** How many characters fill `most` bytes, when `base` stands first. */
function bytesLeft(base: string, most: number): number {
  return most - (Buffer.byteLength(base) - base.length);
}
