import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { loadModels, modelFiles, type ModelsSource } from "../../src/models/index.ts";

const folders: string[] = [];

async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "revline-models-"));
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

function users(name = "users"): string {
  return `import { table, t } from "revline/schema";\nexport const ${name} = table("${name}", { id: t.integer() });\n`;
}

async function tables(source: ModelsSource, folder: string): Promise<readonly string[]> {
  return (await loadModels(source, folder)).tables.map(({ name }) => name);
}

describe("models", () => {
  it("are found by file, folder and pattern", async () => {
    const folder = await project({
      "models/users.ts": users(),
      "models/posts/index.ts": users("posts"),
      "models/users.test.ts": "throw new Error('a test is no model');",
      "models/users.d.ts": "export {};",
      "models/users.js": "throw new Error('the compiled twin');",
      "models/node_modules/x.ts": "throw new Error('not ours');",
    });
    expect(await tables("models/users.ts", folder)).toEqual(["users"]);
    expect(await tables("./models/users", folder)).toEqual(["users"]);
    expect(await tables("models", folder)).toEqual(["posts", "users"]);
    expect(await tables(["models/users.ts", "models/*/*.ts"], folder)).toEqual(["users", "posts"]);
    expect(modelFiles(["models/**/{index,users}.ts"], folder)).toEqual([
      join(folder, "models/posts/index.ts"),
      join(folder, "models/users.ts"),
    ]);
  });

  it("may be a default export of several, and are counted once", async () => {
    const folder = await project({
      "models.ts": `${users()}export default { users, again: users };`,
    });
    expect(await tables("models.ts", folder)).toEqual(["users"]);
  });

  it.each([
    ["absent.ts", "models-not-found"],
    ["empty", "models-not-found"],
    ["nothing/*.ts", "models-not-found"],
    ["no-table.ts", "models-empty"],
    ["syntax.ts", "models-failed"],
    ["twice.ts", "duplicate-table"],
    ["reference.ts", "unknown-table"],
  ])("of %s are refused with %s", async (path, code) => {
    const folder = await project({
      "empty/readme.md": "",
      "no-table.ts": "export const a = 1;",
      "syntax.ts": "export const = 1;",
      "twice.ts": `${users()}export const other = table("users", { id: t.integer() });`,
      "reference.ts": `import { table, t } from "revline/schema";\nexport const a = table("a", { b: t.integer().references("b.id") });`,
    });
    await expect(loadModels(path, folder)).rejects.toMatchObject({
      code,
      hint: expect.stringMatching(/./),
    });
  });

  it("may be of other objects alone, or say that there are none", async () => {
    const folder = await project({
      "types.ts": `import { enumType } from "revline/schema";\nexport const mood = enumType("mood", ["a", "b"]);`,
      "none.ts": `import { metadata } from "revline/schema";\nexport default metadata();`,
    });
    const { tables: none, objects } = await loadModels("types.ts", folder);
    expect([none, objects.map(({ name }) => name)]).toEqual([[], ["mood"]]);
    expect(await loadModels("none.ts", folder)).toMatchObject({ tables: [], objects: [] });
  });
});
