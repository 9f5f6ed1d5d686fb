import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { access, cp, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import mysql from "mysql2/promise";
import {
  freePort,
  own,
  run,
  untilReady,
  type Found,
  type OwnedProcess,
  type RunningServer,
} from "./process.ts";

const execute = promisify(execFile);
const script = fileURLToPath(new URL("../../../scripts/get-mysql.sh", import.meta.url));

export type Flavour = "mysql" | "mariadb";

interface Binary {
  /** The program (or a wrapper that starts it). */
  readonly program: string;
  readonly version: string;
  /** The folder of the SQL files that make the system tables; MariaDB only. */
  readonly share?: string;
}

const packages: Readonly<Record<Flavour, string>> = {
  mysql: "mysql-server-core",
  mariadb: "mariadb-server-core",
};
const images: Readonly<Record<Flavour, string>> = { mysql: "mysql:9", mariadb: "mariadb:10.11" };
const programs: Readonly<Record<Flavour, readonly string[]>> = {
  mysql: ["mysqld"],
  mariadb: ["mariadbd", "mysqld"],
};

/**
 * A MySQL or MariaDB server: the one that is installed, else one unpacked into the cache
 * (Debian and its kin, by scripts/get-mysql.sh; the system is not touched), else Docker.
 */
export async function findMysql(flavour: Flavour): Promise<Found> {
  const installed = await findInstalled(flavour);
  if (installed !== undefined) return native(flavour, installed);
  const unpacked = await unpack(flavour);
  if ("binary" in unpacked) return native(flavour, unpacked.binary);
  if (await succeeds("docker", ["info"])) {
    return {
      recipe: {
        description: `Docker image ${images[flavour]}`,
        start: () => startInDocker(flavour),
      },
    };
  }
  return {
    missing: `no ${programs[flavour][0] ?? flavour} is installed, ${unpacked.reason}, and no Docker runs`,
  };
}

function native(flavour: Flavour, binary: Binary): Found {
  return { recipe: { description: binary.version, start: () => starters[flavour](binary) } };
}

async function findInstalled(flavour: Flavour): Promise<Binary | undefined> {
  const folders = [
    ...(process.env["PATH"] ?? "").split(":"),
    "/usr/sbin",
    "/usr/local/sbin",
    "/usr/libexec",
  ];
  for (const program of programs[flavour].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  )) {
    if (!existsSync(program)) continue;
    const version = await versionOf(program);
    // MariaDB installs a `mysqld` of its own.
    if (version === undefined || version.includes("MariaDB") !== (flavour === "mariadb")) continue;
    if (flavour === "mysql") return { program, version };
    const share = ["mysql", "mariadb"]
      .map((name) => resolve(dirname(program), "../share", name))
      .find(
        (folder) =>
          existsSync(join(folder, "mysql_system_tables.sql")) ||
          existsSync(join(folder, "mariadb_system_tables.sql")),
      );
    if (share !== undefined) return { program, version, share };
  }
  return undefined;
}

async function unpack(
  flavour: Flavour,
): Promise<{ readonly binary: Binary } | { readonly reason: string }> {
  const folder = join(cacheFolder(), flavour);
  if (!existsSync(join(folder, "run"))) {
    if (!(await succeeds("apt-get", ["--version"])))
      return { reason: "there is no apt-get to get it with" };
    process.stderr.write(`Getting a ${flavour} server for the tests into ${folder} (once) …\n`);
    try {
      await execute("bash", [script, packages[flavour], folder], { timeout: 300_000 });
    } catch (error) {
      return { reason: `getting it failed (${lastLine(error)})` };
    }
  }
  const program = join(folder, "run");
  const version = await versionOf(program);
  if (version === undefined) return { reason: `${program} does not run` };
  const share = ["mysql", "mariadb"]
    .map((name) => join(folder, "root/usr/share", name))
    .find(existsSync);
  return { binary: { program, version, ...(share === undefined ? {} : { share }) } };
}

function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n").at(-1) ?? text;
}

function cacheFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "revline-test");
}

