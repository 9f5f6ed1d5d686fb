import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { init, merge, revision, type Config } from "../../src/index.ts";
import { createProject, writeFiles } from "../support/cli.ts";

async function project(config: Config): Promise<Parameters<typeof revision>[0] & { cwd: string }> {
  const cwd = await createProject();
  await init({ cwd });
  return { cwd, config };
}

describe("new revision files", () => {
  it("are called as the config says, and their dates are of its zone", async () => {
    const options = await project({
      fileTemplate: "%(year)d/%(rev)s-%(slug)s",
      recursiveVersionLocations: true,
      truncateSlugLength: 8,
      timezone: "Asia/Kolkata",
    });
    const first = await revision({ ...options, revisionId: "a1", message: "add posts and more" });
    const year = new Intl.DateTimeFormat("en", { timeZone: "Asia/Kolkata", year: "numeric" });
    const folder = join(options.cwd, "migrations", "versions");
    expect(relative(folder, first.path ?? "")).toBe(
      join(year.format(new Date()), "a1-add.ts".replace("add", "add")),
    );
    expect(first.text).toMatch(/Created: {2}\d{4}-\d\d-\d\d \d\d:\d\d \+05:30\n/);
    // the second stands on the first, whose folder is inside of the location
    const second = await revision({ ...options, revisionId: "b2", message: "second" });
    expect(relative(folder, second.path ?? "")).toBe(join(year.format(new Date()), "b2-second.ts"));
  });

  it("go through the hooks, of merges too", async () => {
    const options = await project({
      postWriteHooks: [
        { command: [process.execPath, "note.mjs", "one", "in: REVISION_SCRIPT_FILENAME"] },
        { name: "two", command: [process.execPath, "../note.mjs", "two"], cwd: "migrations" },
        async (path) => writeFile(path, `// three\n${await readFile(path, "utf8")}`),
      ],
    });
    await writeFiles(options.cwd, {
      "note.mjs": `import { appendFileSync } from "node:fs";
appendFileSync(import.meta.dirname + "/notes", process.argv.slice(2).join("|") + "\\n");
console.log("not for stdout");
`,
    });
    const lines: string[] = [];
    const reporter = { progress: (line: string) => lines.push(line), warn: () => undefined };
    const message = 'a; touch "x" $(touch y)';
    const { path } = await revision({ ...options, reporter, revisionId: "a; b", message });
    expect(await readFile(join(options.cwd, "notes"), "utf8")).toBe(
      `one|in: ${path ?? ""}\ntwo|${path ?? ""}\n`,
    );
    expect(await readFile(path ?? "", "utf8")).toMatch(/^\/\/ three\n/);
    expect(lines).toEqual([
      expect.stringContaining("Running"),
      expect.stringMatching(/^Running two on /),
      expect.stringContaining("the post-write hook"),
    ]);
    const other = await revision({ ...options, head: "base", splice: true, revisionId: "c3" });
    const merged = await merge({ ...options, revisions: ["heads"], revisionId: "d4" });
    expect((await readFile(join(options.cwd, "notes"), "utf8")).split("\n")).toEqual([
      `one|in: ${path ?? ""}`,
      `two|${path ?? ""}`,
      `one|in: ${other.path ?? ""}`,
      `two|${other.path ?? ""}`,
      `one|in: ${merged.path}`,
      `two|${merged.path}`,
      "",
    ]);
  });

  it.each([
    [
      { command: [process.execPath, "-e", "console.error('line 3: bad'); process.exit(4)", "--"] },
      /failed: it ended with code 4\.$/,
      ["line 3: bad"],
    ],
    [
      { name: "absent", command: ["no-such-program"] },
      /hook absent failed: it cannot be started/,
      [],
    ],
    [
      () => {
        throw new Error("no");
      },
      /hook failed: no$/,
      [],
    ],
  ])("stay when a hook fails, which is said: %#", async (hook, message, details) => {
    const options = await project({
      postWriteHooks: [hook, () => expect.fail("the hooks behind it do not run")],
    });
    const failed = await revision({ ...options, revisionId: "a1" }).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({
      code: "hook-failed",
      message: expect.stringMatching(message),
      hint: expect.stringContaining("was written and stays"),
      details,
    });
    expect(existsSync(join(options.cwd, "migrations/versions/a1.ts"))).toBe(true);
  });
});
