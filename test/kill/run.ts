import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildOnce } from "../support/build.ts";
import { administrativeUrl } from "../support/given.ts";
import { databaseKinds, familyOf, type DatabaseKind, type ServerKind } from "../support/kinds.ts";
import { openRaw } from "../support/raw.ts";
import { findMysql } from "../support/servers/mysql.ts";
import { findPostgresql } from "../support/servers/postgresql.ts";
import type { RunningServer } from "../support/servers/process.ts";
import { campaign, type CampaignResult } from "./campaign.ts";
import type { Method, Victim } from "./kit.ts";

const USAGE = `npm run kill -- [--database sqlite,postgresql15,postgresql18,mariadb,mysql] [--stride 1] [--rounds 20]
  [--deployers 8] [--server-stride 10]
Ends deployers at every statement of a history of twenty revisions, and their connections; every tenth time the server.
Servers: REVLINE_TEST_POSTGRESQL_URL, …_MARIADB_URL, …_MYSQL_URL, else private ones; servers that are ended are private.
`;

async function startServer(kind: ServerKind): Promise<RunningServer> {
  const found =
    familyOf[kind] === "postgresql"
      ? await findPostgresql(kind === "postgresql15" ? "pg15" : "pg18")
      : await findMysql(kind === "mariadb" ? "mariadb" : "mysql");
  if ("missing" in found) throw new Error(`${kind}: ${found.missing}`);
  return found.recipe.start();
}

/** A database of the kit's own on a server. */
function victimOn(kind: ServerKind, server: string): Victim {
  const family = familyOf[kind];
  const name = `revline_kill_${String(process.pid)}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const href = family === "mariadb" ? url.href.replace(/^mysql:/, "mariadb:") : url.href;
  const force = family === "postgresql" ? " WITH (FORCE)" : "";
  return {
    family,
    url: href,
    reset: async () => {
      const connection = await openRaw(family, server);
      try {
        await connection.query(`DROP DATABASE IF EXISTS ${name}${force}`);
        await connection.query(`CREATE DATABASE ${name}`);
      } finally {
        await connection.close();
      }
    },
  };
}

interface Choices {
  readonly stride: number;
  readonly serverStride: number;
  readonly rounds: number;
  readonly deployers: number;
}

function tell(line: string): void {
  process.stdout.write(`  ${line}\n`);
}

async function onSqlite(root: string, choices: Choices): Promise<readonly CampaignResult[]> {
  const folder = await mkdtemp(join(tmpdir(), "revline-kill-"));
  const file = join(folder, "test.db");
  const victim: Victim = {
    family: "sqlite",
    url: `sqlite:///${file}`,
    reset: async () => {
      for (const suffix of ["", "-wal", "-shm", "-journal"])
        await rm(file + suffix, { force: true });
    },
  };
  try {
    return [
      await campaign(victim, root, {
        ...choices,
        stride: () => choices.stride,
        methods: ["process"],
        tell,
      }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onServer(
  kind: ServerKind,
  root: string,
  choices: Choices,
): Promise<readonly CampaignResult[]> {
  const given = await administrativeUrl(kind);
  const own = await startServer(kind);
  const methods: readonly Method[] = ["process", "connection"];
  try {
    const first = await campaign(victimOn(kind, given ?? own.url), root, {
      ...choices,
      stride: () => choices.stride,
      methods,
      tell,
    });
    const { crash } = own;
    if (crash === undefined || choices.serverStride === 0) return [first];
    const plan = { ...choices, stride: () => choices.serverStride, rounds: 0, crash, tell };
    return [first, await campaign(victimOn(kind, own.url), root, { ...plan, methods: ["server"] })];
  } finally {
    await own.stop();
  }
}

function kindsOf(text: string): readonly DatabaseKind[] {
  return databaseKinds.filter((kind) => text.split(",").includes(kind));
}

const { values } = parseArgs({
  options: {
    database: { type: "string", default: databaseKinds.join(",") },
    stride: { type: "string", default: "1" },
    "server-stride": { type: "string", default: "10" },
    rounds: { type: "string", default: "20" },
    deployers: { type: "string", default: "8" },
    help: { type: "boolean", default: false },
  },
});
if (values.help || kindsOf(values.database).length === 0) process.stdout.write(USAGE);
else {
  const root = await buildOnce();
  const choices: Choices = {
    stride: Number(values.stride),
    serverStride: Number(values["server-stride"]),
    rounds: Number(values.rounds),
    deployers: Number(values.deployers),
  };
  for (const kind of kindsOf(values.database)) {
    process.stdout.write(`${kind}\n`);
    const results =
      kind === "sqlite" ? await onSqlite(root, choices) : await onServer(kind, root, choices);
    for (const { struck, restarts, races, wrong, statements } of results) {
      process.stdout.write(
        `${kind}: ${String(statements)} statements, ${String(struck)} ended, ${String(restarts)} restarted, ${String(races)} times ${String(choices.deployers)} deployers at once: ${String(wrong.length)} wrong\n`,
      );
      if (wrong.length > 0) process.exitCode = 1;
    }
  }
}
