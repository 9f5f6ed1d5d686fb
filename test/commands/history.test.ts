import { beforeEach, describe, expect, it } from "vitest";
import * as revline from "../../src/index.ts";
import { createProject, migrate, writeFiles } from "../support/cli.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";

/** A revision that makes, and drops, one table. */
function file(id: string, down: string | null, more = ""): Readonly<Record<string, string>> {
  return {
    [`migrations/versions/${id}.ts`]: `/** make ${id} */
export const revision = "${id}";
export const downRevision = ${JSON.stringify(down)};
export async function upgrade(op) { op.createTable("t_${id}", (t) => ({ id: t.integer().primaryKey() })); ${more} }
export async function downgrade(op) { op.dropTable("t_${id}"); }
`,
  };
}

forEachDatabase((db) => {
  let database: TestDatabase;
  let cwd: string;
  let options: revline.EnvironmentOptions;
  beforeEach(async () => {
    database ??= await db.create();
    await database.reset();
    cwd = await createProject({ ...file("a1", null), ...file("b2", "a1"), ...file("c3", "b2") });
    options = { cwd, url: database.url, config: {} };
  });
  const lines = async (): Promise<readonly string[]> =>
    (await revline.appliedHistory(options)).applied.map(
      ({ direction, revision }) => `${direction} ${revision}`,
    );
  const found = async (): Promise<readonly string[]> =>
    (await revline.validate(options)).mismatches.map(({ kind, revision }) => `${kind} ${revision}`);

  it("records each revision with its version row", async () => {
    await revline.upgrade({ ...options, target: "b2" });
    await revline.downgrade({ ...options, target: "a1" });
    await revline.upgrade({ ...options, target: "head" });
    await revline.stamp({ ...options, revisions: ["b2"] });
    await revline.stamp({ ...options, revisions: ["base"] });
    expect(await lines()).toEqual([
      "stamp base",
      "stamp b2",
      "upgrade c3",
      "upgrade b2",
      "downgrade b2",
      "upgrade b2",
      "upgrade a1",
    ]);
    const { applied } = await revline.appliedHistory(options);
    for (const { appliedAt } of applied)
      expect(Math.abs(Date.parse(appliedAt) - Date.now())).toBeLessThan(600_000);
    expect(applied.at(-1)).toMatchObject({
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      appliedBy: expect.stringMatching(/.@./),
      toolVersion: expect.stringMatching(/^\d+\./),
    });
  });

  it("records nothing of a revision that failed", async () => {
    await writeFiles(cwd, file("b2", "a1", 'op.execute("INSERT INTO nowhere VALUES (1)");'));
    await expect(revline.upgrade({ ...options, target: "head" })).rejects.toMatchObject({
      code: "revision-failed",
    });
    expect(await lines()).toEqual(["upgrade a1"]);
  });

  it("is no part of a comparison or of generated models", async () => {
    await revline.upgrade({ ...options, target: "head" });
    const { text } = await revline.introspect(options);
    expect(text).toContain("t_a1");
    expect(text).not.toContain("revline_");
    const models = { "models.ts": text };
    await writeFiles(cwd, models);
    expect(await revline.check({ ...options, models: "./models.ts" })).toMatchObject({
      matches: true,
    });
  });

  it("does no harm when it is lost, or not wanted", async () => {
    await revline.upgrade({ ...options, target: "a1" });
    await database.query("DROP TABLE revline_history");
    await revline.upgrade({ ...options, target: "b2" });
    expect(await lines()).toEqual(["upgrade b2"]);
    expect(await revline.validate(options)).toMatchObject({
      valid: true,
      compared: 1,
      unrecorded: ["a1"],
    });
    await database.query("DROP TABLE revline_history");
    options = { ...options, config: { history: false } };
    await revline.upgrade({ ...options, target: "head" });
    await expect(database.query("SELECT * FROM revline_history")).rejects.toThrow();
    expect(await revline.appliedHistory(options)).toMatchObject({ recorded: false, applied: [] });
  });

  it("has a name of its own beside another version table", async () => {
    await revline.upgrade({ ...options, target: "a1", config: { versionTable: "app_version" } });
    expect(await database.query("SELECT revision FROM app_version_history")).toHaveLength(1);
    await revline.stamp({
      ...options,
      revisions: ["a1"],
      config: { versionTable: "other_version", history: "what_was_done" },
    });
    expect(await database.query("SELECT revision FROM what_was_done")).toHaveLength(1);
  });

  describe("validate", () => {
    it("finds what was changed, and not what was only formatted", async () => {
      await revline.upgrade({ ...options, target: "head" });
      expect(await revline.validate(options)).toMatchObject({ valid: true, compared: 3 });
      const [[path, text] = ["", ""]] = Object.entries(file("b2", "a1"));
      await writeFiles(cwd, {
        [path]: text.replaceAll('"', "'").replaceAll("\n", "\r\n").replace("/** make", "/** do"),
      });
      expect(await found()).toEqual([]);
      await writeFiles(cwd, { [path]: text.replace('createTable("t_b2"', 'createTable("t_b3"') });
      expect(await found()).toEqual(["changed b2"]);
      const { code, stdout } = await migrate(["validate", "--json", "--url", database.url], {
        cwd,
      });
      expect(code).toBe(2);
      expect(JSON.parse(stdout)).toMatchObject({
        valid: false,
        mismatches: [{ kind: "changed", revision: "b2", appliedBy: expect.any(String) }],
      });
      // applied again, it is as the file says
      await revline.stamp({ ...options, revisions: ["a1"] });
      await revline.stamp({ ...options, revisions: ["b2"] });
      expect(await found()).toEqual([]);
    });

    it("finds a file that is gone", async () => {
      await revline.upgrade({ ...options, target: "head" });
      await writeFiles(cwd, { "migrations/versions/c3.ts": "" });
      const { rm } = await import("node:fs/promises");
      await rm(`${cwd}/migrations/versions/c3.ts`);
      expect(await found()).toEqual(["missing-file c3"]);
      await writeFiles(cwd, file("c3", "b2"));
      await revline.downgrade({ ...options, target: "b2" });
      await rm(`${cwd}/migrations/versions/c3.ts`);
      expect(await found()).toEqual([]);
    });

    it("finds what was put below an applied revision", async () => {
      await revline.upgrade({ ...options, target: "head" });
      await writeFiles(cwd, { ...file("x9", "b2"), ...file("c3", "x9") });
      // the new parent is part of c3's text
      expect(await found()).toEqual(["never-run x9", "changed c3"]);
    });

    it("finds what was applied in another order than the files have", async () => {
      await writeFiles(cwd, { ...file("c3", "a1") });
      await revline.upgrade({ ...options, target: "c3" });
      await revline.upgrade({ ...options, target: "b2" });
      await writeFiles(cwd, { ...file("c3", "b2") });
      expect(await found()).toEqual(["out-of-order b2", "changed c3"]);
    });
  });
});
