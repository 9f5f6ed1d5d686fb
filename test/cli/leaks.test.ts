import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DEFINITIONS } from "../../src/cli/definitions.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { migrateHere } from "../support/in-process.ts";

/** Every part of the password that some parser could cut off is the same word, so that one search finds any of them. */
const WORD = "Zq7xW";
const PASSWORD = [..."@:/?#&=%; '\"\\$!"].map((sign) => `${WORD}${sign}`).join("") + WORD;
/** As a person writes it who does not know about encoding. */
const RAW = `${WORD}/${WORD}@${WORD}:${WORD}?${WORD}#${WORD}`;

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const REVISION = (body: string): string => `/** first */
import type { Operations } from "revline";
export const revision = "aaaaaaaaaaaa";
export const downRevision = null;
export async function upgrade(op: Operations): Promise<void> {
  op.createTable("made", (t) => ({ id: t.integer().primaryKey() }));
${body}
}
export async function downgrade(op: Operations): Promise<void> {
  op.dropTable("made");
${body}
}
`;

const MODELS = `import { table, t } from "revline/schema";
export const made = table("made", { id: t.integer().primaryKey(), more: t.text() });
`;

interface Project {
  readonly body?: string;
  readonly config?: string;
  readonly configName?: string;
}

async function project({ body = "", config, configName }: Project = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "revline-leaks-"));
  folders.push(folder);
  await mkdir(join(folder, "migrations", "versions"), { recursive: true });
  await mkdir(join(folder, "node_modules"));
  const text =
    config ?? `export default { url: process.env["DATABASE_URL"], models: "./models.ts" };\n`;
  await writeFile(join(folder, configName ?? "migrate.config.ts"), text);
  await writeFile(join(folder, "models.ts"), MODELS);
  await writeFile(join(folder, "migrations", "versions", "aaaaaaaaaaaa_first.ts"), REVISION(body));
  return folder;
}

/** Every command, as it is called; a command that is missing here fails a test below. */
const CALLS: readonly (readonly string[])[] = [
  ["list-templates"],
  ["init", "other"],
  ["revision", "-m", "empty", "--rev-id", "cccccccccccc"],
  ["status"],
  ["current", "-v"],
  ["heads", "-v"],
  ["branches"],
  ["history", "-v", "-i"],
  ["show", "head"],
  ["edit", "head"],
  ["merge", "heads", "-m", "join"],
  ["check"],
  ["diff"],
  ["diff", "--sql"],
  ["introspect", "--force", "--out", "introspected.ts"],
  ["introspect"],
  ["validate"],
  ["test"],
  ["unlock", "--yes"],
  ["upgrade", "head", "--abort"],
  ["history", "--applied"],
  ["ensure-version", "--sql"],
  ["ensure-version"],
  ["upgrade", "head", "--sql"],
  ["upgrade", "head", "--dry-run"],
  ["upgrade", "aaaa"],
  ["revision", "--autogenerate", "-m", "auto"],
  ["stamp", "head", "--sql"],
  ["stamp", "head"],
  ["downgrade", "base", "--dry-run"],
  ["downgrade", "base"],
];

const FACES: readonly (readonly string[])[] = [[], ["--json"], ["-v", "--raiseerr"]];

interface Leak {
  readonly where: string;
  readonly line: string;
}

function leaksIn(text: string, where: string): readonly Leak[] {
  return text
    .split("\n")
    .filter((line) => line.includes(WORD))
    .map((line) => ({ where, line: line.slice(0, 300) }));
}

/** What stands in the files, but for the one that the user wrote the password into. */
async function leaksInFiles(folder: string, but: string | undefined): Promise<readonly Leak[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== but);
  const found = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return leaksIn(`${path}\n${await readFile(path, "latin1")}`, path);
    }),
  );
  return found.flat();
}

