import { expect, it } from "vitest";
import { onBothServers, open } from "./helpers.ts";
import { lockName } from "../../../src/dialects/mysql/lock.ts";
import { mysql } from "../../../src/dialects/mysql/index.ts";

it("gives locks a name that fits", () => {
  expect(lockName("x".repeat(64), "y".repeat(200)).length).toBeLessThanOrEqual(64);
});

onBothServers((db) => {
  it("lets one session in, names it to the other, and lets that in afterwards", async () => {
    const database = await db.create();
    const [first, second] = [await open(database), await open(database)];
    const held = await mysql.lock(first, { timeout: 0, key: "revline_version" });
    await expect(mysql.lock(second, { timeout: 0, key: "revline_version" })).rejects.toMatchObject({
      code: "lock-timeout",
      message: expect.stringMatching(/connection \d+/),
    });
    const other = await mysql.lock(second, { timeout: 0, key: "another_version" });
    await other.release();
    let told: string | undefined;
    const waiting = mysql.lock(second, {
      timeout: 10_000,
      key: "revline_version",
      onWait: (holder) => void (told = holder),
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await held.release();
    const now = await waiting;
    expect(told).toMatch(/connection \d+/);
    await now.release();
    await first.close();
    await second.close();
  });

  it("frees the lock when its session ends", async () => {
    const database = await db.create();
    const [first, second] = [await open(database), await open(database)];
    await mysql.lock(first, { timeout: 0, key: "k" });
    await first.close();
    await (await mysql.lock(second, { timeout: 5_000, key: "k" })).release();
    await second.close();
  });
});
