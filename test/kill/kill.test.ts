import { expect, it } from "vitest";
import { ask, forEachDatabase } from "../support/databases.ts";
import { campaign } from "./campaign.ts";

// a sample; `npm run kill` does the whole
forEachDatabase((db) => {
  it(
    "comes out the same wherever a deployer is ended, and however many there are",
    { timeout: 300_000 },
    async () => {
      const victim = await db.create();
      const { wrong, struck, races, statements } = await campaign(victim, await ask("build"), {
        methods: db.family === "sqlite" ? ["process"] : ["process", "connection"],
        stride: (all) => all,
        deployers: 4,
        rounds: 1,
      });
      expect(wrong).toEqual([]);
      expect({ struck, races, statements }).toMatchObject({ races: 2 });
      expect(struck).toBeGreaterThanOrEqual(2);
      expect(statements).toBeGreaterThan(100);
    },
  );
});
