import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environment, writeFiles } from "./support/cli.ts";
import { ask } from "./support/databases.ts";
import { doMainJob } from "./support/main-job.ts";
import { root } from "./support/source.ts";

const execute = promisify(execFile);

let folder: string;
let packed: readonly string[];

beforeAll(async () => {
  await ask("build");
  folder = await mkdtemp(join(tmpdir(), "revline-package-"));
  // dist/ is built already: the scripts of the package have nothing to do.
  const { stdout } = await npm(
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder],
    root,
  );
  const [report] = reportOf(stdout);
  packed = report?.files ?? [];
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "shop", private: true }));
  // The addon of SQLite may have to be compiled, for minutes: the one of this checkout is taken.
  await npm(
    ["install", "--prefer-offline", "--ignore-scripts", join(folder, report?.filename ?? "")],
    folder,
  );
  const addon = "node_modules/better-sqlite3/build/Release/better_sqlite3.node";
  if (existsSync(join(root, addon))) await cp(join(root, addon), join(folder, addon));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the tarball", () => {
  it("holds the program, its types, the templates, and nothing else", () => {
    expect(packed).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "CHANGELOG.md",
        "bin/migrate.js",
        "dist/index.js",
        "dist/index.d.ts",
        "dist/exports/schema.d.ts",
        "dist/exports/testing.d.ts",
        "dist/cli/index.js",
      ]),
    );
    expect(packed.some((path) => path.startsWith("templates/generic/"))).toBe(true);
    const allowed = /^(bin|dist|templates)\/|^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
    expect(packed.filter((path) => !allowed.test(path))).toEqual([]);
  });

  it("names only files that are in it", async () => {
    const text = await readFile(join(folder, "node_modules/revline/package.json"), "utf8");
    const named = [...text.matchAll(/"(?:\.\/)?((?:bin|dist)\/[^"]+)"/g)].map(([, path]) => path);
    expect(named.length).toBeGreaterThan(6);
    expect(named.filter((path) => !packed.includes(path ?? ""))).toEqual([]);
  });

  it.each(["nodenext", "bundler"])("has types for a strict project (%s)", async (resolution) => {
    await writeFiles(folder, { [`${resolution}/use.ts`]: consumer });
    const module = resolution === "bundler" ? "esnext" : "nodenext";
    const flags = [
      "--noEmit",
      "--strict",
      "--exactOptionalPropertyTypes",
      "--target",
      "es2023",
      "--types",
      "",
    ];
    const { stdout } = await execute(
      process.execPath,
      [
        join(root, "node_modules/typescript/bin/tsc"),
        ...flags,
        "--module",
        module,
        "--moduleResolution",
        resolution,
        join(folder, resolution, "use.ts"),
      ],
      { cwd: folder },
    ).catch((error: unknown) => ({ stdout: String(Object(error).stdout ?? error) }));
    expect(stdout).toBe("");
  });

  it("can be imported and required", async () => {
    const code =
      'import("revline/schema").then((m) => console.log(typeof m.table, typeof require("revline").defineConfig))';
    const { stdout } = await execute(process.execPath, ["-e", code], { cwd: folder });
    expect(stdout.trim()).toBe("function function");
  });
});

describe("installed into an empty project", () => {
  it("does the main job on an SQLite file", async () => {
    const program = [process.execPath, join(folder, "node_modules/.bin/migrate")];
    await doMainJob({ cwd: folder, program });
  });

  it("answers to npx by both of its names", async () => {
    const versions = await Promise.all(
      ["migrate", "revline"].map((name) =>
        execute("npx", ["--no-install", name, "--version"], { cwd: folder, env: environment() }),
      ),
    );
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    expect(versions.map(({ stdout }) => stdout.includes(version))).toEqual([true, true]);
  });
});

const consumer = `import { defineConfig, type Operations } from "revline";
import { table, t, type Row } from "revline/schema";

export const users = table("users", { id: t.integer().identity().primaryKey(), email: t.varchar(255).notNull(), name: t.text() });
export const user: Row<typeof users> = { id: 1, email: "a@example.org", name: null };
// @ts-expect-error a row has no such column
export const phone = user.phone;

export function upgrade(op: Operations): void {
  op.createTable("t", (t) => ({ id: t.integer().notNull().primaryKey() }));
}
export default defineConfig({ url: "sqlite:./app.db", models: "./models.ts" });
`;

function npm(args: readonly string[], cwd: string): Promise<{ stdout: string }> {
  return execute("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd,
    maxBuffer: 2 ** 26,
  });
}

interface Packed {
  readonly filename: string;
  readonly files: readonly string[];
}

function reportOf(json: string): readonly Packed[] {
  const report: unknown = JSON.parse(json);
  // npm 12 answers with an object by package name.
  const entries: readonly unknown[] = Array.isArray(report)
    ? report
    : Object.values(Object(report));
  return entries
    .map((entry) => entry as { filename: string; files: readonly { path: string }[] })
    .map(({ filename, files }) => ({ filename, files: files.map(({ path }) => path) }));
}
