import { createIndex, defaultText, faithful } from "./compile.ts";
import { columnText, EnumStandIns } from "./enum-stand-ins.ts";
import { withoutParentheses, wordsIn } from "./expression-text.ts";
import { columnsQuery, enumKey, typeOf, type Enums } from "./reflect-columns.ts";
import { constraintOf, constraintsQuery } from "./reflect-constraints.ts";
import { indexesQuery, indexOf } from "./reflect-indexes.ts";
import type { Doubt, Question } from "./questions.ts";
import { inParts, lockBudget } from "./lock-budget.ts";
import { groupBy, maybeText, text as textOf } from "./rows.ts";
import { inspect, oidList } from "./session.ts";
import { quote, render } from "./spelling.ts";
import { isUnknown } from "./types.ts";
import type { Connection, Row } from "../contract.ts";
import { text, type Expression } from "../../schema/expression.ts";
import type { Column, ColumnType, EnumType, Index } from "../../schema/types.ts";
import { isRevlineError, type RevlineError, type ErrorCode } from "../../errors.ts";

/** What the database says to one question, in its own words. */
export type Answer =
  | { readonly kind: "text"; readonly sql: string }
  | { readonly kind: "index"; readonly index: Index }
  | { readonly kind: "type"; readonly type: ColumnType }
  /** The database does not take it: it stays as it is, and the upgrade will show the real error. */
  | { readonly kind: "rejected" }
  /** The question cannot be put: no right to make temporary tables. */
  | { readonly kind: "unknown"; readonly reason: string };

export type Answers = ReadonlyMap<Question, Answer>;

interface Probe {
  readonly doubt: Doubt;
  readonly name: string;
  readonly create: string;
  readonly steps: readonly {
    readonly question: Question;
    readonly sql: string;
    readonly label: string;
  }[];
}

function stepOf(
  question: Question,
  table: string,
  label: string,
  standIns: EnumStandIns,
  connection: Connection,
): string {
  const alter = `ALTER TABLE ${quote("pg_temp", table)}`;
  switch (question.kind) {
    case "type":
      return `${alter} ADD COLUMN ${columnText(question.column, standIns)}`;
    case "default":
      return `${alter} ALTER COLUMN ${quote(question.column.name)} SET DEFAULT ${defaultText(question.value)}`;
    case "computed":
      return `${alter} ADD COLUMN ${quote(label)} ${standIns.typeText(question.column.type)} GENERATED ALWAYS AS (${faithful(question.expression)}) STORED`;
    case "check":
      return `${alter} ADD CONSTRAINT ${quote(label)} CHECK (${faithful(question.constraint.expression)})`;
    case "exclude":
      return `${alter} ADD CONSTRAINT ${quote(label)} EXCLUDE ${render(question.constraint.definition)}`;
    case "index": {
      const { comment: _comment, name: _name, include: _include, ...index } = question.index;
      return createIndex(
        { schema: "pg_temp", name: table },
        { ...index, name: label },
        connection.server,
      ).join("; ");
    }
  }
}

/** Types last: a column whose type the server does not know keeps the others from nothing. */
const ORDER: readonly Question["kind"][] = [
  "type",
  "default",
  "computed",
  "check",
  "exclude",
  "index",
];

