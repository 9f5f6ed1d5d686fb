import { describe, expect, it } from "vitest";
import { readHeader } from "../../src/revisions/index.ts";

const PATH = "/project/migrations/versions/7c1f_add_posts.ts";

function header(source: string): ReturnType<typeof readHeader> {
  return readHeader(source, PATH);
}

describe("a generated file", () => {
  const source = `/**
 * add posts
 * and authors
 *
 * Revision: 7c1f0a9d2e44
 * Revises:  2b9e5d10c3af
 * Created:  2026-08-22 09:14 UTC
 */
import type { Operations } from "revline";

export const revision = "7c1f0a9d2e44";
export const downRevision = "2b9e5d10c3af";
export const branchLabels = ["posts", "blog"];
export const dependsOn = null;

export async function upgrade(op: Operations): Promise<void> {
  throw new Error("this file must not be run");
}
`;

  it("is read without being run", () => {
    expect(header(source)).toEqual({
      id: "7c1f0a9d2e44",
      downRevisions: ["2b9e5d10c3af"],
      branchLabels: ["posts", "blog"],
      dependsOn: [],
      message: "add posts and authors",
      doc: "add posts\nand authors\n\nRevision: 7c1f0a9d2e44\nRevises:  2b9e5d10c3af\nCreated:  2026-08-22 09:14 UTC",
      created: "2026-08-22 09:14 UTC",
      path: PATH,
    });
  });

  it("may have the line ends of Windows and a byte order mark", () => {
    const other = header(`\uFEFF${source.replaceAll("\n", "\r\n")}`);
    expect(other).toMatchObject({
      id: "7c1f0a9d2e44",
      downRevisions: ["2b9e5d10c3af"],
      branchLabels: ["posts", "blog"],
      message: "add posts and authors",
    });
    expect(other.created).toBe("2026-08-22 09:14 UTC");
  });
});

describe("a header written by hand", () => {
  const accepted: readonly [string, string, readonly string[]][] = [
    ["double quotes", `export const downRevision = "a1";`, ["a1"]],
    ["single quotes without a semicolon", `export const downRevision = 'a1'`, ["a1"]],
    ["a template without holes", "export const downRevision = `a1`;", ["a1"]],
    ["as const", `export const downRevision = "a1" as const;`, ["a1"]],
    ["a type", `export const downRevision: string | null = "a1";`, ["a1"]],
    ["null with a type", `export const downRevision: string | null = null;`, []],
    ["null cast", `export const downRevision = null as string | null;`, []],
    [
      "satisfies",
      `export const downRevision = ["a1", "b2"] satisfies readonly string[];`,
      ["a1", "b2"],
    ],
    [
      "several lines and a trailing comma",
      `export const downRevision = [\n  "a1",\n  'b2',\n] as const;`,
      ["a1", "b2"],
    ],
    [
      "comments in the list",
      `export const downRevision = [\n  "a1", // "no"\n  /* "never" */ "b2"\n];`,
      ["a1", "b2"],
    ],
    ["an empty list", `export const downRevision = [];`, []],
    ["a list of one", `export const downRevision = ["a1"]`, ["a1"]],
    ["the value on the next line", `export const downRevision =\n  "a1";`, ["a1"]],
    ["much space", `export   const\tdownRevision   =   "a1"  ;  // the parent`, ["a1"]],
    ["let", `export let downRevision = "a1";`, ["a1"]],
    [
      "compiled to CommonJS",
      `exports.downRevision = exports.revision = void 0;\nexports.downRevision = "a1";`,
      ["a1"],
    ],
    ["module.exports", `module.exports.downRevision = "a1";`, ["a1"]],
    [
      "a constant that is exported below",
      `const downRevision = "a1";\nmodule.exports = { downRevision };`,
      ["a1"],
    ],
    ["nothing", "", []],
  ];
  it.each(accepted)("may have %s", (_, line, expected) => {
    expect(header(`export const revision = "c3";\n${line}\n`).downRevisions).toEqual(expected);
  });

  it("is not looked for in comments, strings and templates", () => {
    const source = `/*
export const revision = "comment";
*/
const example = \`
export const revision = "template";
\`;
export const revision = "real";
const later = \`
export const downRevision = "template";
\`;
`;
    expect(header(source)).toMatchObject({ id: "real", downRevisions: [] });
  });

  it("has no message where the comment says none", () => {
    expect(
      header(`/**\n * Revision: a1\n * Revises: b2\n */\nexport const revision = "a1";`).message,
    ).toBe("");
    expect(header(`export const revision = "a1";`)).toMatchObject({ message: "", doc: "" });
  });

  it.each([
    ["no revision", `export const downRevision = null;`, "has no `export const revision`"],
    ["a revision that must be run", `export const revision = makeId();`, "not a plain string"],
    ["a revision with a hole", "export const revision = `a${1}`;", "not a plain string"],
    ["a sum", `export const revision = "a" + "b";`, "not a plain string"],
    ["a null revision", `export const revision = null;`, "not a plain string"],
    [
      "a parent that must be run",
      `export const revision = "a1";\nexport const downRevision = parent;`,
      "downRevision that is not a plain string",
    ],
    [
      "labels that are numbers",
      `export const revision = "a1";\nexport const branchLabels = [1];`,
      "branchLabels that is not a plain string",
    ],
  ])("is refused with %s", (_, source, message) => {
    expect(() => header(source)).toThrow(
      expect.objectContaining({
        code: "revision-invalid",
        message: expect.stringContaining(message),
      }),
    );
    expect(() => header(source)).toThrow(
      expect.objectContaining({ message: expect.stringContaining("7c1f_add_posts.ts") }),
    );
  });
});
