import { expect } from "vitest";
import type { Flow } from "../laws/flow.ts";
import { judgePostgresql } from "../laws/judge/index.ts";
import { evaluateModels } from "../render/run-models.ts";
import type { TestDatabase } from "../support/databases.ts";
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
