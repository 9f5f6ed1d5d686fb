import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { postgresql } from "../../../src/dialects/postgresql/index.ts";
import { forEachDatabase } from "../../support/databases.ts";

forEachDatabase(
  (db) => {
    it("one session at a time; the other is told who holds it", async () => {
      const { url } = await db.create();
      const first = await postgresql.connect(url);
      const second = await postgresql.connect(url);
      const held = await postgresql.lock(first, { timeout: 0, key: "revline_version" });
      const waits: (string | undefined)[] = [];
      const refused = postgresql.lock(second, {
        timeout: 500,
        key: "revline_version",
        onWait: (holder) => waits.push(holder),
      });
      await expect(refused).rejects.toMatchObject({
        code: "lock-timeout",
        message: expect.stringContaining("revline"),
      });
      expect(waits).toHaveLength(1);
      expect(waits[0]).toMatch(/^process \d+ \(revline, user /);
      const other = await postgresql.lock(second, { timeout: 0, key: "other_version" });
      await other.release();
      const waiting = postgresql.lock(second, { timeout: 5000, key: "revline_version" });
      await sleep(300);
      await held.release();
      await (await waiting).release();
      await first.close();
      await second.close();
    });

    it("the lock ends with its session", async () => {
      const { url } = await db.create();
      const first = await postgresql.connect(url);
      await postgresql.lock(first, { timeout: 0, key: "revline_version" });
      await first.close();
      const second = await postgresql.connect(url);
      const lock = await postgresql.lock(second, { timeout: 2000, key: "revline_version" });
      await lock.release();
      await second.close();
    });
  },
  { only: ["postgresql"] },
);
