import type { EnumType, MetaData } from "../../../src/schema/index.ts";
import type { Choices } from "./choices.ts";
import type { Kind } from "./kinds.ts";
import { freshName } from "./names.ts";

/** What a generator has to go by: the database, what it can do, and the state so far. */
export interface Surroundings {
  readonly kind: Kind;
  readonly metadata: MetaData;
}

/** Names that are taken anywhere: tables, constraints, indexes, enums live in one space on some database. */
export function takenNames(metadata: MetaData): ReadonlySet<string> {
  const names = metadata.tables.flatMap((table) => [
    table.name,
    ...[...table.constraints, ...table.indexes].flatMap(({ name }) => name ?? []),
  ]);
  return new Set(
    [...names, ...metadata.objects.map(({ name }) => name)].map((name) => name.toLowerCase()),
  );
}

const COMMENTS = [
  "plain",
  'it\'s "quoted"',
  "größe 日本",
  "back\\slash",
  "two\nlines",
  "100% ${x} ;",
  "*/ done",
] as const;
export const someComment = (choices: Choices): string => choices.one(COMMENTS);

export function enumsOf(metadata: MetaData): readonly EnumType[] {
  return metadata.objects.filter((item): item is EnumType => item.kind === "enum");
}

/** A name nobody has yet. */
export const named = (choices: Choices, { kind, metadata }: Surroundings, prefix: string): string =>
  freshName(choices, kind, takenNames(metadata), prefix);
