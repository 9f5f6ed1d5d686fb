import { it } from "vitest";
import { createProject } from "./support/cli.ts";
import { forEachDatabase } from "./support/databases.ts";
import { doMainJob } from "./support/main-job.ts";

forEachDatabase((db) => {
  it("goes the whole way: models, live database, revisions up and down", async () => {
    const { url } = await db.create();
    await doMainJob({ cwd: await createProject(), env: { DATABASE_URL: url } });
  }, 180_000);
});
