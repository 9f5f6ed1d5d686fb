import { expect, it } from "vitest";
import { dialectFor } from "../../src/dialects/index.ts";
import { createProject, migrate } from "../support/cli.ts";
import { forEachDatabase } from "../support/databases.ts";

forEachDatabase((db) => {
  it("says who holds the lock and what unlocking breaks, and does it when it is told", async () => {
    const { url } = await db.create();
    const cwd = await createProject({ "migrations/versions/.keep": "" });
    const run = async (...args: readonly string[]): ReturnType<typeof migrate> =>
      migrate([...args, "--url", url], { cwd });
    if (db.family === "sqlite") {
      expect(await run("unlock", "--json")).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('"unsupported"'),
      });
      return;
    }
    expect(await run("unlock")).toMatchObject({ code: 0, stdout: "Nobody holds the lock.\n" });
    const holder = await dialectFor(url).connect(url);
    const schema = holder.server.defaultSchema ?? "";
    await dialectFor(url).lock(holder, { timeout: 0, key: `${schema}.revline_version` });
    expect((await run("status", "--json")).stdout).toMatch(/"held": true/);
    const refused = await run("upgrade", "head", "--lock-timeout", "0", "--json");
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "lock-timeout" } });
    const asked = await run("unlock", "--json");
    expect(asked.code).toBe(2);
    expect(JSON.parse(asked.stdout)).toMatchObject({
      error: {
        code: "decision-missing",
        message: expect.stringMatching(/held by (?:process|connection) \d+/),
        hint: expect.stringContaining("--yes"),
        details: [expect.stringContaining("session is ended")],
      },
    });
    expect(await run("unlock", "--yes")).toMatchObject({ code: 0, stdout: "The lock is free.\n" });
    expect(await run("upgrade", "head", "--lock-timeout", "2")).toMatchObject({ code: 0 });
    await expect(holder.query("SELECT 1")).rejects.toMatchObject({ code: "connection-failed" });
    await holder.close();
  });
});
