import type { ObjectContext, ObjectDialect } from "../contract.ts";
import { renderExpression } from "../../dialects/ddl.ts";
import { fold } from "../../dialects/sqlite/names.ts";
import {
  closingOf,
  expressionKey,
  isSymbol,
  isWord,
  nameOf,
  tokenize,
  type Token,
} from "../../dialects/sqlite/tokens.ts";
import type { Dialect, Statement } from "../../dialects/contract.ts";
import { text, type Expression } from "../../schema/expression.ts";
import type { Trigger } from "../../schema/objects/types.ts";
import type { SkippedObject } from "../../schema/types.ts";
import { omit } from "../../util/equal.ts";

function sqlText(expression: Expression, dialect: Dialect): string {
  return renderExpression(expression, "sqlite", {
    quote: (...names) => dialect.quote(...names),
    literal: (value) => dialect.literal(value),
  });
}

const TIMING = { before: "BEFORE", after: "AFTER", insteadOf: "INSTEAD OF" } as const;

function create(trigger: Trigger, { dialect }: ObjectContext): readonly Statement[] {
  const { name, table, timing, events, columns, when, body } = trigger;
  const { quote } = dialect;
  const of =
    columns === undefined ? "" : ` OF ${columns.map((column) => quote(column)).join(", ")}`;
  const statements = body === undefined ? "" : sqlText(body, dialect).trim();
  // on a line of its own: a comment may stand at the end
  const end = isSymbol(tokenize(statements).at(-1), ";") ? "" : "\n;";
  return [
    {
      sql: [
        `CREATE TRIGGER ${quote(name)} ${TIMING[timing]} ${(events[0] ?? "").toUpperCase()}${of} ON ${quote(table)}`,
        " FOR EACH ROW",
        when === undefined ? "" : ` WHEN ${sqlText(when, dialect)}`,
        ` BEGIN\n  ${statements}${end}\nEND`,
      ].join(""),
    },
  ];
}

/** The place behind the names of `UPDATE OF a, b`. */
function endOfNames(tokens: readonly Token[], from: number): number {
  let at = from + 1;
  while (isSymbol(tokens[at], ",")) at += 2;
  return at;
}

/** Where the statements begin: BEGIN may be a column's name in the condition. */
function bodyAt(tokens: readonly Token[], from: number): number {
  for (let at = from; at < tokens.length; at += 1) {
    if (isSymbol(tokens[at], "(")) at = closingOf(tokens, at);
    if (at < 0) return -1;
    const next = tokens[at + 1];
    if (
      isWord(tokens[at], "BEGIN") &&
      isWord(next, "INSERT", "UPDATE", "DELETE", "SELECT", "REPLACE", "WITH", "VALUES")
    )
      return at;
  }
  return -1;
}

/** `CREATE TRIGGER name AFTER UPDATE OF a ON t WHEN … BEGIN … END`; undefined where it is not understood. */
function parse(sql: string): Omit<Trigger, "kind" | "name"> | undefined {
  const tokens = tokenize(sql);
  let at = 3;
  const timed = tokens[at];
  const timing = isWord(timed, "AFTER")
    ? "after"
    : isWord(timed, "INSTEAD")
      ? "insteadOf"
      : "before";
  if (isWord(timed, "BEFORE", "AFTER")) at += 1;
  if (timing === "insteadOf") at += 2;
  const event = (["insert", "update", "delete"] as const).find((word) =>
    isWord(tokens[at], word.toUpperCase()),
  );
  at += 1;
  const hasColumns = isWord(tokens[at], "OF");
  const columnsEnd = hasColumns ? endOfNames(tokens, at + 1) : at;
  const columns = tokens
    .slice(at + 1, columnsEnd)
    .filter((token) => !isSymbol(token, ","))
    .map(nameOf);
  const table = tokens[isSymbol(tokens[columnsEnd + 2], ".") ? columnsEnd + 3 : columnsEnd + 1];
  if (event === undefined || table === undefined || !isWord(tokens[columnsEnd], "ON"))
    return undefined;
  at = tokens.indexOf(table) + 1;
  if (isWord(tokens[at], "FOR")) at += 3;
  const begin = bodyAt(tokens, at);
  const [first, end] = [tokens[begin], tokens.at(-1)];
  if (first === undefined || end === undefined || !isWord(end, "END")) return undefined;
  const condition = isWord(tokens[at], "WHEN") ? tokens[at] : undefined;
  if (condition === undefined && begin !== at) return undefined;
  return {
    table: nameOf(table),
    timing,
    events: [event],
    ...(hasColumns ? { columns } : {}),
    ...(condition === undefined
      ? {}
      : { when: text(sql.slice(condition.end, first.start).trim()) }),
    body: text(sql.slice(first.end, end.start).trim()),
  };
}

