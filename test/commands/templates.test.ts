import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import * as revline from "../../src/index.ts";
import { createProject, migrate, writeFiles } from "../support/cli.ts";

const ESM = `import { table, t } from "revline/schema";
export const users = table("users", { id: t.integer().identity().primaryKey(), tags: t.json().default("[]") });
`;
const COMMONJS = `const { table, t } = require("revline/schema");
exports.users = table("users", { id: t.integer().identity().primaryKey(), tags: t.json().default("[]") });
`;

/** Up, down, up; the database then is what the models say. */
async function runs(cwd: string): Promise<void> {
  const env = { DATABASE_URL: undefined };
  for (const args of [
    ["revision", "--autogenerate", "-m", "first"],
    ["upgrade", "head"],
    ["check"],
    ["downgrade", "base"],
    ["upgrade", "head"],
    ["check"],
  ]) {
    const { code, stderr, stdout } = await migrate(args, { cwd, env });
    expect({ args, code, stdout, stderr }).toMatchObject({ args, code: 0 });
  }
}

async function revisionIn(cwd: string): Promise<string> {
  const folder = join(cwd, "migrations/versions");
  const [file = ""] = await readdir(folder);
  return join(folder, file);
}

describe("a project", () => {
  it.each([
    ["module", "generic", "models.ts", ESM],
    ["commonjs", "generic", "models.ts", ESM],
    ["commonjs", "generic", "models.ts", COMMONJS],
    ["module", "js", "models.js", ESM],
    ["commonjs", "js", "models.js", COMMONJS],
  ])("of type %s works with template %s and %s", async (type, template, file, text) => {
    const cwd = await createProject({
      "package.json": JSON.stringify({ name: "p", private: true, type }),
      [file]: text,
    });
    const { missing } = await revline.init({ cwd, template });
    expect(missing).toEqual([]);
    await runs(cwd);
  });
});

it("the js template writes revisions that Node itself reads", async () => {
  const cwd = await createProject({ "models.js": ESM });
  await revline.init({ cwd, template: "js" });
  await revline.revision({ cwd, url: "sqlite::memory:", autogenerate: true, message: "first" });
  const path = await revisionIn(cwd);
  expect(path).toMatch(/_first\.js$/);
  const text = await readFile(path, "utf8");
  expect(text).toContain('/** @param {import("revline").Operations} op */');
  expect(text).not.toMatch(/import type|Promise<|<unknown>/);
  const code = `import(${JSON.stringify(path)}).then((m) => console.log(typeof m.upgrade, m.downRevision))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", code]);
  expect(stdout).toBe("function null\n");
});

describe("a template", () => {
  it("may be a folder of the user's own", async () => {
    const cwd = await createProject({
      "our/README": "Ours.\n",
      "our/migrate.config.ts": `export default { url: "sqlite::memory:", migrations: "./migrations", templateArgs: { team: "blue" },
  revisionTemplate: ({ header, imports, constants, functions }, { team }) =>
    [header, \`// team \${String(team)}\`, ...imports, ...constants, ...functions, ""].join("\\n") };
`,
      "our/migrations/package.json": '{ "type": "module" }\n',
      "our/migrations/notes.md": "how we write revisions\n",
      "our/node_modules/x/index.js": "",
    });
    const { written } = await revline.init({ cwd, template: "./our", directory: "db" });
    expect(written).toEqual([
      "migrate.config.ts",
      "db/notes.md",
      "db/package.json",
      "db/versions/",
    ]);
    const made = await revline.revision({ cwd, message: "x" });
    expect(made.path).toContain(join("db", "versions"));
    expect(made.text).toContain("// team blue\n");
    expect((await revline.heads({ cwd })).heads).toHaveLength(1);
  });

  it("that is none is refused", async () => {
    const cwd = await createProject({ "our/README": "Ours.\n" });
    await expect(revline.init({ cwd, template: "our" })).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining("is no template"),
      hint: expect.stringContaining("migrate.config"),
    });
    await expect(revline.init({ cwd, template: "genric" })).rejects.toMatchObject({
      code: "usage",
      hint: expect.stringContaining('"generic"'),
    });
    expect(await readdir(cwd)).not.toContain("migrations");
  });

  it("tells itself in a line", async () => {
    const { templates } = await revline.listTemplates();
    expect(templates.map(({ name }) => name)).toEqual(expect.arrayContaining(["generic", "js"]));
    for (const { summary } of templates) expect(summary).toMatch(/^[A-Z].*\.$/);
  });
});

it("a revision template that makes no revision is refused, and nothing is written", async () => {
  const cwd = await createProject();
  await revline.init({ cwd });
  for (const revisionTemplate of [() => "nothing", () => JSON.parse("5")]) {
    await expect(revline.revision({ cwd, config: { revisionTemplate } })).rejects.toMatchObject({
      code: "config-failed",
      message: expect.stringContaining("revisionTemplate"),
      hint: expect.stringContaining("constants"),
    });
  }
  await writeFiles(cwd, { "migrations/versions/keep": "" });
  expect(await readdir(join(cwd, "migrations/versions"))).toEqual(["keep"]);
});
