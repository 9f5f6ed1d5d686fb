import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Flow } from "../laws/flow.ts";
import { judgePostgresql } from "../laws/judge/index.ts";
import { evaluateModels } from "../render/run-models.ts";
import { forEachDatabase, type TestDatabase } from "../support/databases.ts";
import { renderModels } from "../../src/render/index.ts";
import { metaDataOf } from "../../src/schema/index.ts";

/**
 * Brings a PostgreSQL database from one state of the models to the next, back, and there again, and holds
 * the four laws at every step.
 *
 * @returns how many steps were made
 */
export async function walk(
  flow: Flow,
  place: TestDatabase,
  steps: readonly (readonly unknown[])[],
): Promise<number> {
  const seen = (): Promise<unknown> => judgePostgresql((text) => place.query(text));
  for (const [at, declared] of steps.entries()) {
    const models = metaDataOf(declared);
    const before = await seen();
    await flow.autogenerate(models);
    await flow.upgrade();
    expect(await flow.check(models)).toEqual([]);
    const after = await seen();
    await flow.downgrade();
    expect(await seen()).toEqual(before);
    const earlier = steps[at - 1];
    if (earlier !== undefined) expect(await flow.check(metaDataOf(earlier))).toEqual([]);
    await flow.upgrade();
    expect(await seen()).toEqual(after);
    const introspected = evaluateModels(renderModels(await flow.reflect()));
    expect(await flow.check(introspected)).toEqual([]);
  }
  return steps.length;
}

/** What a test on PostgreSQL works with: an empty database of its own, and a flow of revisions in it. */
export interface Place {
  readonly flow: Flow;
  readonly place: TestDatabase;
}

/**
 * Tests on every PostgreSQL.
 *
 * @param tests is given what holds the place of the test that runs
 * @param schemas those beside the default one that take part
 */
export function onPostgresql(tests: (now: Place) => void, schemas: readonly string[] = []): void {
  forEachDatabase(
    (db) => {
      let flow: Flow;
      let place: TestDatabase;
      beforeEach(async () => {
        place = await db.create();
        flow = await Flow.open(place.url, schemas);
      });
      afterEach(() => flow.close());
      tests({
        get flow() {
          return flow;
        },
        get place() {
          return place;
        },
      });
    },
    { only: ["postgresql"] },
  );
}

/**
 * A test for each list of states on every PostgreSQL, as {@link walk} goes through them.
 *
 * @param schemas those beside the default one that take part
 */
export function walkEach(
  title: string,
  steps: Readonly<Record<string, readonly (readonly unknown[])[]>>,
  schemas: readonly string[] = [],
): void {
  onPostgresql((now) => {
    describe(title, () => {
      for (const [name, states] of Object.entries(steps))
        it(name, async () => {
          expect(await walk(now.flow, now.place, states)).toBe(states.length);
        });
    });
  }, schemas);
}
