import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dialectFor } from "../../src/dialects/index.ts";
import type { Connection } from "../../src/dialects/contract.ts";
import type { Operations } from "../../src/operations/operations.ts";
import { ScriptDirectory } from "../../src/revisions/index.ts";
import {
  abort,
  breakLock,
  dryRun,
  run,
  stamp,
  type AbortResult,
  type DryRunResult,
  type RunEvent,
  type RunOptions,
  type RunResult,
  type StampResult,
} from "../../src/runtime/index.ts";

/** A folder of revisions for tests. */
export interface Project {
  readonly folder: string;
  /** Writes `<id>.ts` and returns its path. */
  revision(
    id: string,
    down: string | readonly string[] | null,
    upgrade: string,
    downgrade?: string,
    more?: string,
  ): string;
  remove(): void;
}

export function createProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), "revline-runtime-"));
  mkdirSync(join(folder, "versions"));
  return {
    folder,
    revision: (id, down, upgrade, downgrade = "", more = "") => {
      const path = join(folder, "versions", `${id}.ts`);
      const source = `/**
 * do ${id}
 */
import type { Operations } from "revline";

export const revision = "${id}";
export const downRevision: string | readonly string[] | null = ${JSON.stringify(down)};
${more}
export async function upgrade(op: Operations): Promise<void> {
${upgrade}
}

export async function downgrade(op: Operations): Promise<void> {
${downgrade}
}
`;
      writeFileSync(path, source);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What a test may say beside the target. */
export type Choices = Partial<
  Pick<
    RunOptions,
    | "signal"
    | "dialect"
    | "lock"
    | "lockExpiry"
    | "timeouts"
    | "lockRetries"
    | "onEvent"
    | "lockTimeout"
    | "versionTable"
    | "loadRevision"
    | "transactionPerMigration"
  >
> & {
  readonly connection?: Connection;
  /** Called with the session before it is used. */
  readonly prepare?: (connection: Connection) => void;
};

export const VERSION_TABLE = { name: "revline_version" };

async function withSession<T>(
  url: string,
  choices: Choices,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  if (choices.connection !== undefined) return work(choices.connection);
  const connection = await dialectFor(url).connect(url);
  choices.prepare?.(connection);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

function optionsFor(
  url: string,
  project: Project,
  connection: Connection,
  choices: Choices,
): Omit<RunOptions, "direction" | "target"> {
  const { connection: _, prepare: __, ...rest } = choices;
  const { map } = ScriptDirectory.open(project.folder);
  return {
    connection,
    dialect: dialectFor(url),
    map,
    versionTable: VERSION_TABLE,
    lockTimeout: 20_000,
    connect: () => dialectFor(url).connect(url),
    ...rest,
  };
}

export function upgrade(
  url: string,
  project: Project,
  target = "head",
  choices: Choices = {},
): Promise<RunResult> {
  return withSession(url, choices, (connection) =>
    run({ ...optionsFor(url, project, connection, choices), direction: "upgrade", target }),
  );
}

export function downgrade(
  url: string,
  project: Project,
  target: string,
  choices: Choices = {},
): Promise<RunResult> {
  return withSession(url, choices, (connection) =>
    run({ ...optionsFor(url, project, connection, choices), direction: "downgrade", target }),
  );
}

export function unlock(url: string, project: Project, choices: Choices = {}): Promise<unknown> {
  return withSession(url, choices, (connection) =>
    breakLock(optionsFor(url, project, connection, choices)),
  );
}

export function undo(url: string, project: Project, choices: Choices = {}): Promise<AbortResult> {
  return withSession(url, choices, (connection) =>
    abort({
      ...optionsFor(url, project, connection, choices),
      direction: "upgrade",
      target: "head",
    }),
  );
}

export function rehearse(
  url: string,
  project: Project,
  target = "head",
  choices: Choices = {},
): Promise<DryRunResult> {
  return withSession(url, choices, (connection) =>
    dryRun({ ...optionsFor(url, project, connection, choices), direction: "upgrade", target }),
  );
}

export function mark(
  url: string,
  project: Project,
  targets: readonly string[],
  purge = false,
  choices: Choices = {},
): Promise<StampResult> {
  return withSession(url, choices, (connection) =>
    stamp({ ...optionsFor(url, project, connection, choices), targets, purge }),
  );
}

/** Collects events. */
export function collector(): {
  readonly events: RunEvent[];
  readonly onEvent: (event: RunEvent) => void;
} {
  const events: RunEvent[] = [];
  return { events, onEvent: (event) => void events.push(event) };
}

/** What a promise was rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    return { resolved: await promise };
  } catch (error) {
    return error;
  }
}

/** A promise that the test opens. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A loader whose every revision's upgrade is the given function. */
export function upgradingWith(
  script: (op: Operations) => Promise<void>,
): Pick<Choices, "loadRevision"> {
  return { loadRevision: async () => ({ upgrade: script }) };
}
