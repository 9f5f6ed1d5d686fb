import { renderStatement } from "../ddl.ts";
import type { PlanContext, Statement } from "../contract.ts";
import { dispatch, type BulkInsert, type Execute, type Operation, type OperationTable } from "../../operations/operation.ts";
import type { TableName } from "../../schema/types.ts";
import type { Expression } from "../../schema/expression.ts";
import { RevlineError } from "../../errors.ts";
import { change, CHANGES, mayMention, type AlterMap, type AlterOperation } from "./change.ts";
import { createTable, tableName } from "./compile.ts";
import { definitionOf, type Definition } from "./definition.ts";
import { aroundBroken, nativeStatements, renameStatements, statelessStatements } from "./native.ts";
import { rebuild } from "./rebuild.ts";
import { Replica, type TableState } from "./replica.ts";
import { sameName } from "./names.ts";
import { sourceOfTable } from "./source.ts";
import { quote, render } from "./spelling.ts";
import { isDdl } from "./tokens.ts";

interface Numbered<O extends Operation = Operation> {
  readonly operation: O;
  readonly number: number;
}

/** One step of the plan: the changes of one table together, or one other operation. */
type Step =
  | { readonly kind: "alter"; readonly table: string; readonly items: Numbered<AlterOperation>[] }
  | { readonly kind: "single"; readonly item: Numbered };

function isAlter(operation: Operation): operation is AlterOperation {
  return operation.kind in (CHANGES satisfies Record<keyof AlterMap, unknown>);
}

/** A column that changes its name too is renamed first: rows, views and triggers follow. */
function apart(operation: Operation): readonly Operation[] {
  if (operation.kind !== "alterColumn" || operation.from.name === operation.to.name) return [operation];
  const { table, from, to } = operation;
  return [
    { kind: "renameColumn", table, from: from.name, to: to.name },
    { ...operation, from: { ...from, name: to.name } },
  ];
}

/** Whether a change of a table may be made before a step: with foreign keys off, tables do not mind one another. */
function commutes(step: Step, table: string): boolean {
  if (step.kind === "alter") return true;
  const { operation } = step.item;
  if (operation.kind === "createTable") return !sameName(operation.table.name, table);
  return operation.kind === "dropTable" && !sameName(operation.table.name, table);
}

/** Brings the changes of each table together, for one rebuild, where nothing stands between them. */
function stepsOf(operations: readonly Operation[]): readonly Step[] {
  const steps: Step[] = [];
  const numbered = operations.flatMap((operation, number) => apart(operation).map((piece) => ({ operation: piece, number })));
  for (const { operation, number } of numbered) {
    if (!isAlter(operation)) {
      steps.push({ kind: "single", item: { operation, number } });
      continue;
    }
    const table = tableName(operation.table);
    const item = { operation, number };
    const barrier = steps.findLastIndex((step) => !commutes(step, table));
    const run = steps.slice(barrier + 1).find((step) => step.kind === "alter" && sameName(step.table, table));
    if (run?.kind === "alter") run.items.push(item);
    else steps.push({ kind: "alter", table, items: [item] });
  }
  return steps;
}

/** Names in `sqlite_…` are SQLite's own, and rows are inserted in portions that its limit of parameters takes. */
const MAX_PARAMETERS = 32_000;
const MAX_ROWS = 500;

function insertStatements({ table, rows }: BulkInsert): readonly Statement[] {
  const statements: { sql: string; params: (typeof rows)[number][string][] }[] = [];
  let portion: { key: string; count: number; names: readonly string[]; params: (typeof rows)[number][string][] } | undefined;
  const flush = (): void => {
    if (portion === undefined) return;
    const { names, count, params } = portion;
    const into = `INSERT INTO ${quote(tableName(table))}`;
    const row = `(${names.map(() => "?").join(", ")})`;
    const list = Array.from({ length: count }, () => row).join(", ");
    const sql = names.length === 0 ? `${into} DEFAULT VALUES` : `${into} (${names.map((name) => quote(name)).join(", ")}) VALUES ${list}`;
    statements.push({ sql, params });
    portion = undefined;
  };
  for (const row of rows) {
    const names = Object.keys(row);
    const key = JSON.stringify(names);
    const fits = portion?.key === key && names.length > 0 && portion.count < MAX_ROWS && (portion.count + 1) * names.length <= MAX_PARAMETERS;
    if (!fits) flush();
    portion ??= { key, count: 0, names, params: [] };
    portion.count += 1;
    portion.params.push(...Object.values(row));
  }
  flush();
  return statements.map(({ sql, params }) => (params.length === 0 ? { sql } : { sql, params }));
}

