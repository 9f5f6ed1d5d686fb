import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buildOnce } from "./build.ts";
import {
  isServerKind,
  serverKinds,
  type DatabaseKind,
  type ServerKind,
  type Skipped,
} from "./kinds.ts";
import { administrativeUrl, variableOf } from "./given.ts";
import { findMysql } from "./servers/mysql.ts";
import { findPostgresql } from "./servers/postgresql.ts";
import type { Found, RunningServer, ServerRecipe } from "./servers/process.ts";

const recipes: Readonly<Record<ServerKind, () => Promise<Found>>> = {
  postgresql15: () => findPostgresql("pg15"),
  postgresql18: () => findPostgresql("pg18"),
  mariadb: () => findMysql("mariadb"),
  mysql: () => findMysql("mysql"),
};

/** What the run has: which databases, which it must do without, and where to ask for a server. */
export interface Broker {
  readonly available: readonly DatabaseKind[];
  readonly skipped: readonly Skipped[];
  /** `http://127.0.0.1:port`; `/server/<kind>` answers with an administrative URL, `/build` when dist/ is built. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Finds a server of each kind and starts those that are private when the first test asks for them, so that a
 * run of one file starts what that file needs and nothing else.
 */
export async function openBroker(): Promise<Broker> {
  const wanted = wantedKinds();
  const urls = new Map<ServerKind, () => Promise<string>>();
  const skipped: Skipped[] = [];
  const started: Promise<RunningServer>[] = [];

  for (const kind of serverKinds) {
    if (!wanted.has(kind)) {
      skipped.push({ kind, reason: "REVLINE_TEST_DATABASES leaves it out", chosen: true });
      continue;
    }
    const given = await administrativeUrl(kind);
    if (given !== undefined) {
      urls.set(kind, () => Promise.resolve(given));
      continue;
    }
    const found = await recipes[kind]();
    if ("missing" in found) {
      skipped.push({
        kind,
        reason: `${found.missing}; ${variableOf(kind)} is not set`,
        chosen: false,
      });
      continue;
    }
    urls.set(
      kind,
      once(() => startAndRemember(found.recipe, started)),
    );
  }

  const server = createServer((request, response) => {
    void answer(request, response, urls);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  const available: readonly DatabaseKind[] = [
    "sqlite",
    ...serverKinds.filter((kind) => urls.has(kind)),
  ];
  return {
    available: available.filter((kind) => wanted.has(kind)),
    skipped,
    address: `http://127.0.0.1:${String(address.port)}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      const results = await Promise.allSettled(started);
      const running = results.flatMap((result) =>
        result.status === "fulfilled" ? [result.value] : [],
      );
      await Promise.all(running.map((one) => one.stop()));
    },
  };
}

function wantedKinds(): ReadonlySet<string> {
  const list = process.env["REVLINE_TEST_DATABASES"];
  return new Set(
    list === undefined ? ["sqlite", ...serverKinds] : list.split(",").map((name) => name.trim()),
  );
}

async function startAndRemember(
  recipe: ServerRecipe,
  started: Promise<RunningServer>[],
): Promise<string> {
  const starting = recipe.start();
  started.push(starting);
  return (await starting).url;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  urls: ReadonlyMap<ServerKind, () => Promise<string>>,
): Promise<void> {
  const path = request.url ?? "";
  const kind = path.replace("/server/", "");
  try {
    const text =
      path === "/build"
        ? await buildOnce()
        : await (isServerKind(kind) ? urls.get(kind) : undefined)?.();
    response.writeHead(text === undefined ? 404 : 200).end(text);
  } catch (error) {
    response.writeHead(500).end(error instanceof Error ? describe(error) : String(error));
  }
}

function describe(error: Error): string {
  return error.cause instanceof Error
    ? `${error.message}\n${describe(error.cause)}`
    : error.message;
}
