import type { Connection } from "../dialects/contract.ts";
import { isRevlineError, messageOf, RevlineError } from "../errors.ts";
import { run } from "../runtime/index.ts";
import type { Environment } from "./environment.ts";
import { runOptions, toResult, type Aim, type MigrationResult } from "./run.ts";

interface Member {
  readonly name: string;
  readonly environment: Environment;
  readonly connection: Connection;
  /** A change of the schema can be rolled back. */
  readonly isTransactional: boolean;
}

/**
 * Runs revisions on several databases, all or nothing as far as the databases allow: transactions are begun
 * on all that can roll a change of the schema back, all are migrated, and in the end all are committed. Those
 * that commit every change by themselves come last, when the others have succeeded.
 *
 * @throws RevlineError as `run` of the runtime; the message names the database, the details say what became of the others
 */
export async function migrateTogether(
  members: ReadonlyMap<string, Environment>,
  aim: Aim,
): Promise<MigrationResult> {
  const ordered = [...members].toSorted(
    ([, a], [, b]) => rank(a) - rank(b), // the sort is stable: else the config's order
  );
  const found = await open(ordered, [], (sessions) => runAll(sessions, aim));
  const results = [...members.keys()].map((name): [string, MigrationResult] => {
    const result = found.get(name);
    if (result === undefined) throw new RevlineError("internal", `Nothing was run on "${name}".`);
    return [name, result];
  });
  const all = results.map(([, result]) => result);
  return {
    url: all.map(({ url }) => url).join(", "),
    from: [...new Set(all.flatMap(({ from }) => from))],
    to: [...new Set(all.flatMap(({ to }) => to))],
    revisions: all.flatMap(({ revisions }) => revisions),
    warnings: results.flatMap(([name, { warnings }]) => warnings.map((line) => `${name}: ${line}`)),
    databases: Object.fromEntries(results),
  };
}

function rank({ dialect }: Environment): number {
  return dialect.capabilities.transactionalDdl ? 0 : 1;
}

/** Opens one session after the other; all are closed at the end. */
async function open<T>(
  [next, ...rest]: readonly (readonly [string, Environment])[],
  opened: readonly Member[],
  work: (members: readonly Member[]) => Promise<T>,
): Promise<T> {
  if (next === undefined) return work(opened);
  const [name, environment] = next;
  const isTransactional = environment.dialect.capabilities.transactionalDdl;
  return environment.session((connection) =>
    open(rest, [...opened, { name, environment, connection, isTransactional }], work),
  );
}

async function runAll(
  members: readonly Member[],
  aim: Aim,
): Promise<ReadonlyMap<string, MigrationResult>> {
  const done = new Map<string, MigrationResult>();
  const committed: string[] = [];
  let current = "";
  try {
    for (const { name, connection, isTransactional } of members) {
      current = name;
      if (isTransactional) await connection.begin();
    }
    for (const { name, environment, connection, isTransactional } of members) {
      current = name;
      const { map } = await environment.scripts();
      const result = await run(runOptions(environment, connection, map, aim));
      done.set(name, toResult(environment, result));
      if (!isTransactional) committed.push(name);
    }
    for (const { name, connection, isTransactional } of members) {
      current = name;
      if (!isTransactional) continue;
      await connection.commit();
      committed.push(name);
    }
    return done;
  } catch (error) {
    const rolledBack: string[] = [];
    const notes: string[] = [];
    for (const { name, connection, isTransactional } of members) {
      if (!isTransactional || committed.includes(name)) continue;
      try {
        if (connection.inTransaction) await connection.rollback();
        rolledBack.push(name);
      } catch (failure) {
        notes.push(
          `${name}: the rollback failed (${messageOf(failure)}); the server rolls back by itself.`,
        );
      }
    }
    throw failedOn(current, error, { committed, rolledBack, notes });
  }
}

interface Left {
  readonly committed: readonly string[];
  readonly rolledBack: readonly string[];
  readonly notes: readonly string[];
}

function failedOn(name: string, error: unknown, { committed, rolledBack, notes }: Left): unknown {
  if (!isRevlineError(error)) return error;
  const { code, message, details, hint } = error;
  const state = [
    ...(rolledBack.length === 0 ? [] : [`Rolled back: ${rolledBack.join(", ")}.`]),
    ...(committed.length === 0 ? [] : [`Done before, and stays: ${committed.join(", ")}.`]),
    ...notes,
  ];
  return new RevlineError(code, `Database "${name}": ${message}`, {
    details: [
      ...details.filter((line) => !line.startsWith("The transaction is the caller's")),
      ...state,
    ],
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}
