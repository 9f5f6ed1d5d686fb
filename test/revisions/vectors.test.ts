import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { answer, expectation, type Answer, type Vector } from "./answers.ts";

const vectors: readonly Vector[] = gunzipSync(
  readFileSync(new URL("vectors.jsonl.gz", import.meta.url)),
)
  .toString("utf8")
  .trim()
  .split("\n")
  .map((line): Vector => JSON.parse(line));

/** Graphs where we refuse on purpose what Alembic accepts. */
const REFUSED: Readonly<Record<string, { readonly code: string; readonly because: string }>> = {
  "hand:bad-cycle-with-head": {
    code: "revision-cycle",
    because: "a circle between a base and a head is not noticed there and runs in a wrong order",
  },
  "hand:bad-duplicate-id": {
    code: "revision-duplicate",
    because:
      "the later of two files with one id silently wins there, so that a migration is never run",
  },
};

/** Where Alembic crashes: the rows our steps must leave, when it knows them. */
function modelRows(vector: Vector): Answer | undefined {
  const { model_heads_after: rows, result } = vector;
  if (rows === undefined) return undefined;
  const steps = (result.planned ?? []).map((revision, at) => ({
    revision,
    heads_after: (rows[at] ?? []).toSorted(),
  }));
  return { steps, final_heads: (rows.at(-1) ?? []).toSorted() };
}

describe.each([...new Set(vectors.map((vector) => vector.group))])("graph %s", (group) => {
  const own = vectors.filter((vector) => vector.group === group);
  it.each(
    own.map((vector) => ({
      name: `${vector.query.command} ${JSON.stringify(vector.query.target ?? "")} at ${JSON.stringify(vector.current)}`,
      vector,
    })),
  )("$name", ({ vector }) => {
    const got = answer(vector);
    const refused = REFUSED[group];
    const model = modelRows(vector);
    if (refused !== undefined) expect(got).toEqual({ error: refused.code });
    else if (model !== undefined) expect(got).toEqual(model);
    else if (vector.result.kind === "internal") expect(got).not.toHaveProperty("crash");
    else if (vector.result.error !== undefined) expect(got).toHaveProperty("error");
    else
      expect(
        [vector.result, ...(vector.alternatives ?? [])].map((result) =>
          expectation(vector, result),
        ),
      ).toContainEqual(got);
  });
});

it("runs every recorded case", () => {
  expect(vectors.length).toBe(1384);
});