async function versionOf(program: string): Promise<string | undefined> {
  try {
    const { stdout } = await execute(program, ["--no-defaults", "--version"]);
    return stdout.trim().replace(/^\S+\s+/, "");
  } catch {
    return undefined; // not a server that runs here: the caller looks further
  }
}

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await execute(program, args, { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];
const starters: Readonly<Record<Flavour, (binary: Binary) => Promise<RunningServer>>> = {
  mariadb: (binary) =>
    startNative(binary, ["--skip-name-resolve"], (data) => bootstrapMariadb(binary, data)),
  mysql: (binary) =>
    startNative(binary, ["--mysqlx=OFF", "--performance-schema=OFF"], (data) =>
      initializeMysql(binary, data),
    ),
};

async function startNative(
  binary: Binary,
  flags: readonly string[],
  initialize: (data: string) => Promise<void>,
): Promise<RunningServer> {
  const home = await mkdtemp(join(tmpdir(), "revline-my-"));
  const log = join(home, "error.log");
  try {
    const data = join(home, "data");
    await initialize(data);
    const port = await freePort();
    const url = `mysql://root@127.0.0.1:${String(port)}/`;
    const command = [
      binary.program,
      ...[
        "--no-defaults",
        ...asRoot,
        `--datadir=${data}`,
        `--port=${String(port)}`,
        "--bind-address=127.0.0.1",
      ],
      ...[`--socket=${join(home, "s")}`, `--pid-file=${join(home, "pid")}`, `--log-error=${log}`],
      // 2: what was committed survives the end of the process
      ...["--skip-log-bin", "--innodb-flush-log-at-trx-commit=2", "--innodb-doublewrite=0"],
      ...["--innodb-buffer-pool-size=64M", "--max-connections=300", ...flags],
    ];
    const launch = async (): Promise<OwnedProcess> => {
      const started = own("KILL", command);
      await untilReady(
        started,
        () => probe(url),
        () => (existsSync(log) ? `see ${log}` : ""),
      );
      return started;
    };
    let server = await launch();
    return {
      url,
      crash: async () => {
        await server.stop();
        server = await launch();
      },
      stop: async () => {
        await server.stop();
        await rm(home, { recursive: true, force: true });
      },
    };
  } catch (error) {
    const tail = existsSync(log) ? (await readFile(log, "utf8")).slice(-2000) : "";
    await rm(home, { recursive: true, force: true });
    throw new Error(`${binary.version} did not start\n${tail}`, { cause: error });
  }
}

// What mariadb-install-db does, without its shell script, three times as fast.
async function bootstrapMariadb(binary: Binary, data: string): Promise<void> {
  const share = binary.share;
  if (share === undefined) throw new Error(`${binary.program} comes without its system tables`);
  await mkdir(data, { recursive: true });
  const part = async (name: string): Promise<string> => {
    const file = ["mysql", "mariadb"]
      .map((prefix) => join(share, `${prefix}_${name}.sql`))
      .find(existsSync);
    if (file === undefined) throw new Error(`${share} holds no mysql_${name}.sql`);
    return readFile(file, "utf8");
  };
  const input = [
    "CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\nSET @skip_auth_anonymous=1;",
    await part("system_tables"),
    await part("performance_tables"),
    await part("system_tables_data"),
  ].join("\n");
  await run(
    binary.program,
    [
      "--no-defaults",
      ...asRoot,
      "--bootstrap",
      `--datadir=${data}`,
      `--lc-messages-dir=${share}`,
      "--log-warnings=0",
      "--enforce-storage-engine=",
      "--innodb-flush-log-at-trx-commit=0",
      "--skip-log-bin",
    ],
    { input },
  );
}

// Seven seconds: the result is kept beside the unpacked server and copied for each run.
async function initializeMysql(binary: Binary, data: string): Promise<void> {
  const name = binary.version.replaceAll(/[^\w.]+/g, "-");
  const template = join(cacheFolder(), `mysql-data-${name}`);
  if (!existsSync(template)) {
    const fresh = `${template}.${String(process.pid)}`;
    await rm(fresh, { recursive: true, force: true });
    await mkdir(cacheFolder(), { recursive: true });
    await run(binary.program, [
      "--no-defaults",
      ...asRoot,
      `--datadir=${fresh}`,
      "--initialize-insecure",
    ]);
    await rename(fresh, template).catch(() => access(template)); // another run was faster
    await rm(fresh, { recursive: true, force: true });
  }
  await cp(template, data, { recursive: true });
}

async function startInDocker(flavour: Flavour): Promise<RunningServer> {
  const password =
    flavour === "mysql" ? "MYSQL_ALLOW_EMPTY_PASSWORD=1" : "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1";
  const port = await freePort();
  const name = `revline-test-${flavour}-${String(process.pid)}`;
  const server = own("INT", [
    "docker",
    ...[
      "run",
      "--rm",
      "--name",
      name,
      "-p",
      `127.0.0.1:${String(port)}:3306`,
      "-e",
      password,
      images[flavour],
    ],
  ]);
  const url = `mysql://root@127.0.0.1:${String(port)}/`;
  await untilReady(
    server,
    () => probe(url),
    () => "",
  );
  return {
    url,
    stop: async () => {
      await run("docker", ["rm", "--force", name]);
      await server.stop();
    },
  };
}

async function probe(url: string): Promise<void> {
  const connection = await mysql.createConnection({ uri: url, connectTimeout: 2000 });
  await connection.end();
}