/** A user's expression as a statement: values become parameters. */
export function statementOf(expression: Expression): Statement {
  return renderStatement(expression, "sqlite", quote, () => "?");
}

function noSchemas(name: string): never {
  throw new RevlineError("unsupported", `SQLite has no schemas: "${name}" cannot be created or dropped.`, {
    hint: "Leave the schema out for SQLite.",
  });
}

function droppedNames(before: Definition, after: Definition): readonly string[] {
  const names = before.columns.map(({ column }) => column.name);
  return names.filter((name) => !after.columns.some(({ column }) => sameName(column.name, name)));
}

/** Runs a change after which views and triggers must work that worked before. @throws RevlineError statement-failed */
async function sparingOthers(table: string, replica: Replica, run: () => Promise<void>): Promise<void> {
  const before = await replica.problems();
  await run();
  for (const [what, message] of await replica.problems()) {
    if (before.has(what)) continue;
    throw new RevlineError("statement-failed", `The change of table "${table}" would break ${what}: ${message}`, {
      hint: "Drop it before the change and create it anew behind it, with op.execute in the same revision.",
    });
  }
}

/**
 * The definition without the checks and indexes whose expressions need a dropped column. Which ones do,
 * SQLite says: each that may is tried by itself.
 */
async function withoutDependents(before: Definition, after: Definition, state: TableState, replica: Replica): Promise<Definition> {
  const dropped = droppedNames(before, after);
  const mayNeed = (expressions: readonly (Expression | undefined)[]): boolean =>
    expressions.some((given) => given !== undefined && dropped.some((name) => mayMention(render(given), name)));
  const checks = after.constraints.filter(({ constraint }) => constraint.kind === "check" && mayNeed([constraint.expression]));
  const indexes = after.indexes.filter(({ index }) => mayNeed([index.where, ...index.elements.map(({ expression }) => expression)]));
  const without = (gone: ReadonlySet<unknown>): Definition => ({
    ...after,
    constraints: after.constraints.filter((part) => !gone.has(part)),
    indexes: after.indexes.filter((part) => !gone.has(part)),
  });
  const candidates = [...checks, ...indexes];
  if (candidates.length === 0 || (await replica.works(rebuild(before, after, state)))) return after;
  const needing = new Set<unknown>();
  for (const candidate of candidates) {
    const others = new Set(candidates.filter((other) => other !== candidate));
    if (!(await replica.works(rebuild(before, without(others), state)))) needing.add(candidate);
  }
  return without(needing);
}

/** Where the tables of an operation are named. */
function namesIn(operation: Operation): readonly string[] {
  if (operation.kind === "execute") {
    const { sql } = statementOf(operation.sql);
    return isDdl(sql) ? [sql] : [];
  }
  if (operation.kind === "renameTable") return [operation.from.name];
  return "table" in operation ? [operation.table.name] : [];
}

class Planner {
  readonly #context: PlanContext;
  #replica: Replica | undefined;
  /** What happened before the replica was needed. */
  #before: ((replica: Replica) => Promise<void>)[] = [];

  readonly #operations: readonly Operation[];

  constructor(operations: readonly Operation[], context: PlanContext) {
    this.#operations = operations;
    this.#context = context;
  }

