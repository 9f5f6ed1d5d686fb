import { takeDetachedNames } from "./detached-names.ts";
import { textOption } from "./options.ts";
import { quote, quoteTable } from "./spelling.ts";
import { parentPath, parsePaths } from "../../schema/parents.ts";
import { identityIndex } from "../../schema/replica-identity.ts";
import type { Options, TableName } from "../../schema/types.ts";

function quotePaths(paths: string): readonly string[] {
  return parsePaths(paths).map(quoteTable);
}

/** The middle of CREATE TABLE: the columns and where they come from, and how the rows are parted. */
export function within(own: Options, body: string): readonly string[] {
  const [parent, inherits, key] = ["partitionOf", "inherits", "partitionBy"].map((name) =>
    textOption(own, name),
  );
  return [
    ...(parent === undefined
      ? [body]
      : [
          `PARTITION OF ${quotePaths(parent).join(", ")} ${textOption(own, "values") ?? "DEFAULT"}`,
        ]),
    ...(inherits === undefined ? [] : [`INHERITS (${quotePaths(inherits).join(", ")})`]),
    ...(key === undefined ? [] : [`PARTITION BY ${key}`]),
  ];
}

export function tablespace(own: Options): readonly string[] {
  const name = textOption(own, "tablespace");
  return name === undefined ? [] : [`TABLESPACE ${quote(name)}`];
}

/** Attaches to, and lets go of, parents. */
export function moveParents(
  table: TableName,
  from: Options,
  to: Options,
  detachedNames: Readonly<Record<string, string>> = {},
): readonly string[] {
  const child = quoteTable(table);
  const paths = (options: Options, key: string): readonly string[] =>
    quotePaths(textOption(options, key) ?? "");
  const [old, now] = [paths(from, "inherits"), paths(to, "inherits")];
  return [
    ...paths(from, "partitionOf").flatMap((parent) => [
      ...takeDetachedNames(table, detachedNames),
      `ALTER TABLE ${parent} DETACH PARTITION ${child}`,
    ]),
    ...old
      .filter((parent) => !now.includes(parent))
      .map((parent) => `ALTER TABLE ${child} NO INHERIT ${parent}`),
    ...now
      .filter((parent) => !old.includes(parent))
      .map((parent) => `ALTER TABLE ${child} INHERIT ${parent}`),
    ...paths(to, "partitionOf").map(
      (parent) =>
        `ALTER TABLE ${parent} ATTACH PARTITION ${child} ${textOption(to, "values") ?? "DEFAULT"}`,
    ),
  ];
}

export function moveTablespace(table: TableName, from: Options, to: Options): readonly string[] {
  const [old, now] = [from, to].map((options) => textOption(options, "tablespace"));
  return old === now
    ? []
    : [`ALTER TABLE ${quoteTable(table)} SET TABLESPACE ${quote(now ?? "pg_default")}`];
}

/** `full`, `nothing`, or the name of an index; nothing said: the primary key. */
export function replicaIdentity(table: TableName, from: Options, to: Options): readonly string[] {
  const [old, now] = [from, to].map((options) => textOption(options, "replicaIdentity"));
  if (old === now) return [];
  const index = identityIndex(to);
  const word =
    index === undefined ? (now ?? "default").toUpperCase() : `USING INDEX ${quote(index)}`;
  return [`ALTER TABLE ${quoteTable(table)} REPLICA IDENTITY ${word}`];
}

/** One spelling of a list of parents. */
export function canonicalPaths(paths: string, defaultSchema: string): string {
  return parsePaths(paths)
    .map(({ schema, name }) =>
      parentPath(schema === undefined || schema === defaultSchema ? { name } : { schema, name }),
    )
    .join(", ");
}
