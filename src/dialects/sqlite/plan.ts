import { createdAs, renderStatement, withCondition } from "../ddl.ts";
import type { PlanContext, Statement } from "../contract.ts";
import {
  dispatch,
  type Execute,
  type Operation,
  type OperationTable,
  type RenameColumn,
} from "../../operations/operation.ts";
import { renameInConstraint } from "../../operations/rename.ts";
import type { Table, TableName, UniqueConstraint } from "../../schema/types.ts";
import type { Expression } from "../../schema/expression.ts";
import { RevlineError } from "../../errors.ts";
import { batchOf, givenDefinition, withoutMoot } from "./batch.ts";
import { change, type AlterOperation } from "./change.ts";
import { createTable, tableName } from "./compile.ts";
import { definitionOf } from "./definition.ts";
import { droppedNames, sparingOthers, withoutDependents } from "./dependents.ts";
import { insertStatements } from "./insert.ts";
import { aroundBroken, nativeStatements, renameStatements, statelessStatements } from "./native.ts";
import { sameName } from "./names.ts";
import { rebuild } from "./rebuild.ts";
import { Replica } from "./replica.ts";
import { sourceOfTable } from "./source.ts";
import { quote, render } from "./spelling.ts";
import { stepsOf, type Numbered } from "./steps.ts";
import { isDdl } from "./tokens.ts";

/** A user's expression as a statement: values become parameters. */
export function statementOf(expression: Expression): Statement {
  return renderStatement(expression, "sqlite", quote, () => "?");
}

function noSchemas(name: string): never {
  throw new RevlineError(
    "unsupported",
    `SQLite has no schemas: "${name}" cannot be created or dropped.`,
    {
      hint: "Leave the schema out for SQLite.",
    },
  );
}

/** Where the tables of an operation are named. */
function namesIn(operation: Operation): readonly string[] {
  if (operation.kind === "execute") {
    const { sql } = statementOf(operation.sql);
    return isDdl(sql) ? [sql] : [];
  }
  if (operation.kind === "renameTable") return [operation.from.name];
  if (operation.kind === "createObject" || operation.kind === "alterObject") {
    const { name, table } = operation.kind === "createObject" ? operation.object : operation.to;
    return table === undefined ? [name] : [name, table];
  }
  return "table" in operation ? [operation.table.name] : [];
}

function uniquesOver(table: Table | undefined, column: string): readonly UniqueConstraint[] {
  if (table?.options?.sqlite?.["withoutRowid"] !== true) return [];
  return table.constraints
    .filter((constraint) => constraint.kind === "unique")
    .filter(({ columns }) => columns.some((name) => sameName(name, column)));
}

class Planner {
  readonly #context: PlanContext;
  #replica: Replica | undefined;
  /** What happened before the replica was needed. */
  #before: ((replica: Replica) => Promise<void>)[] = [];

  readonly #operations: readonly Operation[];

  constructor(operations: readonly Operation[], context: PlanContext) {
    this.#operations = operations;
    this.#context = { ...context, operations };
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

  readonly #object = async (
    operation: Parameters<PlanContext["compileObject"]>[0],
  ): Promise<readonly Statement[]> =>
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