  async replica(): Promise<Replica> {
    if (this.#replica !== undefined) return this.#replica;
    const replica = await Replica.of(this.#context, this.#operations.flatMap(namesIn));
    this.#replica = replica;
    for (const replay of this.#before) await replay(replica);
    this.#before = [];
    return replica;
  }

  /** Lets the replica follow: at once, or when it comes to be. */
  async follow(replay: (replica: Replica) => Promise<void>): Promise<void> {
    if (this.#replica === undefined) this.#before.push(replay);
    else await replay(this.#replica);
  }

  async close(): Promise<void> {
    await this.#replica?.close();
  }

  readonly #ddl = async (statements: readonly string[]): Promise<readonly Statement[]> => {
    await this.follow((replica) => replica.run(statements));
    return statements.map((sql) => ({ sql }));
  };

  readonly #foreign = async (statements: readonly Statement[]): Promise<readonly Statement[]> => {
    for (const { sql } of statements) await this.follow((replica) => replica.runForeign(sql));
    return statements;
  };

  readonly #object = async (operation: Parameters<PlanContext["compileObject"]>[0]): Promise<readonly Statement[]> =>
    this.#foreign(await this.#context.compileObject(operation, this.#context));

  /** Makes the tables anew whose text would stop a RENAME or DROP COLUMN. */
  async #renew(replica: Replica): Promise<readonly string[]> {
    const statements: string[] = [];
    for (const name of replica.takeOutdated()) {
      const state = await replica.state(name);
      const same = definitionOf(state.table);
      const made = rebuild(same, same, state);
      await replica.run(made);
      statements.push(...made);
    }
    return statements;
  }

  readonly #rename = async (operation: Parameters<typeof renameStatements>[0]): Promise<readonly Statement[]> => {
    const replica = await this.replica();
    const renewed = await this.#renew(replica);
    const names = await replica.names();
    const statements = await aroundBroken(renameStatements(operation, names), replica);
    return [...renewed, ...statements].map((sql) => ({ sql }));
  };

  readonly #alter = async (operation: AlterOperation): Promise<readonly Statement[]> => this.alter(operation.table, [operation]);

  readonly #table: OperationTable<Promise<readonly Statement[]>> = {
    createTable: ({ table }) => this.#ddl(createTable(table)),
    dropTable: ({ table }) => this.#ddl([`DROP TABLE ${quote(tableName(table))}`]),
    renameTable: (operation) => this.#rename(operation),
    renameColumn: (operation) => this.#rename(operation),
    addColumn: this.#alter,
    dropColumn: this.#alter,
    alterColumn: this.#alter,
    addConstraint: this.#alter,
    dropConstraint: this.#alter,
    renameConstraint: this.#alter,
    createIndex: this.#alter,
    dropIndex: this.#alter,
    renameIndex: this.#alter,
    setTableComment: this.#alter,
    setTableOptions: this.#alter,
    createSchema: ({ name }) => noSchemas(name),
    dropSchema: ({ name }) => noSchemas(name),
    execute: ({ sql }: Execute) => this.#foreign([statementOf(sql)]),
    bulkInsert: async (operation) => insertStatements(operation),
    createEnum: this.#object,
    dropEnum: this.#object,
    alterEnum: this.#object,
  };

  single(operation: Operation): Promise<readonly Statement[]> {
    return dispatch(this.#table, operation);
  }

  /** Changes of one table: by ALTER where SQLite has it, else by one rebuild. */
  async alter(table: TableName, operations: readonly AlterOperation[]): Promise<readonly Statement[]> {
    const stateless = statelessStatements(operations);
    if (stateless !== undefined) return this.#ddl(stateless);
    const replica = await this.replica();
    const renewed = operations.some(({ kind }) => kind === "dropColumn") ? await this.#renew(replica) : [];
    const state = await replica.state(tableName(table));
    const before = definitionOf(state.table);
    const native = nativeStatements(operations, before);
    if (native !== undefined && (await replica.attempt(native)) === undefined) {
      return [...renewed, ...native].map((sql) => ({ sql }));
    }
    const problem = sourceOfTable(state.table)?.problem;
    if (problem !== undefined) {
      throw new RevlineError("unsupported", `Table "${before.name}" must be rebuilt for this change, and its definition is not understood: ${problem}.`, {
        hint: "Rebuild it by hand with op.execute, so that nothing of it is lost.",
      });
    }
    const changed = operations.reduce(change, before);
    const isDrop = droppedNames(before, changed).length > 0;
    const after = isDrop ? await withoutDependents(before, changed, state, replica) : changed;
    const statements = rebuild(before, after, state);
    const run = (): Promise<void> => replica.run(statements);
    await (isDrop ? sparingOthers(before.name, replica, run) : run());
    return [...renewed, ...statements].map((sql) => ({ sql }));
  }
}

/**
 * Operations to SQL. With foreign keys off (see `begin` of the connection) the order between tables is
 * free, so the changes of one table come together and a table is rebuilt once.
 *
 * @throws RevlineError unsupported, unknown-table, statement-failed
 */
export async function plan(operations: readonly Operation[], context: PlanContext): Promise<readonly Statement[]> {
  const planner = new Planner(operations, context);
  const statements: Statement[] = [];
  try {
    for (const step of stepsOf(operations)) {
      const items: readonly Numbered[] = step.kind === "alter" ? step.items : [step.item];
      const made =
        step.kind === "alter"
          ? await planner.alter({ name: step.table }, step.items.map(({ operation }) => operation))
          : await planner.single(step.item.operation);
      const operation = items[0]?.number ?? 0;
      statements.push(...made.map((statement) => ({ ...statement, operation })));
    }
  } finally {
    await planner.close();
  }
  return statements;
}
