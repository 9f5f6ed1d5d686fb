import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRaw } from "../test/support/raw.ts";
import { root } from "../test/support/source.ts";
import type { BenchDatabase } from "./database.ts";
import { inTurns, timed, type Row } from "./measure.ts";
import { runNode } from "./startup.ts";

const REVISIONS = 100;
const ROUNDS = 3;

/** `upgrade head` over a chain of small revisions, against the driver that runs the same statements. */
export async function* upgrade(databases: readonly BenchDatabase[]): AsyncIterable<Row> {
  const cwd = await project();
  const bin = join(root, "bin/migrate.js");
  for (const database of databases) {
    const migrate = (url: string): Promise<number> =>
      timed(() => runNode(cwd, [bin, "upgrade", "head", "--url", url]));
    const measured = await inTurns(
      ROUNDS,
      async () => {
        const url = await database.create();
        const whole = await migrate(url);
        const nothingToDo = await migrate(url);
        return (whole - nothingToDo) / REVISIONS;
      },
      async () => {
        const connection = await openRaw(database.family, await database.create());
        const milliseconds = await timed(async () => {
          await connection.query(
            "CREATE TABLE version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)",
          );
          await connection.query("INSERT INTO version VALUES ('r0')");
          for (let number = 1; number <= REVISIONS; number += 1) {
            await connection.query("BEGIN");
            await connection.query(
              `CREATE TABLE t${String(number)} (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL)`,
            );
            await connection.query(`UPDATE version SET version_num = 'r${String(number)}'`);
            await connection.query("COMMIT");
          }
        });
        await connection.close();
        return milliseconds / REVISIONS;
      },
    );
    yield {
      what: `${database.kind}: one revision of upgrade`,
      yardstick: "the driver alone",
      ...measured,
    };
  }
  await rm(cwd, { recursive: true, force: true });
}

async function project(): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), "revline-bench-"));
  await runNode(cwd, [join(root, "bin/migrate.js"), "init"]);
  const versions = join(cwd, "migrations/versions");
  await mkdir(versions, { recursive: true });
  for (let number = 1; number <= REVISIONS; number += 1) {
    await writeFile(join(versions, `r${String(number)}.ts`), revision(number));
  }
  return cwd;
}

function revision(number: number): string {
  const id = (n: number): string => `bench${String(n).padStart(7, "0")}`;
  return `import type { Operations } from "revline";

export const revision = "${id(number)}";
export const downRevision = ${number === 1 ? "null" : `"${id(number - 1)}"`};

export function upgrade(op: Operations): void {
  op.createTable("t${String(number)}", (t) => ({
    id: t.integer().notNull().primaryKey(),
    name: t.varchar(100).notNull(),
  }));
}

export function downgrade(op: Operations): void {
  op.dropTable("t${String(number)}");
}
`;
}
