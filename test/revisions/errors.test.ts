import { describe, expect, it } from "vitest";
import {
  placeRevision,
  planDowngrade,
  planStamp,
  planUpgrade,
  resolveOne,
  revisionOf,
  RevisionMap,
} from "../../src/revisions/index.ts";

const map = new RevisionMap([
  revisionOf("aaaa1111"),
  revisionOf("aaaa2222", { downRevisions: ["aaaa1111"], branchLabels: ["left"] }),
  revisionOf("bbbb3333", { downRevisions: ["aaaa1111"], branchLabels: ["right"] }),
]);

function failure(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe("an error says what to do next", () => {
  it("for an abbreviation of several revisions", () => {
    expect(failure(() => resolveOne(map, "aaaa"))).toMatchObject({
      code: "revision-ambiguous",
      details: ["aaaa1111", "aaaa2222"],
    });
  });
  it("for an unknown revision", () => {
    expect(failure(() => planUpgrade(map, [], "cccc"))).toMatchObject({
      code: "revision-not-found",
      message: expect.stringContaining('"cccc"'),
    });
    expect(failure(() => planUpgrade(map, [], ""))).toMatchObject({ code: "revision-not-found" });
  });
  it("for several heads", () => {
    expect(failure(() => planUpgrade(map, [], "head"))).toMatchObject({
      code: "multiple-heads",
      details: ["aaaa2222", "bbbb3333"],
      hint: expect.stringMatching(/<branch>@head.*heads/),
    });
    expect(failure(() => placeRevision(map, { heads: ["head"] }))).toMatchObject({
      code: "multiple-heads",
    });
  });
  it("for a relative target that leads nowhere", () => {
    expect(failure(() => planUpgrade(map, [], "+5"))).toMatchObject({ code: "relative-invalid" });
    expect(failure(() => planUpgrade(map, ["aaaa1111"], "+1"))).toMatchObject({
      code: "relative-invalid",
      details: ["aaaa2222", "bbbb3333"],
    });
    expect(failure(() => planDowngrade(map, [], "-1"))).toMatchObject({ code: "relative-invalid" });
    expect(failure(() => planUpgrade(map, [], "-1"))).toMatchObject({ code: "relative-invalid" });
  });
  it("for a range where one revision is asked for", () => {
    expect(failure(() => planUpgrade(map, [], "aaaa1111:aaaa2222"))).toMatchObject({
      code: "range-invalid",
    });
  });
  it("for a target that is not below the database", () => {
    expect(failure(() => planDowngrade(map, ["aaaa1111"], "bbbb3333"))).toMatchObject({
      code: "range-invalid",
    });
  });
  it("for a row that no file has", () => {
    expect(failure(() => planUpgrade(map, ["dddd"], "heads"))).toMatchObject({
      code: "version-unknown",
      details: ["dddd"],
      hint: expect.stringContaining("stamp --purge"),
    });
    expect(failure(() => planStamp(map, ["dddd"], ["heads"]))).toMatchObject({
      code: "version-unknown",
    });
  });
});

it("warns where a relative downgrade has a choice", () => {
  const { warnings, after } = planDowngrade(map, ["bbbb3333", "aaaa2222"], "-1");
  expect(warnings).toEqual([expect.stringContaining("<branch>@-1")]);
  expect(after).toEqual(["aaaa2222"]);
});