interface Way {
  readonly project?: Project;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** The file that holds the password because a person put it there. */
  readonly holder?: string;
  /** At least one call must end like this, or the way does not lead where it says. */
  readonly code: number;
}

/** Runs every command this way and with every face. */
async function leaksOf({ project: made, env, args = [], holder, code }: Way): Promise<unknown> {
  const folder = await project(made);
  const leaks: Leak[] = [];
  const codes = new Set<number | null>();
  for (const call of CALLS) {
    for (const face of FACES) {
      const argv = [...call, ...args, ...face];
      const result = await migrateHere(argv, {
        cwd: folder,
        env: { EDITOR: "true", VISUAL: "true", ...env },
      });
      codes.add(result.code);
      leaks.push(...leaksIn(result.stdout, `stdout of ${call.join(" ")} ${face.join(" ")}`));
      leaks.push(...leaksIn(result.stderr, `stderr of ${call.join(" ")} ${face.join(" ")}`));
    }
  }
  expect([...codes]).toContain(code);
  return [...leaks, ...(await leaksInFiles(folder, holder))];
}

const encoded = encodeURIComponent(PASSWORD);
const SCHEMES = ["postgresql", "mysql", "mariadb"] as const;

it("tries every command", () => {
  const called = new Set(CALLS.map(([name]) => name));
  expect(DEFINITIONS.map(({ name }) => name).filter((name) => !called.has(name))).toEqual([]);
});

describe.each(SCHEMES)("a password in a %s URL", (scheme) => {
  it.each([
    ["where nothing listens", `${scheme}://scott:${encoded}@127.0.0.1:1/db`],
    ["on a host that is none", `${scheme}://scott:${encoded}@no-such-host.invalid/db`],
    ["that is not encoded", `${scheme}://scott:${RAW}@127.0.0.1:1/db`],
    ["with a blank and quotes", `${scheme}://scott:${WORD} ${WORD}'${WORD}"${WORD}@127.0.0.1:1/db`],
    ["in a parameter", `${scheme}://scott@127.0.0.1:1/db?password=${encoded}&connect_timeout=2`],
    ["in a parameter of TLS", `${scheme}://scott@127.0.0.1:1/db?sslpassword=${encoded}`],
    ["in TLS options that are no JSON", `${scheme}://s@127.0.0.1:1/db?ssl={"passphrase":"${WORD}`],
    ["with a port that is none", `${scheme}://scott:${encoded}@127.0.0.1:port/db`],
    ["without slashes", `${scheme}:scott:${RAW}@127.0.0.1:1/db`],
    ["without a database", `${scheme}://scott:${encoded}@127.0.0.1:1`],
    ["with a broken escape", `${scheme}://scott:${WORD}%zz${WORD}%e2@127.0.0.1:1/db`],
  ])("%s", async (_, url) => {
    expect(await leaksOf({ env: { DATABASE_URL: url }, code: 1 })).toEqual([]);
  });
});

describe("a password in a URL", () => {
  const good = `postgresql://scott:${encoded}@127.0.0.1:1/db`;

  it.each([
    ["of an unknown scheme", `pg://scott:${encoded}@127.0.0.1:1/db`],
    ["without a scheme", `scott:${encoded}@127.0.0.1:1/db`],
    ["without a scheme, not encoded", `scott:${RAW}@127.0.0.1/db`],
    ["of a scheme with a blank", `postgresql ://scott:${encoded}@127.0.0.1:1/db`],
    ["with one slash", `postgresql:/scott:${encoded}@127.0.0.1:1/db`],
  ])("%s", async (_, url) => {
    expect(await leaksOf({ args: ["--url", url], code: 1 })).toEqual([]);
  });

  it.each([
    ["of an option that is none", [`--ulr=${good}`]],
    ["of an option that takes none", [`--json=${good}`]],
    ["as one argument too many", [good, good]],
    ["as a lock timeout", ["--lock-timeout", good]],
    ["as a name of a config", ["-c", good]],
    ["as models", ["--models", good, "--url", "sqlite:./a.db"]],
    ["as an argument of the user's", ["-x", `url=${good}`, "--url", "sqlite:./a.db", "--raise"]],
  ])("%s", async (_, args) => {
    expect(await leaksOf({ args, code: 1 })).toEqual([]);
  });

  it.each([["current"], ["upgrade"], ["show"], ["stamp"], ["diff"], ["init"], ["edit"], ["merge"]])(
    "as the argument of %s",
    async (name) => {
      const folder = await project();
      for (const url of [good, `scott:${encoded}@127.0.0.1:1/db`, `mysql://a:${RAW}@127.0.0.1:1/d`])
        for (const face of FACES) {
          const env = { DATABASE_URL: "sqlite:./a.db" };
          const { stdout, stderr } = await migrateHere([name, url, ...face], { cwd: folder, env });
          expect(leaksIn(stdout + stderr, url)).toEqual([]);
        }
    },
  );
});

