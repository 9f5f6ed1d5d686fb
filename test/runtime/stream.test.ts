import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { Operations } from "../../src/operations/operations.ts";
import { forEachDatabase } from "../support/databases.ts";
import { createProject, rehearse, rejection, upgrade, upgradingWith } from "./project.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** Rows, and how much memory was in use at most while they were taken. */
function rows(count: number): {
  readonly all: Iterable<{ id: number; text: string }>;
  peak(): number;
} {
  let peak = 0;
  function* all(): Generator<{ id: number; text: string }> {
    for (let id = 1; id <= count; id += 1) {
      if (id % 5000 === 0) {
        collect();
        peak = Math.max(peak, process.memoryUsage().heapUsed);
      }
      yield { id, text: `row ${id} `.repeat(20) };
    }
  }
  return { all: all(), peak: () => peak };
}

forEachDatabase((db) => {
  const make = (op: Operations): void =>
    op.createTable("streamed", (t) => ({ id: t.integer().primaryKey(), text: t.text() }));

  describe("rows that come one after the other", () => {
    it("are inserted in bounded memory", async () => {
      const project = createProject();
      project.revision("a1", null, "");
      const { url, query, reset } = await db.create();
      const peakOf = async (count: number): Promise<number> => {
        const { all, peak } = rows(count);
        await upgrade(
          url,
          project,
          "head",
          upgradingWith(async (op) => {
            make(op);
            op.bulkInsert("streamed", all);
          }),
        );
        const [found] = await query("SELECT count(*) AS n, max(id) AS last FROM streamed");
        expect({ n: Number(found?.["n"]), last: Number(found?.["last"]) }).toEqual({
          n: count,
          last: count,
        });
        return peak();
      };
      await peakOf(10_000);
      await reset();
      const few = await peakOf(20_000);
      await reset();
      const many = await peakOf(160_000);
      // as lists, the rows of the second would take thirty megabytes more
      expect(many - few).toBeLessThan(10_000_000);
      project.remove();
    }, 120_000);

    it("may come from an asynchronous generator, between other operations", async () => {
      const project = createProject();
      project.revision("a1", null, "");
      const { url, query } = await db.create();
      await upgrade(
        url,
        project,
        "head",
        upgradingWith(async (op) => {
          make(op);
          op.bulkInsert(
            "streamed",
            (async function* () {
              yield { id: 1, text: "one" };
              await new Promise((resolve) => setImmediate(resolve));
              yield { text: "two", id: 2 };
            })(),
          );
          op.bulkInsert("streamed", new Set([{ id: 3, text: null }]));
          op.execute("UPDATE streamed SET text = 'three' WHERE text IS NULL");
        }),
      );
      expect(await query("SELECT id, text FROM streamed ORDER BY id")).toEqual([
        { id: 1, text: "one" },
        { id: 2, text: "two" },
        { id: 3, text: "three" },
      ]);
      project.remove();
    });

    it("are shown by a dry run, and fail with the revision's line", async () => {
      const project = createProject();
      project.revision(
        "a1",
        null,
        `op.createTable("streamed", (t) => ({ id: t.integer().primaryKey() }));
        op.bulkInsert("streamed", (function* () { yield { id: 7 }; yield { id: 7 }; })());`,
      );
      const { url } = await db.create();
      const { revisions } = await rehearse(url, project);
      expect(revisions[0]?.operations.map(({ kind }) => kind)).toEqual([
        "createTable",
        "bulkInsert",
      ]);
      expect(await rejection(upgrade(url, project))).toMatchObject({
        code: "revision-failed",
        message: expect.stringContaining("a1.ts:11"),
      });
      project.remove();
    });

    it("cannot ask the database themselves", async () => {
      const project = createProject();
      project.revision("a1", null, "");
      const { url } = await db.create();
      const failure = await rejection(
        upgrade(
          url,
          project,
          "head",
          upgradingWith(async (op) => {
            make(op);
            op.bulkInsert(
              "streamed",
              (async function* () {
                for (const { id } of await op.query<{ id: number }>("SELECT 1 AS id")) yield { id };
              })(),
            );
          }),
        ),
      );
      expect(failure).toMatchObject({
        code: "unsupported",
        message: expect.stringContaining("rows of a bulk insert ask the database"),
      });
      project.remove();
    });
  });
});
