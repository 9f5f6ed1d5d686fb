import { expect, it } from "vitest";
import * as revline from "../../src/index.ts";
import { createProject } from "../support/cli.ts";
import { forEachDatabase } from "../support/databases.ts";

const MODELS = `import { table, t } from "revline/schema";
export const account = table("account", { id: t.integer().primaryKey() });
`;

forEachDatabase(
  (db) => {
    it("row security stays on where the models say nothing of it", async () => {
      const { url, query } = await db.create();
      await query("CREATE TABLE account (id integer PRIMARY KEY)");
      await query("ALTER TABLE account ENABLE ROW LEVEL SECURITY");
      const cwd = await createProject({ "models.ts": MODELS });
      const config = { url, models: "./models.ts" };
      expect(await revline.check({ cwd, config })).toMatchObject({ matches: true });
      const asked = await revline.check({ cwd, config: { ...config, objects: ["policy"] } });
      expect(asked.differences.map(({ text }) => text)).toEqual([
        "change options: rowSecurity=true → none",
      ]);
    });
  },
  { only: ["postgresql"] },
);
