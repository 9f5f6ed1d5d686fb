import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compare } from "../compare/index.ts";
import type { Connection } from "../dialects/contract.ts";
import { isRevlineError, RevlineError } from "../errors.ts";
import { reflectWhole } from "../objects/whole.ts";
import { EMPTY_METADATA, type MetaData } from "../schema/types.ts";
import { absoluteUrl } from "./url.ts";
import type { Environment } from "./environment.ts";
import { executeOperations } from "./execute.ts";

/**
 * Does work on an empty database that leaves nothing behind: the configured `scratchUrl`, emptied
 * afterwards; else a file (SQLite), or a database of its own on the same server.
 *
 * @throws RevlineError usage (the database is not empty), permission-denied (none can be made), and those of the work
 */
export async function onScratch<T>(
  environment: Environment,
  scratchUrl: string | undefined,
  work: (scratch: Environment) => Promise<T>,
): Promise<T> {
  const { config, cwd, folder } = environment;
  if (scratchUrl !== undefined) return onGiven(environment.at(absoluteUrl(scratchUrl, cwd)), work);
  if (config.scratchUrl !== undefined)
    return onGiven(environment.at(absoluteUrl(config.scratchUrl, folder)), work);
  return environment.dialect.scratch === undefined
    ? onFile(environment, work)
    : onServer(environment, work);
}

async function onFile<T>(
  environment: Environment,
  work: (scratch: Environment) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "revline-scratch-"));
  try {
    return await work(environment.at(`sqlite:${join(folder, "scratch.db")}`));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function onServer<T>(
  environment: Environment,
  work: (scratch: Environment) => Promise<T>,
): Promise<T> {
  const { dialect, url } = environment;
  const { scratch } = dialect;
  if (scratch === undefined)
    throw new RevlineError("internal", "The database has no scratch databases.");
  const name = `revline_scratch_${randomBytes(6).toString("hex")}`;
  await environment.sessionOn(url, async (connection) => {
    await create(connection, scratch.create(name, connection.server));
  });
  try {
    return await work(environment.at(scratch.urlOf(url, name)));
  } finally {
    await environment.sessionOn(url, (connection) => connection.execute(scratch.drop(name)));
  }
}

async function create(connection: Connection, sql: string): Promise<void> {
  try {
    await connection.execute(sql);
  } catch (error) {
    if (!isRevlineError(error)) throw error;
    throw new RevlineError(error.code, `No scratch database can be made: ${error.message}`, {
      hint: "Give the URL of an empty database with --scratch-url, or `scratchUrl` in the config.",
      cause: error,
    });
  }
}

/** A database that the user names: it must be empty, and is emptied. */
async function onGiven<T>(
  scratch: Environment,
  work: (scratch: Environment) => Promise<T>,
): Promise<T> {
  const before = await scratch.inspect((connection) => readAll(scratch, connection));
  if (!isEmpty(before)) {
    const names = [...before.tables, ...before.objects].map(({ name }) => name);
    throw new RevlineError(
      "usage",
      `The scratch database ${scratch.redactedUrl} is not empty: it holds ${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}.`,
      { hint: "Everything in it would be dropped: give an empty database with --scratch-url." },
    );
  }
  try {
    return await work(scratch);
  } finally {
    await scratch.session((connection) => makeEmpty(scratch, connection));
  }
}

function isEmpty({ tables, objects }: MetaData): boolean {
  return tables.length === 0 && objects.length === 0;
}

function readAll({ dialect, config }: Environment, connection: Connection): Promise<MetaData> {
  return reflectWhole(dialect, connection, { schemas: [undefined] }, config.plugins);
}

async function makeEmpty(scratch: Environment, connection: Connection): Promise<void> {
  const { dialect } = scratch;
  const { operations } = compare(
    { database: await readAll(scratch, connection), models: EMPTY_METADATA, skipped: [] },
    { dialect },
  );
  await executeOperations(connection, dialect, operations);
}