function probesOf(
  doubts: readonly Doubt[],
  standIns: EnumStandIns,
  connection: Connection,
): readonly Probe[] {
  let labels = 0;
  const taken = new Set<string>();
  // every enum must be known before a table may be named like one
  for (const { table } of doubts) for (const { type } of table.columns) standIns.typeText(type);
  for (const name of standIns.names) taken.add(name);
  return doubts.map((doubt, at) => {
    const name = taken.has(doubt.table.name) ? `revline_table_${String(at)}` : doubt.table.name;
    taken.add(name);
    const asked = new Set(
      doubt.questions.flatMap((question) =>
        question.kind === "type" ? [question.column.name] : [],
      ),
    );
    const known = doubt.table.columns.filter(
      (column) => !asked.has(column.name) && !(isUnknown(column.type) && !isLive(column, doubt)),
    );
    const steps = doubt.questions
      .toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
      .map((question) => {
        labels += 1;
        const label = `revline_${String(labels)}`;
        return { question, label, sql: stepOf(question, name, label, standIns, connection) };
      });
    // no more columns than the questions name: one of text has the server make a second table for long values
    const words = wordsIn(steps.map(({ sql }) => sql).join(" "));
    const named = known.filter((column) => words.has(column.name));
    const create = `CREATE TEMPORARY TABLE ${quote(name)} (${named.map((column) => columnText(column, standIns)).join(", ")})`;
    return { doubt, name, create, steps };
  });
}

function isLive(column: Column, { live }: Doubt): boolean {
  return live.columns.some(({ name }) => name === column.name);
}

/** Not the question is wrong, but it may not be put. */
export const FORBIDDEN: ReadonlySet<ErrorCode> = new Set([
  "permission-denied",
  "database-read-only",
]);

export type Outcome = "done" | RevlineError;

/** Runs statements in a savepoint of their own: all of them, or none and the error. */
export async function attempt(connection: Connection, sql: readonly string[]): Promise<Outcome> {
  await connection.execute("SAVEPOINT revline_ask");
  try {
    await connection.execute(sql.join(";\n"));
  } catch (error) {
    if (!isRevlineError(error) || error.code === "connection-failed") throw error;
    await connection.execute("ROLLBACK TO SAVEPOINT revline_ask; RELEASE SAVEPOINT revline_ask");
    return error;
  }
  await connection.execute("RELEASE SAVEPOINT revline_ask");
  return "done";
}

/** Puts all questions at once; where the server refuses, table by table, and of that table one by one. */
async function put(
  connection: Connection,
  probes: readonly Probe[],
  standIns: EnumStandIns,
): Promise<Map<Question, Answer>> {
  const answers = new Map<Question, Answer>();
  const all = [
    ...standIns.create,
    ...probes.flatMap(({ create, steps }) => [create, ...steps.map(({ sql }) => sql)]),
  ];
  if ((await attempt(connection, all)) === "done") return answers;
  for (const sql of standIns.create) await attempt(connection, [sql]);
  for (const { create, steps } of probes) {
    if ((await attempt(connection, [create, ...steps.map(({ sql }) => sql)])) === "done") continue;
    const made = await attempt(connection, [create]);
    for (const { question, sql } of steps) {
      const outcome = made === "done" ? await attempt(connection, [sql]) : made;
      if (outcome === "done") continue;
      const forbidden = made !== "done" && FORBIDDEN.has(outcome.code);
      answers.set(
        question,
        forbidden ? { kind: "unknown", reason: outcome.message } : { kind: "rejected" },
      );
    }
  }
  return answers;
}

const MADE = `SELECT c.oid::text AS oid, c.relname::text AS name FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = (SELECT pg_my_temp_schema())`;

interface ReadBack {
  readonly columns: ReadonlyMap<string, readonly Row[]>;
  readonly constraints: ReadonlyMap<string, readonly Row[]>;
  readonly indexes: ReadonlyMap<string, readonly Row[]>;
  readonly enums: Enums;
}

function textAnswer(sql: string | undefined, standIns: EnumStandIns): Answer {
  return sql === undefined
    ? { kind: "rejected" }
    : { kind: "text", sql: withoutParentheses(standIns.restore(sql)) };
}

function restoredIndex(index: Index, standIns: EnumStandIns): Index {
  const restore = (expression: Expression): Expression =>
    text(standIns.restore(render(expression)));
  return {
    ...index,
    elements: index.elements.map((element) =>
      element.expression === undefined
        ? element
        : { ...element, expression: restore(element.expression) },
    ),
    ...(index.where === undefined ? {} : { where: restore(index.where) }),
  };
}

