import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { dialectFor } from "../../src/dialects/index.ts";
import { lockObstacle } from "../../src/dialects/mysql/lock.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { startPooler } from "../support/pooler.ts";
import {
  collector,
  createProject,
  gate,
  rejection,
  unlock,
  upgrade,
  upgradingWith,
  type Choices,
  type Project,
} from "./project.ts";

let project: Project;
beforeEach(() => {
  project = createProject();
});
afterEach(() => project.remove());

const TABLE = { name: "revline_lock" };
const inTable = { lock: "table", lockExpiry: 1000 } as const;

function writeChain(ids: readonly string[]): void {
  for (const [at, id] of ids.entries())
    project.revision(
      id,
      ids[at - 1] ?? null,
      `  op.createTable("t_${id}", (t) => ({ id: t.integer().primaryKey() }));`,
    );
}

forEachDatabase(
  (db) => {
    let database: TestDatabase;
    beforeEach(async () => {
      database ??= await db.create();
      await database.reset();
    });
    const versions = async (): Promise<readonly unknown[]> =>
      (await database.query("SELECT version_num FROM revline_version")).map(
        (row) => row["version_num"],
      );

    /** An upgrade that is in the middle of its revision until it is released. */
    const longUpgrade = async (
      choices: Choices,
    ): Promise<{ readonly end: Promise<unknown>; release(): void }> => {
      const inside = gate();
      const out = gate();
      const run = upgrade(database.url, project, "head", {
        ...choices,
        ...upgradingWith(async (op) => {
          await op.query("SELECT 1");
          inside.open();
          await out.opened;
          await op.query("SELECT 1");
        }),
      });
      const end = rejection(run);
      await Promise.race([inside.opened, end]);
      return { end, release: out.open };
    };

    it("a lock in a table lets one deployer in at a time", async () => {
      const chain = ["a1", "b2", "c3"];
      writeChain(chain);
      const results = await Promise.all(
        Array.from({ length: 4 }, () => upgrade(database.url, project, "head", inTable)),
      );
      expect(
        results.flatMap(({ done }) => done.map(({ revision }) => revision.id)).toSorted(),
      ).toEqual(chain);
      expect(await versions()).toEqual(["c3"]);
      expect(await database.query("SELECT owner FROM revline_lock")).toEqual([{ owner: null }]);
    });

    it("is renewed as long as the work goes on", async () => {
      writeChain(["a1"]);
      const { end, release } = await longUpgrade(inTable);
      const { events, onEvent } = collector();
      const second = upgrade(database.url, project, "head", {
        ...inTable,
        lockTimeout: 2500,
        onEvent,
      });
      expect(await rejection(second)).toMatchObject({
        code: "lock-timeout",
        message: expect.stringMatching(/process \d+ on .*since \d{4}-.*expires/),
      });
      expect(events).toMatchObject([{ kind: "waiting", holder: expect.any(String) }]);
      release();
      expect(await end).toMatchObject({ resolved: { after: ["a1"] } });
    });

    it("of a killed deployer is free when it has expired", async () => {
      writeChain(["a1"]);
      const dialect = dialectFor(database.url);
      const { lockTable } = dialect;
      if (lockTable === undefined) throw new Error("no lock table");
      for (const { sql } of [
        lockTable.create(TABLE),
        lockTable.seed(TABLE),
        lockTable.take(TABLE, "somebody", "a dead process", 2),
      ])
        await database.query(sql);
      expect(
        await rejection(upgrade(database.url, project, "head", { ...inTable, lockTimeout: 0 })),
      ).toMatchObject({ code: "lock-timeout", message: expect.stringContaining("a dead process") });
      expect(await upgrade(database.url, project, "head", inTable)).toMatchObject({
        after: ["a1"],
      });
    });

    it("lets nobody write who has lost it", async () => {
      writeChain(["a1"]);
      const { end, release } = await longUpgrade(inTable);
      await unlock(database.url, project, inTable);
      release();
      expect(await end).toMatchObject({ code: "lock-lost" });
      expect(await rejection(versions())).not.toEqual({ resolved: ["a1"] });
      expect(await upgrade(database.url, project, "head", inTable)).toMatchObject({
        after: ["a1"],
      });
    });

    it("of a session ends with it, when it is taken away", async () => {
      writeChain(["a1"]);
      const { end, release } = await longUpgrade({});
      expect(await unlock(database.url, project)).toMatch(/\d+/);
      await sleep(200);
      release();
      expect(await end).toMatchObject({ code: "connection-failed" });
      expect(await unlock(database.url, project)).toBeUndefined();
      expect(await upgrade(database.url, project)).toMatchObject({ after: ["a1"] });
    });

    if (db.family === "postgresql") {
      it("is refused where a pooler gives the session away, and holds in a table there", async () => {
        writeChain(["a1", "b2"]);
        for (const sessions of [1, 3]) {
          const pooler = await startPooler(database.url, sessions);
          try {
            expect(await rejection(upgrade(pooler.url, project))).toMatchObject({
              code: "unsupported",
              hint: expect.stringContaining('lock: "table"'),
            });
          } finally {
            await pooler.close();
          }
        }
        const pooler = await startPooler(database.url, 4);
        try {
          const results = await Promise.all(
            [1, 2].map(() => upgrade(pooler.url, project, "head", inTable)),
          );
          expect(results.flatMap(({ done }) => done)).toHaveLength(2);
        } finally {
          await pooler.close();
        }
        expect(await versions()).toEqual(["b2"]);
      });
    }
  },
  { only: ["postgresql", "mariadb", "mysql"] },
);

it("a cluster where named locks do not hold is known by its settings", () => {
  expect(lockObstacle(new Map([["wsrep_on", "OFF"]]))).toBeUndefined();
  expect(lockObstacle(new Map([["wsrep_on", "ON"]]))).toMatch(/Galera/);
  const group = [["group_replication_group_name", "a-b-c"]] as const;
  const mode = "group_replication_single_primary_mode";
  expect(lockObstacle(new Map([...group, [mode, "ON"]]))).toBeUndefined();
  expect(lockObstacle(new Map([...group, [mode, "OFF"]]))).toMatch(/several primaries/);
});
