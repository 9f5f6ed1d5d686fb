import { describe, expect, it } from "vitest";
import type { Index, MetaData, Table } from "../../src/schema/index.ts";
import { EMPTY_METADATA } from "../../src/schema/types.ts";
import { Flow } from "../laws/flow.ts";
import { forEachDatabase } from "../support/databases.ts";

const tableOf = (name: string, key: string, ...indexes: readonly string[]): Table => ({
  name,
  columns: ["a", "b", "c"].map((column) => ({
    name: column,
    type: { name: "integer" },
    nullable: true,
  })),
  constraints: [{ kind: "unique", name: key, columns: ["c"] }],
  indexes: indexes.map((index, at): Index => ({
    name: index,
    elements: [{ column: at === 0 ? "a" : "b" }],
  })),
});

const BEFORE = [tableOf("one", "k1", "i1", "i2"), tableOf("two", "k2", "i3", "i4")];
const metadata = (...tables: readonly Table[]): MetaData => ({ ...EMPTY_METADATA, tables });

forEachDatabase((db) => {
  describe("names of indexes", () => {
    it.each([
      ["change places", [tableOf("one", "k2", "i3", "i2"), tableOf("two", "k1", "i1", "i4")]],
      ["move on", [tableOf("one", "k2", "i3", "i2"), tableOf("two", "k3", "i4", "i5")]],
      [
        "come from a table that goes",
        [tableOf("one", "k2", "i3", "i4"), tableOf("three", "k1", "i1", "i2")],
      ],
      ["change places in one table", [tableOf("one", "k1", "i2", "i1"), ...BEFORE.slice(1)]],
    ])("%s", async (_what, tables) => {
      const { url } = await db.create();
      const flow = await Flow.open(url);
      try {
        await flow.autogenerate(metadata(...BEFORE));
        await flow.upgrade();
        await flow.autogenerate(metadata(...tables));
        for (const _ of ["first", "second"]) {
          await flow.upgrade();
          expect(await flow.check(metadata(...tables))).toEqual([]);
          await flow.downgrade();
          expect(await flow.check(metadata(...BEFORE))).toEqual([]);
        }
      } finally {
        await flow.close();
      }
    });
  });
});
