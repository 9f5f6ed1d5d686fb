import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Environment, type EnvironmentOptions } from "../../src/config/index.ts";

const folders: string[] = [];

async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "revline-config-"));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const config = (body: string): string =>
  `import { defineConfig } from "revline";\nexport default defineConfig(${body});\n`;

async function environment(
  files: Readonly<Record<string, string>>,
  options: EnvironmentOptions = {},
): Promise<Environment> {
  return Environment.create({ cwd: await project(files), ...options });
}

describe("the config", () => {
  it("is found in a folder above, and its paths are its own", async () => {
    const cwd = await project({
      "migrate.config.ts": config('{ url: "sqlite:./app.db", migrations: "db/revisions" }'),
      "a/b/keep": "",
    });
    const found = await Environment.create({ cwd: join(cwd, "a/b") });
    expect(found.url).toBe(`sqlite:${join(cwd, "app.db")}`);
    expect(found.migrations).toBe(join(cwd, "db/revisions"));
    const given = await Environment.create({ cwd: join(cwd, "a/b"), url: "sqlite:other.db" });
    expect(given.url).toBe(`sqlite:${join(cwd, "a/b/other.db")}`);
  });

  it.each([
    ["migrate.config.mts", config('{ url: "sqlite:a.db" }')],
    ["migrate.config.cts", 'module.exports = { url: "sqlite:a.db" };'],
    ["migrate.config.js", config('{ url: "sqlite:a.db" }')],
    ["migrate.config.mjs", 'export default { url: "sqlite:a.db" };'],
    ["migrate.config.cjs", 'module.exports = { url: "sqlite:a.db" };'],
    ["migrate.config.json", '{ "url": "sqlite:a.db" }'],
    ["migrate.config.ts", config('() => ({ url: "sqlite:a.db" })')],
    [
      "migrate.config.ts",
      config('async ({ x, section }) => ({ url: `sqlite:${x.name ?? section ?? "a"}.db` })'),
    ],
  ])("may be %s", async (name, text) => {
    const { url, folder } = await environment({ [name]: text });
    expect(url).toBe(`sqlite:${join(folder, "a.db")}`);
  });

  it("gets the -x arguments", async () => {
    const text = config("({ x }) => ({ url: `sqlite:${x.name}.db` })");
    expect((await environment({ "migrate.config.ts": text }, { x: { name: "b" } })).url).toMatch(
      /b\.db$/,
    );
  });

  it("has several databases that share what stands outside", async () => {
    const text = config(
      '{ versionTable: "v", models: "m.ts", databases: { one: { url: "sqlite:1.db" }, two: { url: "sqlite:2.db", versionTable: "w" } } }',
    );
    const two = await environment({ "migrate.config.ts": text }, { section: "two" });
    expect(two.url).toMatch(/2\.db$/);
    expect(two.versionTable).toEqual({ name: "w" });
    expect(two.config.models).toBe("m.ts");
    await expect(environment({ "migrate.config.ts": text })).rejects.toMatchObject({
      code: "usage",
      hint: "Choose one with -n: one, two.",
    });
    await expect(
      environment({ "migrate.config.ts": text }, { section: "three" }),
    ).rejects.toMatchObject({ code: "usage", hint: "It has: one, two." });
  });

  it.each([
    ['{ ulr: "sqlite:a" }', "config-invalid", '"ulr"', 'Did you mean "url"?'],
    ['{ version_table: "v" }', "config-invalid", '"version_table"', 'Did you mean "versionTable"?'],
    ["{ url: 5 }", "config-invalid", '"url" in the config', "It is a number."],
    ['{ url: "" }', "config-invalid", '"url" in the config', "It is an empty string."],
    ['{ fileTemplate: "%(rv)s" }', "config-invalid", '"fileTemplate"', "unknown token %(rv)s"],
    ['{ fileTemplate: "%rev" }', "config-invalid", '"fileTemplate"', "begins no token"],
    ['{ fileTemplate: "../%(rev)s" }', "config-invalid", '"fileTemplate"', "relative path"],
    [
      '{ fileTemplate: "%(year)d/%(rev)s" }',
      "config-invalid",
      '"fileTemplate"',
      "recursiveVersionLocations: true",
    ],
    ['{ timezone: "Europe/Atlantis" }', "config-invalid", '"timezone"', "It is a string."],
    ["{ truncateSlugLength: 0 }", "config-invalid", '"truncateSlugLength"', "It is a number."],
    ['{ postWriteHooks: ["prettier"] }', "config-invalid", '"postWriteHooks"', "It is a list."],
    ["{ postWriteHooks: [{ command: [] }] }", "config-invalid", '"postWriteHooks"', ""],
    ['{ recursiveVersionLocations: "yes" }', "config-invalid", "true or false", "It is a string."],
    ["{ lockTimeout: -1 }", "config-invalid", '"lockTimeout"', ""],
    ['{ naming: { idx: "x" } }', "config-invalid", '"naming"', ""],
    [
      "{ databases: { a: { ulr: 1 } } }",
      "config-invalid",
      '"databases.a.ulr"',
      'Did you mean "url"?',
    ],
    ["5", "config-invalid", "no configuration", "export default defineConfig"],
    ['() => { throw new Error("no secret"); }', "config-failed", "no secret", ""],
  ])("of %s is refused with %s", async (body, code, message, hint) => {
    await expect(environment({ "migrate.config.ts": config(body) })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  it("that throws or does not parse is named with its line", async () => {
    await expect(
      environment({ "migrate.config.ts": '\nthrow new Error("unset");' }),
    ).rejects.toMatchObject({
      code: "config-failed",
      message: expect.stringMatching(
        /migrate\.config\.ts could not be loaded: unset \(.*migrate\.config\.ts:2\)$/,
      ),
    });
    await expect(environment({ "migrate.config.ts": "export default {" })).rejects.toMatchObject({
      code: "config-failed",
      message: expect.stringContaining("syntax error"),
    });
    await expect(environment({ "migrate.config.json": "{" })).rejects.toMatchObject({
      code: "config-failed",
    });
  });

  it("is asked for only when it is needed", async () => {
    const { models, url } = { models: "models.ts", url: "sqlite::memory:" };
    const without = await environment(
      {
        "models.ts":
          'import { table, t } from "revline/schema"; export const a = table("a", { id: t.integer() });',
      },
      { models, url },
    );
    expect((await without.models()).tables).toHaveLength(1);
    expect(without.url).toBe(url);
    await expect(without.scripts()).rejects.toMatchObject({ code: "config-not-found" });
    const nothing = await environment({});
    expect(() => nothing.url).toThrow(expect.objectContaining({ code: "config-not-found" }));
    const noUrl = await environment({
      "migrate.config.ts": config("{ url: process.env.SURELY_UNSET }"),
    });
    expect(() => noUrl.url).toThrow(expect.objectContaining({ code: "url-missing" }));
    await expect(environment({}, { config: "absent.ts" })).rejects.toMatchObject({
      code: "config-not-found",
    });
  });
});