function answerOf(
  question: Question,
  label: string,
  oid: string,
  read: ReadBack,
  standIns: EnumStandIns,
): Answer {
  const column = (name: string): Row | undefined =>
    read.columns.get(oid)?.find((row) => textOf(row, "name") === name);
  const find = (rows: readonly Row[] | undefined): Row | undefined =>
    rows?.find((row) => textOf(row, "name") === label);
  switch (question.kind) {
    case "type": {
      const row = column(question.column.name);
      return row === undefined
        ? { kind: "rejected" }
        : { kind: "type", type: typeOf(row, read.enums) };
    }
    case "default": {
      const row = column(question.column.name);
      return textAnswer(row === undefined ? undefined : maybeText(row, "expression"), standIns);
    }
    case "computed": {
      const row = column(label);
      return textAnswer(row === undefined ? undefined : maybeText(row, "expression"), standIns);
    }
    case "check":
    case "exclude": {
      const row = find(read.constraints.get(oid));
      const constraint = row === undefined ? undefined : constraintOf(row);
      if (constraint?.kind === "check") return textAnswer(render(constraint.expression), standIns);
      return constraint?.kind === "exclude"
        ? { kind: "text", sql: standIns.restore(render(constraint.definition)) }
        : { kind: "rejected" };
    }
    case "index": {
      const row = find(read.indexes.get(oid));
      return row === undefined
        ? { kind: "rejected" }
        : { kind: "index", index: restoredIndex(indexOf(row), standIns) };
    }
  }
}

/**
 * Asks the database how it spells what the models say, with temporary tables in a transaction that is
 * rolled back: nothing is left, no lock is taken on any table of the user's. So many tables that their
 * locks would not fit into the server's memory are taken in several transactions.
 *
 * @param enums as they are in the database
 */
export async function ask(
  connection: Connection,
  doubts: readonly Doubt[],
  enums: readonly EnumType[],
): Promise<Answers> {
  const budget = lockBudget(connection.server);
  const answers = new Map<Question, Answer>();
  for (const part of inParts(doubts, locksOf, budget)) {
    for (const [question, answer] of await askTogether(connection, part, enums))
      answers.set(question, answer);
  }
  return answers;
}

/** A temporary table, the table and index of its long values, and its own indexes. */
function locksOf({ questions }: Doubt): number {
  return 3 + questions.filter(({ kind }) => kind === "index" || kind === "exclude").length;
}

function askTogether(
  connection: Connection,
  doubts: readonly Doubt[],
  enums: readonly EnumType[],
): Promise<Answers> {
  return inspect(connection, async () => {
    const standIns = new EnumStandIns(enums, connection.server);
    const probes = probesOf(doubts, standIns, connection);
    const answers = await put(connection, probes, standIns);
    const made = await connection.query(MADE);
    const own = new Set(probes.map(({ name }) => name));
    const oids = new Map(
      made
        .map((row) => [textOf(row, "name"), textOf(row, "oid")] as const)
        .filter(([name]) => own.has(name)),
    );
    const list = [oidList([...oids.values()])];
    const { versionNumber } = connection.server;
    const read: ReadBack = {
      columns: groupBy(
        await connection.query(columnsQuery(connection.server.versionNumber), list),
        "table",
      ),
      constraints: groupBy(await connection.query(constraintsQuery(versionNumber), list), "table"),
      indexes: groupBy(await connection.query(indexesQuery(versionNumber), list), "table"),
      enums: new Map(enums.map((type) => [enumKey(type.schema, type.name), type])),
    };
    for (const { name, steps } of probes) {
      const oid = oids.get(name);
      for (const { question, label } of steps) {
        if (answers.has(question)) continue;
        answers.set(
          question,
          oid === undefined ? { kind: "rejected" } : answerOf(question, label, oid, read, standIns),
        );
      }
    }
    return answers;
  });
}
