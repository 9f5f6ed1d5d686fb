import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "./support/cli.ts";
import { forEachDatabase } from "./support/databases.ts";
import { doMainJob, type Runner } from "./support/main-job.ts";
import { root } from "./support/source.ts";

const execute = promisify(execFile);
const required = process.env["CI"] === "true";
const ready = existsSync(join(root, "scripts/exe/node_modules"));

// A quarter of a gigabyte is needed to build it, which `npm run build:exe` gets; CI always does.
describe.skipIf(!ready && !required)("the single executable (npm run build:exe)", () => {
  let folder: string;
  let program: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "revline-exe-"));
    program = join(folder, "bin/migrate");
    await execute(process.execPath, [join(root, "scripts/build-exe.mjs"), program], { cwd: root });
  }, 300_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** An empty folder, an empty PATH, no home: nothing of this machine but the executable. */
  async function alone(env: Readonly<Record<string, string>> = {}): Promise<Runner> {
    const cwd = await mkdtemp(join(folder, "project-"));
    const none = { PATH: "", HOME: undefined, TMPDIR: undefined, LANG: undefined };
    return {
      cwd,
      program: [program],
      env: { ...none, XDG_CACHE_HOME: join(folder, "cache"), ...env },
    };
  }

  it("prints its help and its version", async () => {
    const runner = await alone();
    expect(await migrate(["--help"], runner)).toMatchObject({ code: 0, stderr: "" });
    expect((await migrate(["--version"], runner)).stdout).toMatch(/\d+\.\d+\.\d+/);
  });

  it("lays its files once", async () => {
    const runner = await alone({ XDG_CACHE_HOME: join(folder, "fresh") });
    const results = await Promise.all([1, 2, 3].map(() => migrate(["list-templates"], runner)));
    expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      results.map(() => ({ code: 0, stderr: "" })),
    );
  });

  forEachDatabase((db) => {
    it("does the main job", async () => {
      const { url } = await db.create();
      await doMainJob(await alone({ DATABASE_URL: url }));
    }, 180_000);
  });
});
