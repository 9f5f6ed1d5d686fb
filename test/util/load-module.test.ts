import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { RevlineError } from "../../src/errors.ts";
import { loadModule, loadModules } from "../../src/util/load-module.ts";
import { declaresTable } from "../../src/schema/table.ts";

const options = { code: "models-failed", what: "The models file" } as const;
const folders: string[] = [];

/** A project without node_modules: nothing is installed in it. */
async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "revline-load-"));
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

async function errorOf(loading: Promise<unknown>): Promise<RevlineError> {
  const error = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RevlineError) return error;
  throw new Error("did not fail with a RevlineError", { cause: error });
}

const everything = {
  "models.ts": `
    import { table, t } from "revline/schema";
    import { defineConfig } from "revline";
    import type { Row } from "revline/schema";
    import { Level } from "./levels.js";
    import { alias } from "@lib/alias";
    const later = await Promise.resolve(2);
    export const users = table("users", { id: t.integer().primaryKey() });
    export type User = Row<typeof users>;
    export const values = [Level.high, later, alias, typeof defineConfig, import.meta.url.endsWith("models.ts")];
  `,
  "levels.ts": "export enum Level { low, high }",
  "lib/alias.ts": "export const alias = 'by path';",
  "tsconfig.json": '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }',
};

describe("loadModule", () => {
  it.each(["module", "commonjs", undefined])(
    "loads TypeScript in a project of type %s, with nothing installed",
    async (type) => {
      const folder = await project({
        ...everything,
        "package.json": JSON.stringify({ name: "p", type }),
      });
      const loaded = await loadModule(join(folder, "models.ts"), options);
      expect(loaded["values"]).toEqual([1, 2, "by path", "function", true]);
      expect(declaresTable(loaded["users"])).toBe(true);
    },
  );

  it("loads CommonJS", async () => {
    const folder = await project({
      "package.json": "{}",
      "models.cjs": `const { table, t } = require("revline/schema"); module.exports = { users: table("users", { id: t.integer() }) };`,
    });
    const loaded = await loadModule(join(folder, "models.cjs"), options);
    expect(declaresTable(loaded["users"])).toBe(true);
  });

  it("reads an edited file anew", async () => {
    const folder = await project({
      "models.ts": 'export { value } from "./other.ts";',
      "other.ts": "export const value = 1;",
    });
    const file = join(folder, "models.ts");
    expect((await loadModule(file, options))["value"]).toBe(1);
    await writeFile(join(folder, "other.ts"), "export const value = 2;");
    expect((await loadModule(file, options))["value"]).toBe(2);
  });

  it("runs a module that several files share once", async () => {
    const folder = await project({
      "a.ts": 'export { shared } from "./shared.ts";',
      "b.ts": 'export { shared } from "./shared.ts";',
      "shared.ts": "export const shared = {};",
    });
    const [a, b] = await loadModules([join(folder, "a.ts"), join(folder, "b.ts")], options);
    expect(a?.["shared"]).toBe(b?.["shared"]);
  });

  it("names file and line of a syntax error, also in an imported file", async () => {
    const folder = await project({
      "models.ts": 'import "./bad.ts";',
      "bad.ts": "export const a = 1;\nexport const b = {{;\n",
    });
    const error = await errorOf(loadModule(join(folder, "models.ts"), options));
    expect(error.code).toBe("models-failed");
    expect(error.message).toContain(`${join(folder, "bad.ts")}:2`);
    expect(error.hint).toBe("Correct bad.ts at line 2.");
  });

  it("keeps the module's own message and says where it was thrown", async () => {
    const folder = await project({
      "models.ts": 'const a: string = "x";\n\nthrow new Error(`no ${a}`);',
    });
    const error = await errorOf(loadModule(join(folder, "models.ts"), options));
    expect(error.message).toMatch(
      /^The models file .*models\.ts could not be loaded: no x \(.*models\.ts:3\)$/,
    );
  });

  it("says which import cannot be found, and what to do", async () => {
    const folder = await project({
      "a.ts": 'import "./nowhere.ts";',
      "b.ts": 'import "@scope/package/path";',
    });
    const own = await errorOf(loadModule(join(folder, "a.ts"), options));
    expect(own.message).toContain('imports "./nowhere.ts", which cannot be found');
    expect(own.hint).toBe("Correct the path of the import.");
    const other = await errorOf(loadModule(join(folder, "b.ts"), options));
    expect(other.hint).toContain("npm install @scope/package");
  });

  it("keeps the code and hint of an error of ours", async () => {
    const folder = await project({
      "models.ts":
        'import { table } from "revline/schema";\nexport const users = table("users", { id: 1 });',
    });
    const error = await errorOf(loadModule(join(folder, "models.ts"), options));
    expect(error.code).toBe("model-invalid");
    expect(error.message).toContain('"id" of table "users" is not a column.');
    expect(error.message).toContain("models.ts:2");
  });
});
