import { settlePartitions } from "./ask-partitions.ts";
import { ask, type Answer, type Answers } from "./ask.ts";
import { canonicalName, canonicalTable } from "./canonical.ts";
import { parseDefault } from "./defaults.ts";
import { adopt, doubtOf, settle, type Doubt, type Question } from "./questions.ts";
import { checkName } from "./spelling.ts";
import { unspokenTables } from "./unspoken.ts";
import { checkTableNames } from "../names.ts";
import type { Canonical, Connection } from "../contract.ts";
import { allColumns, parentsOf } from "../../schema/parents.ts";
import { sameTable, tableKey } from "../../schema/collect.ts";
import { adoptInherited } from "../../schema/inherited.ts";
import { text } from "../../schema/expression.ts";
import { enumsOf } from "../../schema/objects/declare.ts";
import type {
  Column,
  Constraint,
  EnumType,
  Index,
  MetaData,
  SkippedObject,
  Table,
} from "../../schema/types.ts";
import { omit } from "../../util/equal.ts";

/** @throws RevlineError name-too-long, name-invalid */
function checkNames(models: MetaData): void {
  for (const schema of models.schemas) checkName(schema);
  checkTableNames(models, checkName);
  for (const { name, values } of enumsOf(models.objects)) {
    checkName(name);
    for (const value of values.filter((word) => word !== "")) checkName(value);
  }
}

function canonicalEnum(type: EnumType, defaultSchema: string): EnumType {
  const { comment, ...rest } = type;
  const { schema: _, ...bare } = rest;
  const named = "schema" in canonicalName(rest, defaultSchema) ? rest : bare;
  return comment === undefined || comment === "" ? named : { ...named, comment };
}

const RELATIONS: ReadonlySet<string> = new Set([
  "partitioned table",
  "partition",
  "inherited table",
  "typed table",
  "foreign table",
  "view",
  "materialized view",
]);

/** Model tables whose name stands for something else in the database: they take no part. */
function occupied(
  tables: readonly Table[],
  skipped: readonly SkippedObject[],
): readonly SkippedObject[] {
  const others = new Map(
    skipped.filter(({ kind }) => RELATIONS.has(kind)).map((object) => [tableKey(object), object]),
  );
  return tables.flatMap((table) => {
    const other = others.get(tableKey(table));
    if (other === undefined) return [];
    const schema = table.schema === undefined ? {} : { schema: table.schema };
    return [
      {
        kind: "table",
        ...schema,
        name: table.name,
        reason: `the database has a ${other.kind} of this name, which cannot be compared`,
      },
    ];
  });
}

/** The part of a live table that a question is about, where it has to be taken for equal. */
function counterpart(
  question: Question,
  live: Table,
): { column?: Column; constraint?: Constraint; index?: Index } {
  switch (question.kind) {
    case "type":
    case "default":
    case "computed": {
      const column = live.columns.find(({ name }) => name === question.column.name);
      return column === undefined ? {} : { column };
    }
    case "check":
    case "exclude": {
      const { constraint } = question;
      const found = live.constraints.find(
        ({ kind, name }) =>
          kind === constraint.kind && (constraint.name === undefined || name === constraint.name),
      );
      return found === undefined ? {} : { constraint: found };
    }
    case "index": {
      const { index } = question;
      const found = live.indexes.find(
        ({ name }) => index.name === undefined || name === index.name,
      );
      return found === undefined ? {} : { index: found };
    }
  }
}

function columnWith(column: Column, question: Question, answer: Answer, live: Table): Column {
  if (answer.kind === "unknown") {
    const { column: there } = counterpart(question, live);
    if (there === undefined) return column;
    if (question.kind === "type") return { ...column, type: there.type };
    const { default: value, computed } = there;
    if (question.kind === "default")
      return value === undefined ? omit(column, "default") : { ...column, default: value };
    return computed === undefined ? column : { ...column, computed };
  }
  if (answer.kind === "type") return { ...column, type: answer.type };
  if (answer.kind !== "text") return column;
  if (question.kind === "default")
    return { ...column, default: parseDefault(answer.sql, column.type) };
  return column.computed === undefined
    ? column
    : { ...column, computed: { ...column.computed, expression: text(answer.sql) } };
}

function constraintWith(
  constraint: Constraint,
  question: Question,
  answer: Answer,
  live: Table,
): Constraint {
  if (answer.kind === "unknown") {
    const there = counterpart(question, live).constraint;
    if (there?.kind === "check" && constraint.kind === "check")
      return { ...constraint, expression: there.expression };
    return there?.kind === "exclude" && constraint.kind === "exclude"
      ? { ...constraint, definition: there.definition }
      : constraint;
  }
  if (answer.kind !== "text") return constraint;
  if (constraint.kind === "check") return { ...constraint, expression: text(answer.sql) };
  return constraint.kind === "exclude"
    ? { ...constraint, definition: text(answer.sql) }
    : constraint;
}