describe("a password in a config", () => {
  const url = `postgresql://scott:${encoded}@127.0.0.1:1/db`;
  const quoted = JSON.stringify(url);

  it.each([
    ["that is in order", "migrate.config.ts", `export default { url: ${quoted}, models: "m" };`],
    ["as JSON", "migrate.config.json", `{ "url": ${quoted}, "models": "./models.ts" }`],
    ["as broken JSON", "migrate.config.json", `{ "url": "postgres://s:${WORD}" "${WORD}" }`],
    ["as JSON with a comma too many", "migrate.config.json", `{ "url": ${quoted}, }`],
    ["as JSON that is cut off", "migrate.config.json", `{ "url": "postgres://s:${WORD}@${WORD}`],
    ["with a syntax error", "migrate.config.ts", `export default { url: ${quoted} models: "m" };`],
    ["with an unknown key", "migrate.config.ts", `export default { urls: ${quoted} };`],
    [
      "as a name of a section",
      "migrate.config.ts",
      `export default { databases: { a: ${quoted} } };`,
    ],
    [
      "with a section",
      "migrate.config.ts",
      `export default { databases: { a: { url: ${quoted} }, b: { url: "sqlite:./b.db" } } };`,
    ],
    ["that throws it", "migrate.config.ts", `throw new Error("no connection to " + ${quoted});`],
    [
      "whose function throws it",
      "migrate.config.ts",
      `export default () => { throw new Error("no connection to " + ${quoted}); };`,
    ],
    [
      "that throws an object",
      "migrate.config.ts",
      `throw Object.assign(new Error("no"), { config: { password: "${WORD}" } });`,
    ],
  ])("%s", async (_, configName, config) => {
    const way = { project: { config, configName }, holder: configName };
    expect(await leaksOf({ ...way, code: 1 })).toEqual([]);
    expect(await leaksOf({ ...way, args: ["-n", "a"], code: 1 })).toEqual([]);
  });
});

