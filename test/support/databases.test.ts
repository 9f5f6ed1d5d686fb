import { expect, it } from "vitest";
import { forEachDatabase } from "./databases.ts";

forEachDatabase((db) => {
  it("gives every test an empty database of its own", async () => {
    const one = await db.create();
    const other = await db.create();
    await one.query("CREATE TABLE t (id int); INSERT INTO t VALUES (1)");
    expect(await one.query("SELECT id FROM t")).toEqual([{ id: 1 }]);
    await expect(other.query("SELECT id FROM t")).rejects.toThrow();
    await one.reset();
    await expect(one.query("SELECT id FROM t")).rejects.toThrow();
    await one.query("CREATE TABLE t (id int)");
    expect(await one.query("SELECT id FROM t")).toEqual([]);
  });
});
