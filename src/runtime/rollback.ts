import type { Connection } from "../dialects/contract.ts";
import { isRevlineError } from "../errors.ts";

/**
 * Rolls back what is open. Where the connection is lost there is nothing to say to the server, which
 * rolls back by itself.
 */
export async function rollBack(connection: Connection): Promise<void> {
  if (!connection.inTransaction) return;
  try {
    await connection.rollback();
  } catch (error) {
    if (!isRevlineError(error) || error.code !== "connection-failed") throw error;
  }
}
