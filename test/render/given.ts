import type { Operation } from "../../src/operations/operation.ts";
import type { RevisionSource } from "../../src/render/index.ts";
import { collect } from "../../src/schema/index.ts";

/** A revision with some parts of its own. */
export function source(given: Partial<RevisionSource>): RevisionSource {
  return {
    revision: "7c1f0a9d2e44",
    downRevision: "2b9e5d10c3af",
    message: "add posts",
    created: new Date("2026-08-22T09:14:55Z"),
    upgrade: [],
    downgrade: [],
    ...given,
  };
}

/** The operations that create declared tables. */
export function tablesOf(...values: Parameters<typeof collect>[0]): readonly Operation[] {
  return collect(values).tables.map((one): Operation => ({ kind: "createTable", table: one }));
}