forEachDatabase(
  (db) => {
    const USER = `leak_${process.pid}`;
    const literal = `'${PASSWORD.replaceAll("'", "''")}'`;
    const body = (inner: string): string =>
      `  const url = process.env["DATABASE_URL"];\n  ${inner}`;

    /** A user of the marker password who may do everything in a database of its own. */
    async function reachable(): Promise<{
      database: TestDatabase;
      url: string;
      end: () => Promise<void>;
    }> {
      const database = await db.create();
      const url = new URL(database.url);
      const isServer = db.family !== "postgresql";
      const word = isServer ? literal.replaceAll("\\", "\\\\") : literal;
      await database.query(
        isServer
          ? `CREATE USER '${USER}'@'%' IDENTIFIED BY ${word}; GRANT ALL ON *.* TO '${USER}'@'%'`
          : `CREATE ROLE ${USER} LOGIN SUPERUSER PASSWORD ${word}`,
      );
      url.username = USER;
      return {
        database,
        url: url.href.replace("@", `:${encoded}@`),
        end: async () => {
          if (isServer) await database.query(`DROP USER '${USER}'@'%'`);
          else await database.query(`DROP OWNED BY ${USER}; DROP ROLE ${USER}`);
        },
      };
    }

    /** Everything that the database holds, as text. */
    async function leaksInTables(database: TestDatabase): Promise<readonly Leak[]> {
      const own = db.family === "postgresql" ? "'public'" : "DATABASE()";
      const tables = await database.query(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${own}`,
      );
      const found: Leak[] = [];
      for (const { name } of tables) {
        const rows = await database.query(`SELECT * FROM ${String(name)}`);
        found.push(...leaksIn(JSON.stringify(rows), `table ${String(name)}`));
      }
      return found;
    }

    it.each([
      ["that all goes well with", "", 0],
      ["of a revision with bad SQL", body('op.execute("SELEKT 1");'), 1],
      ["of a revision that asks badly", body('await op.query("SELEKT 1");'), 1],
      ["of a revision that throws it", body('throw new Error("cannot reach " + url);'), 1],
      ["of a revision that throws its parts", body("throw new Error(decodeURIComponent(url));"), 1],
      ["of a revision that executes it", body('op.execute("SELECT " + url);'), 1],
      [
        "of a revision that makes a user with it",
        db.family === "postgresql"
          ? `  op.execute(${JSON.stringify(`CREATE ROLE nobody WITH NOSUCHTHING PASSWORD '${WORD}'`)});`
          : `  op.execute(${JSON.stringify(`CREATE USER nobody IDENTIFIED BY '${WORD}' NOSUCHTHING`)});`,
        1,
      ],
    ] as const)("hides the password %s", async (what, text, code) => {
      const { database, url, end } = await reachable();
      try {
        const isInFile = text.includes(WORD);
        const holder = isInFile ? { holder: "aaaaaaaaaaaa_first.ts" } : {};
        const isOfPlan = isInFile || text.includes("SELECT");
        const leaks = await leaksOf({
          env: { DATABASE_URL: url },
          project: { body: text },
          code,
          ...holder,
        });
        // the SQL of a plan is what the user asked to see
        const isPlan = ({ where }: Leak): boolean =>
          isOfPlan && /stdout of .*--(?:sql|dry-run)|node_modules/.test(where);
        expect(
          (leaks as Leak[]).filter((leak) => !isPlan(leak)),
          what,
        ).toEqual([]);
        // and what is to be finished after a crash is written down as it stands
        if (!isOfPlan) expect(await leaksInTables(database)).toEqual([]);
      } finally {
        await end();
      }
    });

    it("hides a wrong password", async () => {
      const { url } = await db.create();
      const wrong = new URL(url);
      wrong.username = "no_such_scott";
      const text = wrong.href.replace("@", `:${encoded}@`);
      expect(await leaksOf({ env: { DATABASE_URL: text }, code: 1 })).toEqual([]);
    });

    it("hides a password of the environment", async () => {
      const { url } = await db.create();
      const wrong = new URL(url);
      wrong.username = "no_such_scott";
      const env = { DATABASE_URL: wrong.href, PGPASSWORD: PASSWORD, MYSQL_PWD: PASSWORD };
      const failing = body('throw new Error("with " + process.env["PGPASSWORD"]);');
      expect(await leaksOf({ env, project: { body: failing }, code: 1 })).toEqual([]);
    });

    it("hides the password of a database that is absent", async () => {
      const { url, end } = await reachable();
      try {
        const absent = url.replace(/\/[^/]*$/, "/surely_absent");
        expect(await leaksOf({ env: { DATABASE_URL: absent }, code: 1 })).toEqual([]);
      } finally {
        await end();
      }
    });
  },
  { only: ["postgresql", "mysql", "mariadb"] },
);
