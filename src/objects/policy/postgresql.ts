import type { ObjectDialect } from "../contract.ts";
import { skipped } from "../skipped.ts";
import { statements } from "../../dialects/ddl.ts";
import { comment, faithful, inSchemaOf } from "../../dialects/postgresql/compile.ts";
import { withoutParentheses } from "../../dialects/postgresql/expression-text.ts";
import {
  commentOf,
  nameOfRow,
  objectRows,
  ours,
  SCHEMA,
  words,
} from "../../dialects/postgresql/object-rows.ts";
import { flag, maybeText, text as textOf, texts } from "../../dialects/postgresql/rows.ts";
import { quote, quoteTable } from "../../dialects/postgresql/spelling.ts";
import { canonicalBelongings } from "../../dialects/postgresql/stand-in.ts";
import type { Row } from "../../dialects/contract.ts";
import { text } from "../../schema/expression.ts";
import type { ObjectName, Policy } from "../../schema/objects/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

const COLUMNS = `p.polname::text AS name, c.relname::text AS "table", p.polcmd::text AS command, NOT p.polpermissive AS restrictive,
  pg_get_expr(p.polqual, p.polrelid) AS "using", pg_get_expr(p.polwithcheck, p.polrelid) AS "check",
  (SELECT array_agg(CASE WHEN r.oid = 0 THEN 'public' ELSE pg_get_userbyid(r.oid)::text END ORDER BY r.place) FROM unnest(p.polroles) WITH ORDINALITY r(oid, place)) AS roles,
  ${commentOf("pg_policy", "p.oid")}`;
const FROM = `pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace`;
const POLICIES = `SELECT ${SCHEMA}, ${COLUMNS} FROM ${FROM} WHERE ${ours("pg_class", "c.oid")} ORDER BY n.nspname, c.relname, p.polname`;
const ASKED = `SELECT NULL AS schema, ${COLUMNS} FROM ${FROM} WHERE c.relnamespace = (SELECT pg_my_temp_schema()) AND c.relname = $1 AND p.polname = $2`;

const COMMANDS: Readonly<Record<string, Policy["command"]>> = {
  r: "select",
  a: "insert",
  w: "update",
  d: "delete",
};

function policyOfRow(row: Row): Policy {
  const [using, check] = [maybeText(row, "using"), maybeText(row, "check")];
  const command = COMMANDS[textOf(row, "command")];
  const roles = texts(row, "roles");
  return {
    kind: "policy",
    ...nameOfRow(row),
    table: textOf(row, "table"),
    ...(flag(row, "restrictive") ? { restrictive: true } : {}),
    ...(command === undefined ? {} : { command }),
    ...(isEverybody(roles) ? {} : { roles }),
    ...(using === undefined ? {} : { using: text(withoutParentheses(using)) }),
    ...(check === undefined ? {} : { withCheck: text(withoutParentheses(check)) }),
    ...words(maybeText(row, "comment")),
  };
}

function isEverybody(roles: readonly string[]): boolean {
  return roles.length === 0 || (roles.length === 1 && roles[0]?.toLowerCase() === "public");
}

/** A model's policy without what says nothing. */
function tidy(policy: Policy): Policy {
  const { restrictive, roles = [], using, withCheck } = policy;
  return {
    ...omit(policy, "restrictive", "roles", "using", "withCheck", "comment"),
    ...(restrictive === true ? { restrictive } : {}),
    ...(isEverybody(roles) ? {} : { roles }),
    ...(using === undefined ? {} : { using: text(faithful(using)) }),
    ...(withCheck === undefined ? {} : { withCheck: text(faithful(withCheck)) }),
    ...words(policy.comment),
  };
}

/** Words of the server stand for roles, and are no names of any. */
const SPECIAL: ReadonlySet<string> = new Set(["current_user", "session_user", "current_role"]);

function rolesText({ roles = [] }: Policy): string {
  if (isEverybody(roles)) return "PUBLIC";
  return roles
    .map((role) => (SPECIAL.has(role.toLowerCase()) ? role.toUpperCase() : quote(role)))
    .join(", ");
}

function conditions({ using, withCheck }: Policy): readonly string[] {
  return [
    ...(using === undefined ? [] : [`USING (${faithful(using)})`]),
    ...(withCheck === undefined ? [] : [`WITH CHECK (${faithful(withCheck)})`]),
  ];
}

function createText(policy: Policy, relation: string): string {
  const { name, restrictive, command = "all" } = policy;
  return [
    `CREATE POLICY ${quote(name)} ON ${relation}`,
    ...(restrictive === true ? ["AS RESTRICTIVE"] : []),
    ...(command === "all" ? [] : [`FOR ${command.toUpperCase()}`]),
    ...(isEverybody(policy.roles ?? []) ? [] : [`TO ${rolesText(policy)}`]),
    ...conditions(policy),
  ].join(" ");
}

function on({ schema, name, table = "" }: ObjectName): string {
  return quoteTable(inSchemaOf(schema === undefined ? { name } : { schema, name }, table));
}

function commentText(policy: Policy): string {
  return comment(`POLICY ${quote(policy.name)} ON ${on(policy)}`, policy.comment);
}

function createAll(policy: Policy): readonly string[] {
  return [
    createText(policy, on(policy)),
    ...(policy.comment === undefined ? [] : [commentText(policy)]),
  ];
}

/** A condition can be changed in its place, but not taken away. */
function isAlterable(from: Policy, to: Policy): boolean {
  return (
    deepEqual([from.restrictive, from.command], [to.restrictive, to.command]) &&
    (from.using === undefined) === (to.using === undefined) &&
    (from.withCheck === undefined) === (to.withCheck === undefined)
  );
}

export const postgresql: ObjectDialect<Policy> = {
  skippedAs: ["policy"],
  reflect: async (connection, filter) => ({
    objects: (await objectRows(connection, filter, POLICIES)).map(policyOfRow),
    skipped: [],
  }),
  canonicalize: async ({ database, models }, context) => {
    const { models: canonical, undecided } = await canonicalBelongings(
      { database, models: models.map(tidy) },
      context,
      {
        create: (policy, relation) => [createText(policy, relation)],
        select: ASKED,
        read: policyOfRow,
      },
    );
    return skipped({ database, models: canonical }, undecided);
  },
  create: (policy) => statements(createAll(policy)),
  drop: (policy) => [{ sql: `DROP POLICY ${quote(policy.name)} ON ${on(policy)}` }],
  alter: ({ from, to }) => {
    if (!isAlterable(from, to))
      return statements([`DROP POLICY ${quote(from.name)} ON ${on(from)}`, ...createAll(to)]);
    const isSame = deepEqual(omit(from, "comment"), omit(to, "comment"));
    const change = [
      `ALTER POLICY ${quote(to.name)} ON ${on(to)}`,
      ...(deepEqual(from.roles, to.roles) ? [] : [`TO ${rolesText(to)}`]),
      ...conditions(to),
    ].join(" ");
    return statements([
      ...(isSame ? [] : [change]),
      ...((from.comment ?? "") === (to.comment ?? "") ? [] : [commentText(to)]),
    ]);
  },
};