function indexWith(index: Index, question: Question, answer: Answer, live: Table): Index {
  const read =
    answer.kind === "unknown"
      ? counterpart(question, live).index
      : answer.kind === "index"
        ? answer.index
        : undefined;
  if (read === undefined) return index;
  const { where, elements } = read;
  return { ...omit(index, "where"), elements, ...(where === undefined ? {} : { where }) };
}

/** The model's table with the database's own words in it. */
function applied({ table, live, questions }: Doubt, answers: Answers): Table {
  const answer = (question: Question): Answer => answers.get(question) ?? { kind: "rejected" };
  // a type's answer is known before its default is read
  const about = (column: Column): readonly Question[] =>
    questions.filter((question) => "column" in question && question.column.name === column.name);
  return {
    ...table,
    columns: table.columns.map((column) =>
      about(column).reduce(
        (current, question) => columnWith(current, question, answer(question), live),
        column,
      ),
    ),
    constraints: table.constraints.map((constraint) => {
      const question = questions.find(
        (asked) => "constraint" in asked && asked.constraint === constraint,
      );
      return question === undefined
        ? constraint
        : constraintWith(constraint, question, answer(question), live);
    }),
    indexes: table.indexes.map((index) => {
      const question = questions.find((asked) => "index" in asked && asked.index === index);
      return question === undefined ? index : indexWith(index, question, answer(question), live);
    }),
  };
}

function subjectOf(question: Question): { readonly kind: string; readonly name: string } {
  switch (question.kind) {
    case "type":
      return { kind: "column type", name: question.column.name };
    case "default":
      return { kind: "default", name: question.column.name };
    case "computed":
      return { kind: "computed column", name: question.column.name };
    case "check":
    case "exclude":
      return { kind: `${question.kind} constraint`, name: question.constraint.name ?? "" };
    case "index":
      return { kind: "index", name: question.index.name ?? "" };
  }
}

function undecided({ table, questions }: Doubt, answers: Answers): readonly SkippedObject[] {
  return questions.flatMap((question) => {
    const answer = answers.get(question);
    if (answer?.kind !== "unknown") return [];
    const schema = table.schema === undefined ? {} : { schema: table.schema };
    const reason = `the database could not be asked whether it is the same: ${answer.reason}`;
    return [{ ...subjectOf(question), ...schema, table: table.name, reason }];
  });
}

/** What is asked of a table that takes columns from others may name those columns. */
function withParents(doubt: Doubt, models: readonly Table[], live: readonly Table[]): Doubt {
  if (parentsOf(doubt.table).length === 0) return doubt;
  const whole = (table: Table, tables: readonly Table[]): Table => ({
    ...table,
    columns:
      allColumns(table, (name) => tables.find((other) => sameTable(other, name))) ?? table.columns,
  });
  return { ...doubt, table: whole(doubt.table, models), live: whole(doubt.live, live) };
}

/** What the models do not speak of is told, and is no difference. */
function withoutUnspoken(database: MetaData, models: readonly Table[]): MetaData {
  const unspoken = unspokenTables(database.tables, models);
  const keys = new Set(unspoken.map(tableKey));
  return {
    ...database,
    tables: database.tables.filter((table) => !keys.has(tableKey(table))),
    skipped: [...database.skipped, ...unspoken],
  };
}

/**
 * Both sides as the catalog spells them. Equal text decides first; what is left is asked of the database
 * itself.
 *
 * @throws RevlineError name-too-long, name-invalid
 */
export async function canonicalize(
  connection: Connection,
  reflected: MetaData,
  models: MetaData,
  isWhole = false,
): Promise<Canonical> {
  checkNames(models);
  const own = connection.server.defaultSchema ?? "public";
  const tables = await settlePartitions(
    connection,
    models.tables.map((table) => canonicalTable(table, own)),
    reflected.tables,
  );
  const database = isWhole ? reflected : withoutUnspoken(reflected, tables);
  const out = occupied(tables, database.skipped);
  const away = new Set(out.map(tableKey));
  const live = new Map(database.tables.map((table) => [tableKey(table), table]));
  const settled = tables
    .filter((table) => !away.has(tableKey(table)))
    .map((table) => {
      const there = live.get(tableKey(table));
      return there === undefined ? { table } : doubtOf(adopt(settle(table, there), there), there);
    });
  const doubts = settled
    .filter((item) => "questions" in item)
    .filter(({ questions }) => questions.length > 0);
  const enums = enumsOf(database.objects);
  const answers: Answers =
    doubts.length === 0
      ? new Map()
      : await ask(
          connection,
          doubts.map((doubt) => withParents(doubt, tables, database.tables)),
          enums,
        );
  return {
    database,
    models: {
      tables: adoptInherited(
        settled.map((item) =>
          "questions" in item ? adopt(applied(item, answers), item.live) : item.table,
        ),
        database.tables,
      ),
      objects: enumsOf(models.objects).map((type) => canonicalEnum(type, own)),
      schemas: models.schemas.filter((schema) => schema !== own),
      skipped: models.skipped,
    },
    skipped: [...out, ...doubts.flatMap((doubt) => undecided(doubt, answers))],
  };
}