/** With the name of the table as the table has it: a trigger may write it in another case. */
const TRIGGERS = `SELECT t.name, COALESCE(m.name, t.tbl_name) AS "table", t.sql
  FROM sqlite_schema t LEFT JOIN sqlite_schema m ON m.type IN ('table', 'view') AND m.name = t.tbl_name COLLATE NOCASE
  WHERE t.type = 'trigger' ORDER BY t.rowid`;

/** The tokens of a text; how its last statement ends does not count. */
function keyOf(expression: Expression | undefined, dialect: Dialect): string | undefined {
  return expression === undefined
    ? undefined
    : expressionKey(sqlText(expression, dialect).replace(/[\s;]+$/, ""));
}

/** The live text where it is the same. */
function spelled(
  given: Expression | undefined,
  live: Expression | undefined,
  dialect: Dialect,
): Expression | undefined {
  if (given === undefined) return undefined;
  return live !== undefined && keyOf(given, dialect) === keyOf(live, dialect)
    ? live
    : text(sqlText(given, dialect));
}

/** SQLite has the text of a trigger as it was written. https://sqlite.org/lang_createtrigger.html */
export const sqlite: ObjectDialect<Trigger> = {
  skippedAs: ["trigger"],
  reflect: async (connection) => {
    const objects: Trigger[] = [];
    const skipped: SkippedObject[] = [];
    for (const row of await connection.query(TRIGGERS)) {
      const [name, sql] = [String(row["name"]), String(row["sql"])];
      const table = String(row["table"]);
      const parsed = parse(sql);
      if (parsed === undefined) {
        const reason = "its definition is not understood";
        skipped.push({ kind: "trigger", name, table, reason, definition: sql });
      } else objects.push({ kind: "trigger", name, ...parsed, table });
    }
    return { objects, skipped };
  },
  canonicalize: async ({ database, models }, { dialect, ...context }) => {
    const written = new Map(
      [...context.database.tables, ...context.models.tables, ...context.models.objects].map(
        ({ name }) => [fold(name), name],
      ),
    );
    const onTable = (trigger: Trigger): Trigger => ({
      ...trigger,
      table: written.get(fold(trigger.table)) ?? trigger.table,
    });
    const live = new Map(database.map((trigger) => [fold(trigger.name), trigger]));
    const skipped: SkippedObject[] = [];
    const found = models.flatMap((model): readonly Trigger[] => {
      const { name, table, timing, events } = model;
      const there = live.get(fold(name));
      if (model.body === undefined || events.length !== 1) {
        const reason =
          model.body === undefined
            ? "it has no body, and SQLite has no functions for triggers to call"
            : "a trigger of SQLite is for one event";
        skipped.push({ kind: "trigger", name, table, reason });
        return there === undefined ? [] : [onTable(there)];
      }
      const when = spelled(model.when, there?.when, dialect);
      const body = spelled(model.body, there?.body, dialect);
      const { columns } = model;
      return [
        onTable({
          kind: "trigger",
          name,
          table,
          timing,
          events,
          ...(columns === undefined ? {} : { columns }),
          ...(when === undefined ? {} : { when }),
          ...(body === undefined ? {} : { body }),
        }),
      ];
    });
    return { database: database.map(onTable), models: found, skipped };
  },
  create,
  drop: ({ name }, { dialect }) => [{ sql: `DROP TRIGGER ${dialect.quote(name)}` }],
  alter: ({ from, to }, context) => [
    { sql: `DROP TRIGGER ${context.dialect.quote(from.name)}` },
    ...create(omit(to, "options"), context),
  ],
};
