import { existsSync } from "node:fs";
import { extname, resolve } from "node:path";
import { compare, parseRename } from "../compare/index.ts";
import {
  Environment,
  MEMORY,
  planOperationsOn,
  reflectDatabase,
  runOptions,
  type EnvironmentOptions,
} from "../config/index.ts";
import { absoluteUrl } from "../config/url.ts";
import { dialectFor, type Canonical, type Connection, type Dialect } from "../dialects/index.ts";
import { RevlineError } from "../errors.ts";
import { describe, type Description } from "../operations/describe.ts";
import type { Operation } from "../operations/operation.ts";
import { canonicalizeWhole, type ComparedKinds, type ObjectOptions } from "../objects/whole.ts";
import { run } from "../runtime/index.ts";
import { EMPTY_METADATA, type MetaData, type SkippedObject } from "../schema/types.ts";

export interface DiffOptions extends EnvironmentOptions {
  /** A URL, a models file or a revision. Default: the configured database. */
  readonly from?: string;
  /** A URL, a models file or a revision. Default: the configured models. */
  readonly to?: string;
  /** Make the SQL too. */
  readonly sql?: boolean;
  /** Decisions: `old:new` for tables, `table.old:new` for columns. */
  readonly renames?: readonly string[];
}

export interface DiffResult {
  /** What the sides are, without passwords. */
  readonly from: string;
  readonly to: string;
  readonly equal: boolean;
  /** What makes FROM the same as TO. */
  readonly operations: readonly Operation[];
  /** The same in words. */
  readonly differences: readonly Description[];
  readonly skipped: readonly SkippedObject[];
  /** Statements without semicolons; empty unless they were asked for. */
  readonly sql: readonly string[];
}

/** One side: what it is, and how it is read. */
interface Side {
  readonly label: string;
  /** Undefined: models, which are of any database. */
  readonly dialect: Dialect | undefined;
  /** A database of the side's own; undefined: models, and revisions, which are in memory. */
  readonly url: string | undefined;
  /** Reads the side; the connection is one of the given dialect and stays open while the work is done. */
  open<T>(connectTo: string, work: (opened: Opened) => Promise<T>): Promise<T>;
}

interface Opened {
  readonly connection: Connection;
  readonly metadata: MetaData;
  /** Reflected from `connection`, so that it speaks the database's own words. */
  readonly isReflected: boolean;
}

/**
 * The difference of two of: a database, models, a revision. Changes neither; a revision is realised in an
 * SQLite database in memory.
 *
 * @throws RevlineError usage, unsupported (two databases of different kinds; a revision of another database than SQLite), …
 */
export async function diff(options: DiffOptions = {}): Promise<DiffResult> {
  const environment = await Environment.create(options);
  const from =
    options.from === undefined
      ? databaseSide(environment, environment.url)
      : sideOf(environment, options.from);
  const to =
    options.to === undefined ? modelsSide(environment, undefined) : sideOf(environment, options.to);
  const dialect = commonDialect(environment, from, to);
  const { plugins } = environment.config;
  // models need some database of the kind to be brought to its form
  const some = from.url ?? to.url ?? (dialect.name === "sqlite" ? MEMORY : environment.url);
  return from.open(some, (before) =>
    to.open(some, async (after) => {
      const canonical = await canonicalSides(before, after, dialect, plugins);
      const renames = (options.renames ?? []).map((text) =>
        parseRename(text, canonical.database, canonical.models),
      );
      const { operations, skipped } = compare(canonical, { dialect, renames });
      const plan = (): ReturnType<typeof planOperationsOn> =>
        planOperationsOn(canonical.database, before.connection, dialect, operations, plugins);
      const statements = options.sql === true ? await plan() : [];
      return {
        from: from.label,
        to: to.label,
        equal: operations.length === 0,
        operations,
        differences: operations.map(describe),
        skipped,
        sql: statements.map((statement) => dialect.text(statement, before.connection.server)),
      };
    }),
  );
}

/** Both sides together: whether two expressions are the same is decided by looking at both. */
async function canonicalSides(
  before: Opened,
  after: Opened,
  dialect: Dialect,
  plugins: ObjectOptions["plugins"],
): Promise<Canonical> {
  const { connection, metadata, isReflected } = before;
  const first = isReflected
    ? metadata
    : (await canonicalizeWhole(dialect, connection, EMPTY_METADATA, metadata, { plugins })).models;
  // a database says all that it holds, models perhaps not
  const kinds: ComparedKinds = after.isReflected ? "all" : undefined;
  return canonicalizeWhole(dialect, connection, first, after.metadata, { kinds, plugins });
}

/** @throws RevlineError unsupported */
function commonDialect(environment: Environment, from: Side, to: Side): Dialect {
  if (from.dialect !== undefined && to.dialect !== undefined && from.dialect !== to.dialect) {
    throw new RevlineError(
      "unsupported",
      `${from.label} is ${from.dialect.name}, ${to.label} is ${to.dialect.name}: they cannot be compared.`,
      {
        hint: "Compare two databases of one kind, or each with the models.",
      },
    );
  }
  return from.dialect ?? to.dialect ?? environment.dialect;
}

function sideOf(environment: Environment, text: string): Side {
  // a letter alone is a Windows drive
  if (/^[a-z][a-z0-9+.-]+:/i.test(text))
    return databaseSide(environment, absoluteUrl(text, environment.cwd));
  const isFile =
    existsSync(resolve(environment.cwd, text)) ||
    /^\.[cm]?[jt]s$/.test(extname(text)) ||
    /[/\\*]/.test(text);
  return isFile ? modelsSide(environment, text) : revisionSide(environment, text);
}

function databaseSide(environment: Environment, url: string): Side {
  const dialect = dialectFor(url);
  return {
    label: dialect.redactUrl(url),
    dialect,
    url,
    open: async (_, work) => {
      environment.requireDatabase(url);
      return environment.sessionOn(url, async (connection) =>
        work(await reflected(environment, connection, dialect)),
      );
    },
  };
}

async function reflected(
  environment: Environment,
  connection: Connection,
  dialect: Dialect,
): Promise<Opened> {
  return {
    connection,
    metadata: await reflectDatabase(environment, connection, undefined, dialect),
    isReflected: true,
  };
}

function modelsSide(environment: Environment, path: string | undefined): Side {
  return {
    label: path ?? "models",
    dialect: undefined,
    url: undefined,
    open: async (connectTo, work) => {
      const metadata =
        path === undefined
          ? await environment.models()
          : await environment.modelsFrom(path, environment.cwd);
      return environment.sessionOn(connectTo, (connection) =>
        work({ connection, metadata, isReflected: false }),
      );
    },
  };
}

/** @throws RevlineError unsupported */
function revisionSide(environment: Environment, identifier: string): Side {
  const dialect = dialectFor(MEMORY);
  if (environment.dialect !== dialect) {
    throw new RevlineError(
      "unsupported",
      `Revision ${identifier} cannot be compared: it would need an empty ${environment.dialect.name} database to be run on.`,
      {
        hint: `Bring an empty database to it (migrate upgrade ${identifier} --url …) and give its URL instead.`,
      },
    );
  }
  return {
    label: `revision ${identifier}`,
    dialect,
    url: undefined,
    open: async (_, work) => {
      const { map } = await environment.scripts();
      return environment.sessionOn(MEMORY, async (connection) => {
        const aim = { direction: "upgrade", target: identifier } as const;
        const { onEvent: _onEvent, ...options } = runOptions(environment, connection, map, aim);
        await run({ ...options, dialect });
        return work(await reflected(environment, connection, dialect));
      });
    },
  };
}
