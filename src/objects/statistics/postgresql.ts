import type { ObjectDialect } from "../contract.ts";
import { skipped, skippedObject } from "../skipped.ts";
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
import { text, type Expression } from "../../schema/expression.ts";
import type { ObjectName, Statistics, StatisticsKind } from "../../schema/objects/types.ts";
import { compareText } from "../../util/text.ts";
import { deepEqual, omit } from "../../util/equal.ts";

/** A target came with PostgreSQL 13 (none: -1, since 17 NULL), expressions with 14. */
function columns(version: number): string {
  const expressions = version >= 140000 ? "pg_get_statisticsobjdef_expressions(s.oid)" : "NULL";
  const target =
    version >= 130000
      ? "CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget::text END"
      : "NULL::text";
  return `s.stxname::text AS name, c.relname::text AS "table", c.relnamespace <> s.stxnamespace AS elsewhere, s.stxkind::text[] AS kinds,
  (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)) AS columns,
  ${expressions} AS expressions, ${target} AS target, ${commentOf("pg_statistic_ext", "s.oid")}`;
}
const FROM = `pg_statistic_ext s JOIN pg_class c ON c.oid = s.stxrelid JOIN pg_namespace n ON n.oid = s.stxnamespace`;

function statisticsQuery(version: number): string {
  return `SELECT ${SCHEMA}, ${columns(version)} FROM ${FROM} WHERE ${ours("pg_statistic_ext", "s.oid")} ORDER BY n.nspname, s.stxname`;
}

function askedQuery(version: number): string {
  return `SELECT NULL AS schema, ${columns(version)} FROM ${FROM} WHERE c.relnamespace = (SELECT pg_my_temp_schema()) AND c.relname = $1 AND s.stxname = $2`;
}

const KINDS: Readonly<Record<string, StatisticsKind>> = {
  f: "dependencies",
  m: "mcv",
  d: "ndistinct",
};
const ALL: readonly StatisticsKind[] = Object.values(KINDS);

/** In one order; none where it is all of them, or where one expression alone has none. */
function kindsOf(
  kinds: readonly StatisticsKind[],
  elements: Statistics["elements"],
): Pick<Statistics, "kinds"> {
  const said = ALL.filter((kind) => kinds.includes(kind));
  const isOneExpression = elements.length === 1 && typeof elements[0] !== "string";
  return said.length === 0 || said.length === ALL.length || isOneExpression ? {} : { kinds: said };
}

function statisticsOfRow(row: Row): Statistics {
  const elements = [
    ...texts(row, "columns"),
    ...texts(row, "expressions").map((found) => text(withoutParentheses(found))),
  ];
  const target = maybeText(row, "target");
  return {
    kind: "statistics",
    ...nameOfRow(row),
    table: textOf(row, "table"),
    ...kindsOf(
      texts(row, "kinds").flatMap((letter) => KINDS[letter] ?? []),
      elements,
    ),
    elements,
    ...(target === undefined ? {} : { target: Number(target) }),
    ...words(maybeText(row, "comment")),
  };
}

/** The server puts columns before expressions, and in an order of its own. */
function inOrder(elements: Statistics["elements"]): Statistics["elements"] {
  const names = elements.filter((part): part is string => typeof part === "string");
  const expressions = elements.filter((part): part is Expression => typeof part !== "string");
  return [
    ...names.toSorted(compareText),
    ...expressions.map((expression) => text(faithful(expression))),
  ];
}

function tidy(given: Statistics): Statistics {
  const { kinds = ALL, target = -1 } = given;
  const elements = inOrder(given.elements);
  return {
    ...omit(given, "kinds", "elements", "target", "comment"),
    ...kindsOf(kinds, elements),
    elements,
    ...(target < 0 ? {} : { target }),
    ...words(given.comment),
  };
}

/** Without the comment. */
function made(given: Statistics, path: string, relation: string): readonly string[] {
  const { kinds = [], elements, target } = given;
  const which = kinds.length === 0 ? "" : ` (${kinds.join(", ")})`;
  const parts = elements.map((part) =>
    typeof part === "string" ? quote(part) : `(${faithful(part)})`,
  );
  return [
    `CREATE STATISTICS ${path}${which} ON ${parts.join(", ")} FROM ${relation}`,
    ...(target === undefined ? [] : [targetText(path, target)]),
  ];
}

function pathOf(object: ObjectName): string {
  return quoteTable(inSchemaOf(object, object.name));
}

function targetText(path: string, target = -1): string {
  return `ALTER STATISTICS ${path} SET STATISTICS ${String(target)}`;
}

function commentText(object: Statistics): string {
  return comment(`STATISTICS ${pathOf(object)}`, object.comment);
}

function createAll(object: Statistics): readonly string[] {
  return [
    ...made(object, pathOf(object), quoteTable(inSchemaOf(object, object.table))),
    ...(object.comment === undefined ? [] : [commentText(object)]),
  ];
}

function dropText(object: ObjectName): string {
  return `DROP STATISTICS ${pathOf(object)}`;
}

export const postgresql: ObjectDialect<Statistics> = {
  skippedAs: ["statistics"],
  reflect: async (connection, filter) => {
    const query = statisticsQuery(connection.server.versionNumber);
    const rows = await objectRows(connection, filter, query);
    const reason = "its table is in another schema, which models cannot say";
    return {
      objects: rows.filter((row) => !flag(row, "elsewhere")).map(statisticsOfRow),
      skipped: rows
        .filter((row) => flag(row, "elsewhere"))
        .map((row) => skippedObject(statisticsOfRow(row), reason)),
    };
  },
  canonicalize: async ({ database, models }, context) => {
    const { models: canonical, undecided } = await canonicalBelongings(
      { database: database.map(tidy), models: models.map(tidy) },
      context,
      {
        create: (object, relation) => made(object, quote("pg_temp", object.name), relation),
        select: askedQuery(context.connection.server.versionNumber),
        read: (row) => tidy(statisticsOfRow(row)),
        onTables: true,
      },
    );
    return skipped({ database: database.map(tidy), models: canonical }, undecided);
  },
  create: (object) => statements(createAll(object)),
  drop: (object) => [{ sql: dropText(object) }],
  alter: (given) => {
    const [from, to] = [tidy(given.from), tidy(given.to)];
    if (!deepEqual(omit(from, "target", "comment"), omit(to, "target", "comment")))
      return statements([dropText(from), ...createAll(to)]);
    return statements([
      ...(from.target === to.target ? [] : [targetText(pathOf(to), to.target)]),
      ...(from.comment === to.comment ? [] : [commentText(to)]),
    ]);
  },
};
