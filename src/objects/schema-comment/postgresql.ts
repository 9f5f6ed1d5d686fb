import type { ObjectDialect } from "../contract.ts";
import { comment } from "../../dialects/postgresql/compile.ts";
import { objectRows, ours } from "../../dialects/postgresql/object-rows.ts";
import { text } from "../../dialects/postgresql/rows.ts";
import { quote } from "../../dialects/postgresql/spelling.ts";
import type { SchemaComment } from "../../schema/objects/types.ts";

/** What every new database says of its schema `public`: the comment of nobody. */
const STANDARD = "standard public schema";

const COMMENTS = `SELECT n.nspname::text AS name, d.description AS comment
FROM pg_namespace n JOIN pg_description d ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid AND d.objsubid = 0
WHERE ${ours("pg_namespace", "n.oid")} ORDER BY n.nspname`;

function saysSomething({ name, comment: words }: SchemaComment): boolean {
  return words !== "" && !(name === "public" && words === STANDARD);
}

function commentText(name: string, words: string | undefined): string {
  return comment(`SCHEMA ${quote(name)}`, words);
}

export const postgresql: ObjectDialect<SchemaComment> = {
  skippedAs: [],
  reflect: async (connection, filter) => {
    const rows = await objectRows(connection, filter, COMMENTS);
    const objects = rows.map((row): SchemaComment => ({
      kind: "schemaComment",
      name: text(row, "name"),
      comment: text(row, "comment"),
    }));
    return { objects: objects.filter(saysSomething), skipped: [] };
  },
  canonicalize: async ({ database, models }) =>
    Promise.resolve({ database, models: models.filter(saysSomething), skipped: [] }),
  create: ({ name, comment: words }) => [{ sql: commentText(name, words) }],
  drop: ({ name }) => [{ sql: commentText(name, name === "public" ? STANDARD : undefined) }],
  alter: ({ to }) => [{ sql: commentText(to.name, to.comment) }],
};
