import { spawn } from "node:child_process";
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { dialectFor } from "../../src/dialects/index.ts";
import type { Connection } from "../../src/dialects/contract.ts";
import { startProxy, type Moment, type Proxy } from "./proxy.ts";
import { CHAIN, revisionFiles } from "./revisions.ts";

/** A database that the kit may do with what it likes. */
export interface Victim {
  readonly family: "sqlite" | "postgresql" | "mariadb" | "mysql";
  readonly url: string;
  reset(): Promise<void>;
}

/** What ends: the process of the deployer, its connection, or the server. */
export type Method = "process" | "connection" | "server";

/** What is counted. */
export interface Figures {
  /** Runs that were ended. */
  readonly struck: number;
  /** Runs that were needed afterwards. */
  readonly restarts: number;
  /** What was not as it should be; nothing, that is. */
  readonly wrong: readonly string[];
}

const OWN = ["revline_version", "revline_history", "revline_journal", "revline_lock"];
const killer = fileURLToPath(new URL("sqlite-killer.mjs", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** What a database holds: tables, rows, versions, and what was recorded. */
export interface Picture {
  readonly tables: unknown;
  readonly rows: Readonly<Record<string, unknown>>;
  readonly versions: readonly unknown[];
  readonly history: readonly unknown[];
}

/** Runs deployers on one database, ends them at chosen places, and compares what comes out. */
export class Kit {
  readonly #victim: Victim;
  readonly #root: string;
  readonly #folder: string;
  readonly #proxy: Proxy | undefined;

  private constructor(victim: Victim, root: string, folder: string, proxy: Proxy | undefined) {
    this.#victim = victim;
    this.#root = root;
    this.#folder = folder;
    this.#proxy = proxy;
  }

  /** @param root the folder of the built package */
  static async open(victim: Victim, root: string): Promise<Kit> {
    const folder = await mkdtemp(join(tmpdir(), "revline-kill-"));
    for (const [path, text] of Object.entries(revisionFiles())) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const { family, url } = victim;
    const proxy =
      family === "sqlite"
        ? undefined
        : await startProxy(url, family === "postgresql" ? "postgresql" : "mysql");
    return new Kit(victim, root, folder, proxy);
  }

  async close(): Promise<void> {
    await this.#proxy?.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** An undisturbed run: what must come out, and how many statements it takes. */
  async undisturbed(): Promise<{ readonly picture: Picture; readonly statements: number }> {
    await this.#victim.reset();
    const counted = join(this.#folder, "count");
    this.#proxy?.set(undefined);
    const { code, output } = await this.#deploy(this.#proxy?.url, {
      ...(this.#proxy === undefined ? this.#sqlite({ KILL_COUNT_TO: counted }) : {}),
    });
    if (code !== 0) throw new Error(`the undisturbed run failed: ${output}`);
    const statements =
      this.#proxy === undefined ? Number(await readFile(counted, "utf8")) : this.#proxy.count;
    return { picture: await this.picture(), statements };
  }

  /**
   * Ends a run at a statement, goes on with another one, and compares.
   *
   * @param crash ends the server, and resolves when it is up again
   * @returns what is wrong; nothing, that is
   */
  async strike(
    { method, moment, at }: { method: Method; moment: Moment; at: number },
    wanted: Picture,
    crash: () => Promise<void> = () => Promise.resolve(),
  ): Promise<readonly string[]> {
    await this.#victim.reset();
    const place = `${method} ended ${moment} statement ${String(at)}`;
    let back: Promise<void> = Promise.resolve();
    let struck: Ended;
    if (this.#proxy === undefined) {
      struck = await this.#deploy(
        undefined,
        this.#sqlite({ KILL_AT: String(at), KILL_MOMENT: moment }),
      );
    } else {
      const proxy = this.#proxy;
      const kill = new AbortController();
      proxy.set({
        at,
        moment,
        spring: async () => {
          proxy.set(undefined);
          if (method === "process") kill.abort();
          else if (method === "server") back = crash();
          proxy.cut();
        },
      });
      struck = await this.#deploy(proxy.url, {}, kill.signal);
    }
    await back;
    const wrong: string[] = [];
    if (struck.code === 0) wrong.push("it was not ended");
    if (method !== "process" && /internal|Error:.*\n +at /.test(struck.output))
      wrong.push(`it did not end in order: ${struck.output}`);
    wrong.push(...(await this.#untrue()));
    const { code, output } = await this.#deploy();
    if (code !== 0) wrong.push(`the next run failed: ${output}`);
    wrong.push(...difference(wanted, await this.picture()), ...(await this.#leftovers()));
    return wrong.map((what) => `${this.#victim.family}: ${place}: ${what}`);
  }

  /**
   * Several deployers at once.
   *
   * @param from the revision that the database is at before; absent: it is empty
   */
  async race(deployers: number, wanted: Picture, from?: string): Promise<readonly string[]> {
    await this.#victim.reset();
    if (from !== undefined) await this.#deploy(undefined, {}, undefined, from);
    const ended = await Promise.all(Array.from({ length: deployers }, () => this.#deploy()));
    const failed = ended.filter(({ code }) => code !== 0);
    return [
      ...failed.map(({ output }) => `a deployer of ${String(deployers)} failed: ${output}`),
      ...difference(wanted, await this.picture()),
      ...(await this.#leftovers()),
    ].map((what) => `${this.#victim.family}: ${what}`);
  }

  async picture(): Promise<Picture> {
    return this.#look(async (connection) => {
      const dialect = dialectFor(this.#victim.url);
      const { tables } = await dialect.reflect(connection, {
        exclude: OWN.map((name) => ({ name })),
      });
      const byName = tables.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const rows = async (table: string, columns = "*"): Promise<readonly string[]> =>
        (await connection.query(`SELECT ${columns} FROM ${table}`))
          .map((row) => JSON.stringify(row))
          .toSorted();
      const all: Record<string, unknown> = {};
      for (const { name } of byName) all[name] = await rows(name);
      const has = async (name: string): Promise<boolean> => {
        const { sql, params } = dialect.versionTable.exists({ name }, connection.server);
        return (await connection.query(sql, params)).length > 0;
      };
      return {
        tables: byName,
        rows: all,
        versions: (await has("revline_version")) ? await rows("revline_version") : [],
        history: (await has("revline_history"))
          ? await rows("revline_history", "revision, direction")
          : [],
      };
    });
  }

  /** What the version table says must be what the history says, and nothing between. */
  async #untrue(): Promise<readonly string[]> {
    const { versions, history } = await this.picture();
    const applied = CHAIN.slice(0, history.length).map((id) =>
      JSON.stringify({ revision: id, direction: "upgrade" }),
    );
    const version = CHAIN[history.length - 1];
    const expected = version === undefined ? [] : [JSON.stringify({ version_num: version })];
    return [...difference(applied, history), ...difference(expected, versions)].map(
      (what) => `version table not true: ${what}`,
    );
  }

  /** No lock, and no journal. */
  async #leftovers(): Promise<readonly string[]> {
    return this.#look(async (connection) => {
      const dialect = dialectFor(this.#victim.url);
      const { defaultSchema } = connection.server;
      const key = defaultSchema === undefined ? OWN[0] : `${defaultSchema}.${OWN[0] ?? ""}`;
      const holder = await dialect.lockHolder?.(connection, key ?? "");
      const { sql, params } = dialect.versionTable.exists(
        { name: "revline_journal" },
        connection.server,
      );
      const journal = await connection.query(sql, params);
      return [
        ...(holder === undefined ? [] : [`a lock is left: ${holder.about}`]),
        ...(journal.length === 0 ? [] : ["a journal is left"]),
      ];
    });
  }

  async #look<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const { url } = this.#victim;
    const connection = await dialectFor(url).connect(url);
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  }

  #sqlite(more: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return { NODE_OPTIONS: `--import=${killer}`, ...more };
  }

  /** Runs `migrate upgrade`, and waits for its end. */
  async #deploy(
    url = this.#victim.url,
    more: Readonly<Record<string, string>> = {},
    kill?: AbortSignal,
    target = "head",
  ): Promise<Ended> {
    const child = spawn(
      process.execPath,
      [join(this.#root, "bin", "migrate.js"), "upgrade", target, "-q", "--url", url],
      {
        cwd: this.#folder,
        env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...more },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    kill?.addEventListener("abort", () => child.kill("SIGKILL"), { once: true });
    let output = "";
    child.stdout.on("data", (text: Buffer) => (output += text.toString()));
    child.stderr.on("data", (text: Buffer) => (output += text.toString()));
    const code = await new Promise<number | null>((done) => child.once("close", done));
    // the operating system closes the connections of a process that is gone; so does the proxy
    await sleep(0);
    return { code, output };
  }
}

/** In what two pictures differ, shortly. */
function difference(wanted: unknown, found: unknown): readonly string[] {
  if (isDeepStrictEqual(wanted, found)) return [];
  if (isRecord(wanted) && isRecord(found)) {
    return [...new Set([...Object.keys(wanted), ...Object.keys(found)])].flatMap((key) =>
      difference(wanted[key], found[key]).map((what) => `${key}: ${what}`),
    );
  }
  const text = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 300);
  return [`${text(found)} instead of ${text(wanted)}`];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
