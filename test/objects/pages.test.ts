import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import * as revline from "../../src/index.ts";
import { createProject } from "../support/cli.ts";
import { forEachDatabase } from "../support/databases.ts";

/** The models of a page: the block that is marked `objects`. */
async function modelsOf(page: string): Promise<string> {
  const text = await readFile(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  return /^```ts objects\n(.*?)^```/ms.exec(text)?.[1] ?? "";
}

forEachDatabase(
  (db) => {
    it("the page's example makes what it says", async () => {
      const models = await modelsOf(db.family === "sqlite" ? "sqlite.md" : "mysql.md");
      const { url } = await db.create();
      const cwd = await createProject({ "models.ts": models, "migrations/versions/.keep": "" });
      const options = { cwd, url, config: { models: "models.ts" } };
      await revline.revision({ ...options, message: "all", autogenerate: true });
      await revline.upgrade({ ...options, target: "head" });
      expect(await revline.check(options)).toMatchObject({ operations: [] });
      const { skipped } = await revline.introspect(options);
      expect(skipped).toEqual([]);
      await revline.downgrade({ ...options, target: "base" });
      expect((await revline.introspect(options)).text).toContain("export default metadata();\n");
    });
  },
  { only: ["sqlite", "mysql", "mariadb"] },
);
