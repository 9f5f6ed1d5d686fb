import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { forEachDatabase } from "../support/databases.ts";
import { root } from "../support/source.ts";
import { Flow } from "../laws/flow.ts";
import { loadModels } from "../../src/models/index.ts";
import { metaDataOf } from "../../src/schema/index.ts";

forEachDatabase(
  (db) => {
    it("the models of docs/postgresql.md come and go", async () => {
      const flow = await Flow.open((await db.create()).url);
      const folder = await mkdtemp(join(tmpdir(), "revline-docs-"));
      try {
        const text = await readFile(join(root, "docs/postgresql.md"), "utf8");
        const blocks = [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block]) => block ?? "");
        expect(blocks).toHaveLength(2);
        await writeFile(join(folder, "models.ts"), blocks.join("\n"));
        const models = await loadModels("models.ts", folder);
        await flow.autogenerate(models);
        await flow.upgrade();
        expect(await flow.check(models)).toEqual([]);
        await flow.downgrade();
        expect(await flow.check(metaDataOf([]))).toEqual([]);
      } finally {
        await flow.close();
        await rm(folder, { recursive: true, force: true });
      }
    });
  },
  { only: ["postgresql"] },
);
