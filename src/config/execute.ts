import { executeStatement } from "../dialects/execute.ts";
import type { Connection, Dialect, PlanContext, Statement } from "../dialects/contract.ts";
import { objectCompiler, type Plugin } from "../objects/index.ts";
import type { Operation } from "../operations/operation.ts";
import { sameTable } from "../schema/collect.ts";
import type { MetaData } from "../schema/types.ts";
import { checkInterrupted } from "../runtime/context.ts";

/** Plans operations against a database as it is. */
export async function planOperations(
  connection: Connection,
  dialect: Dialect,
  operations: readonly Operation[],
): Promise<readonly Statement[]> {
  return dialect.plan(
    operations,
    contextOf(connection, dialect, (filter) => dialect.reflect(connection, filter)),
  );
}

/** Plans operations against a database that is known as data only. */
export async function planOperationsOn(
  metadata: MetaData,
  connection: Connection,
  dialect: Dialect,
  operations: readonly Operation[],
  plugins?: readonly Plugin[],
): Promise<readonly Statement[]> {
  const reflect: PlanContext["reflect"] = async ({ tables }) =>
    tables === undefined
      ? metadata
      : {
          ...metadata,
          tables: metadata.tables.filter((table) =>
            tables.some((wanted) => sameTable(wanted, table)),
          ),
        };
  return dialect.plan(operations, contextOf(connection, dialect, reflect, plugins));
}

/**
 * Plans and executes operations, in one transaction where the database can (in several where so many
 * operations need them); one that is open is used and left open.
 *
 * @throws RevlineError statement-failed, interrupted, and others of the connection
 */
export async function executeOperations(
  connection: Connection,
  dialect: Dialect,
  operations: readonly Operation[],
  signal?: AbortSignal,
): Promise<void> {
  if (operations.length === 0) return;
  const own = dialect.capabilities.transactionalDdl && !connection.inTransaction;
  if (own) await connection.begin();
  try {
    for (const statement of await planOperations(connection, dialect, operations)) {
      const { commitsBefore } = statement;
      checkInterrupted(signal);
      if (own && commitsBefore === true) {
        await connection.commit();
        await connection.begin();
      }
      await executeStatement(connection, statement);
    }
    if (own) await connection.commit();
  } catch (error) {
    if (own && connection.inTransaction) await connection.rollback();
    throw error;
  }
}

function contextOf(
  connection: Connection,
  dialect: Dialect,
  reflect: PlanContext["reflect"],
  plugins?: readonly Plugin[],
): PlanContext {
  return { server: connection.server, reflect, compileObject: objectCompiler(dialect, plugins) };
}
