import type { Connection, Statement } from "./contract.ts";

/** Runs one statement, under the settings that are for it alone; resolves to the number of rows it touched. */
export async function executeStatement(
  connection: Connection,
  { sql, params, settings }: Statement,
): Promise<number> {
  if (settings === undefined) return connection.execute(sql, params);
  for (const setting of settings.before) await connection.execute(setting);
  try {
    return await connection.execute(sql, params);
  } finally {
    for (const setting of settings.after) await connection.execute(setting);
  }
}
