import { afterAll, describe, expect, it } from "vitest";
import type { MetaData, Table } from "../../src/schema/index.ts";
import { databases, serverUrl } from "../support/databases.ts";
import { familyOf } from "../support/kinds.ts";
import { Flow } from "./flow.ts";
import { differences, type Snapshot } from "./judge/index.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";
import { CHANGES, SETUP, countersSql, deleteParent, insertParent } from "./survival.ts";

/** Everything of a snapshot that is not about the column or table that changes. */
function around({
  view = {},
  trigger = {},
  function: routines = {},
  index = {},
}: Snapshot): Snapshot {
  // on MySQL a constraint is an index too
  const old = Object.entries(index).filter(([name]) => !/\.(?:uq_age|fk_boss)$/.test(name));
  return { view, trigger, function: routines, index: Object.fromEntries(old) };
}

const users = (metadata: MetaData, change: (table: Table) => Table): MetaData => ({
  ...metadata,
  skipped: [],
  tables: metadata.tables.map((table) => (table.name === "users" ? change(table) : table)),
});

describe.each(databases.map((kind) => ({ kind })))(
  "what a change does not name survives on $kind",
  ({ kind }) => {
    const family = familyOf[kind];
    let opened: Promise<Workplace> | undefined;
    const place = async (): Promise<Workplace> => {
      opened ??= openWorkplace(family, kind === "sqlite" ? "" : await serverUrl(kind));
      return opened;
    };
    afterAll(async () => (await opened)?.drop());

    it.each(CHANGES)("$name", async ({ name, change, only }) => {
      if (only !== undefined && !only.includes(family)) return;
      const database = await place();
      await database.reset();
      for (const statement of SETUP[family]) await database.run(statement);
      const [before, rows, counters] = [
        await database.judge(),
        await database.rows(),
        await database.run(countersSql[family]),
      ];
      await database.release();
      const flow = await Flow.open(database.url);
      try {
        const models = users(await flow.reflect(), change);
        await flow.autogenerate(models);
        await flow.upgrade();
        const after = await database.judge();
        expect(differences(around(before), around(after)), name).toEqual([]);
        expect(await flow.check(models), "check after the upgrade").toEqual([]);
        expect(withoutChanged(await database.rows()), "rows").toEqual(withoutChanged(rows));
        expect(await database.run(countersSql[family]), "counters").toEqual(counters);
        await insertParent(database);
        await deleteParent(database);
        await database.release();
        await flow.downgrade();
        expect(
          differences(before, await database.judge()),
          "the catalog after the downgrade",
        ).toEqual([]);
        expect(
          withoutLog(withoutChanged(await database.rows())),
          "rows after the downgrade",
        ).toEqual(withoutLog(withoutChanged(rows)));
      } finally {
        await flow.close();
      }
    });
  },
);

type Rows = Awaited<ReturnType<Workplace["rows"]>>;

/** The columns that the changes are about. */
const CHANGED = new Set(["state", "note", "extra", "age"]);

function withoutChanged(rows: Rows): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(rows).map(([table, list]) => [
      table,
      list
        .map((row) =>
          JSON.stringify(
            Object.entries(row)
              .filter(([column]) => !CHANGED.has(column))
              .toSorted(),
          ),
        )
        .toSorted(),
    ]),
  );
}

/** The trigger wrote a line for the row that the test inserted. */
function withoutLog(rows: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(rows).filter(([table]) => !table.endsWith("audit")));
}