  readonly #rename = async (
    operation: Parameters<typeof renameStatements>[0],
  ): Promise<readonly Statement[]> => {
    const replica = await this.replica();
    const renewed = await this.#renew(replica);
    const names = await replica.names();
    const statements = await aroundBroken(renameStatements(operation, names), replica);
    return [...renewed, ...statements].map((sql) => ({ sql }));
  };

  /** SQLite 3.53 renames no INTEGER key of a table without rowid under a UNIQUE: that steps aside. */
  readonly #renameColumn = async (operation: RenameColumn): Promise<readonly Statement[]> => {
    const { table } = operation;
    const replica = await this.replica();
    if (await replica.works(renameStatements(operation, []))) return this.#rename(operation);
    const keys = uniquesOver(await replica.known(tableName(table)), operation.from);
    if (keys.length === 0) return this.#rename(operation);
    const dropped = await this.alter(
      table,
      keys.map((key) => ({
        kind: "dropConstraint",
        table,
        type: key.kind,
        dropped: key,
        ...(key.name === undefined ? {} : { name: key.name }),
      })),
    );
    const renamed = await this.#rename(operation);
    const added = await this.alter(
      table,
      keys.map((key) => ({
        kind: "addConstraint",
        table,
        constraint: renameInConstraint(key, { own: true, ...operation }),
      })),
    );
    return [...dropped, ...renamed, ...added];
  };

  readonly #alter = async (operation: AlterOperation): Promise<readonly Statement[]> =>
    this.alter(operation.table, [operation]);

  readonly #table: OperationTable<Promise<readonly Statement[]>> = {
    createTable: (operation) => {
      const [create = "", ...indexes] = createTable(operation.table);
      const condition = operation.ifNotExists === true;
      return this.#ddl([
        createdAs(create, operation, render),
        ...indexes.map((sql) => (condition ? withCondition(sql, "IF NOT EXISTS") : sql)),
      ]);
    },
    dropTable: ({ table, ifExists }) =>
      this.#ddl([`DROP TABLE ${ifExists === true ? "IF EXISTS " : ""}${quote(tableName(table))}`]),
    renameTable: (operation) => this.#rename(operation),
    renameColumn: this.#renameColumn,
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
    createObject: this.#object,
    dropObject: this.#object,
    alterObject: this.#object,
    invoke: this.#object,
    createEnum: this.#object,
    dropEnum: this.#object,
    alterEnum: this.#object,
    renameEnumValue: this.#object,
  };

  single(operation: Operation): Promise<readonly Statement[]> {
    return dispatch(this.#table, operation);
  }

  /** Changes of one table: by ALTER where SQLite has it, else by one rebuild. */
  async alter(
    table: TableName,
    recorded: readonly AlterOperation[],
  ): Promise<readonly Statement[]> {
    const batch = batchOf(recorded);
    const stateless = batch.recreate === "always" ? undefined : statelessStatements(recorded);
    if (stateless !== undefined) return this.#ddl(stateless);
    const replica = await this.replica();
    const renewed = recorded.some(({ kind }) => kind === "dropColumn")
      ? await this.#renew(replica)
      : [];
    const state = await replica.state(tableName(table));
    const before = givenDefinition(state.table, batch);
    const operations = withoutMoot(recorded, before);
    const native = batch.recreate === "always" ? undefined : nativeStatements(operations, before);
    if (native !== undefined && (await replica.attempt(native)) === undefined) {
      return [...renewed, ...native].map((sql) => ({ sql }));
    }
    if (batch.recreate === "never") {
      throw new RevlineError(
        "unsupported",
        `SQLite cannot make the changes of table "${before.name}" by ALTER, and it is not to be made anew (recreate: "never").`,
        { hint: 'Leave `recreate` out, or say "always".' },
      );
    }
    const problem = sourceOfTable(state.table)?.problem;
    if (problem !== undefined && batch.copyFrom === undefined) {
      throw new RevlineError(
        "unsupported",
        `Table "${before.name}" must be rebuilt for this change, and its definition is not understood: ${problem}.`,
        {
          hint: "Say what it is with `copyFrom` of op.batchAlterTable, or rebuild it by hand with op.execute, so that nothing of it is lost.",
        },
      );
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
export async function plan(
  operations: readonly Operation[],
  context: PlanContext,
): Promise<readonly Statement[]> {
  const planner = new Planner(operations, context);
  const statements: Statement[] = [];
  try {
    for (const step of stepsOf(operations)) {
      const items: readonly Numbered[] = step.kind === "alter" ? step.items : [step.item];
      const made =
        step.kind === "alter"
          ? await planner.alter(
              { name: step.table },
              step.items.map(({ operation }) => operation),
            )
          : await planner.single(step.item.operation);
      const operation = items[0]?.number ?? 0;
      statements.push(...made.map((statement) => ({ ...statement, operation })));
    }
  } finally {
    await planner.close();
  }
  return statements;
}
