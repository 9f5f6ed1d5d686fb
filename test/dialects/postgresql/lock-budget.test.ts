import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare } from "../../../src/compare/index.ts";
import { dialectFor, type Connection, type Statement } from "../../../src/dialects/index.ts";
import { inParts } from "../../../src/dialects/postgresql/lock-budget.ts";
import { objectCompiler } from "../../../src/objects/index.ts";
import { canonicalizeWhole, reflectWhole } from "../../../src/objects/whole.ts";
import { reverseAll, type Operation } from "../../../src/operations/index.ts";
import { EMPTY_METADATA } from "../../../src/schema/types.ts";
import { largeSchema } from "../../laws/corpora/large.ts";
import { forEachDatabase } from "../../support/databases.ts";

const TABLES = 60;

it("cuts a list where a part would be too heavy", () => {
  const cut = inParts([3, 3, 3, 9, 1], (weight) => weight, 7);
  expect(cut).toEqual([[3, 3], [3], [9], [1]]);
});

forEachDatabase(
  (db) => {
    describe("a plan that needs more locks than there is room for", () => {
      let connection: Connection;
      let operations: readonly Operation[];

      beforeAll(async () => {
        const { url, query } = await db.create();
        await query(largeSchema("postgresql", TABLES));
        const dialect = dialectFor(url);
        const source = await dialect.connect(url);
        const models = await reflectWhole(dialect, source, { schemas: [undefined] });
        await source.close();
        const { url: empty } = await db.create();
        connection = await dialect.connect(empty);
        const both = await canonicalizeWhole(dialect, connection, EMPTY_METADATA, models);
        ({ operations } = compare(both, { dialect }));
      });
      afterAll(() => connection.close());

      const planFor = (
        slots: number,
        wanted: readonly Operation[],
      ): Promise<readonly Statement[]> => {
        const dialect = dialectFor("postgresql://");
        return dialect.plan(wanted, {
          server: { ...connection.server, lockSlots: slots },
          reflect: (filter) => dialect.reflect(connection, filter),
          compileObject: objectCompiler(dialect),
        });
      };

      /** Runs it as it says; the most locks that one transaction held. */
      async function mostLocks(statements: readonly Statement[]): Promise<number> {
        let most = 0;
        const look = async (): Promise<void> => {
          const [row] = await connection.query(
            "SELECT count(DISTINCT (locktype, classid, objid, relation)) AS held FROM pg_locks WHERE pid = pg_backend_pid()",
          );
          most = Math.max(most, Number(row?.["held"]));
        };
        await connection.begin();
        for (const { sql, params, commitsBefore } of statements) {
          if (commitsBefore === true) {
            await look();
            await connection.commit();
            await connection.begin();
          }
          await connection.execute(sql, params);
        }
        await look();
        await connection.commit();
        return most;
      }

      it("is committed in between, up and down", async () => {
        const slots = 400;
        for (const wanted of [operations, reverseAll(operations)]) {
          const statements = await planFor(slots, wanted);
          const commits = statements.filter(({ commitsBefore }) => commitsBefore === true);
          expect(commits.length).toBeGreaterThan(3);
          expect(commits.length).toBeLessThan(30);
          // the catalogs that the statements read, and this very question, are locked too
          expect(await mostLocks(statements)).toBeLessThan(slots * 0.25 + 30);
        }
      });

      it("stays in one transaction where there is room", async () => {
        const statements = await planFor(6_400, operations);
        expect(statements.filter(({ commitsBefore }) => commitsBefore === true)).toEqual([]);
      });
    });
  },
  { only: ["postgresql"] },
);
