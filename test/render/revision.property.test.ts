import * as fc from "fast-check";
import { format } from "prettier";
import { expect, test } from "vitest";
import { renderRevision } from "../../src/render/index.ts";
import type { Operation } from "../../src/operations/operation.ts";
import { operation } from "./arbitrary-operation.ts";
import { arranged, recorded } from "./run-revision.ts";

const RUNS = Number(process.env["REVLINE_RENDER_RUNS"] ?? 200);
const SEED = Number(process.env["REVLINE_SEED"] ?? 20260822);

function source(upgrade: readonly Operation[], downgrade: readonly Operation[] = []): string {
  return renderRevision({
    revision: "7c1f0a9d2e44",
    downRevision: "2b9e5d10c3af",
    message: "property",
    created: new Date(0),
    upgrade,
    downgrade,
  });
}

test("a rendered operation, recorded again, is the same operation", async () => {
  await fc.assert(
    fc.asyncProperty(operation, async (given) => {
      const again = await recorded(source([], [given]));
      expect(again.upgrade).toEqual([]);
      expect(again.downgrade.map(arranged)).toEqual([arranged(given)]);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});

test("prettier leaves a rendered revision as it is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 3 }), async (given) => {
      const text = source(given);
      expect(await format(text, { parser: "typescript", printWidth: 100 })).toBe(text);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
