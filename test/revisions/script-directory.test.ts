import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  newRevisionId,
  planUpgrade,
  revisionFileName,
  ScriptDirectory,
} from "../../src/revisions/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "revline-scripts-"));
  mkdirSync(join(folder, "versions"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, id: string, down: string | null = null, more = ""): string {
  const path = join(folder, "versions", name);
  writeFileSync(
    path,
    `export const revision = "${id}";\nexport const downRevision = ${JSON.stringify(down)};\n${more}`,
  );
  return path;
}

const ids = (): readonly string[] => ScriptDirectory.open(folder).map.revisions.map(({ id }) => id);

describe("the folder of revisions", () => {
  it("is read in the order of the file names", () => {
    write("b.ts", "one1");
    write("a.mts", "two2", "one1");
    write("c.cjs", "three3", "two2");
    expect(ids()).toEqual(["two2", "one1", "three3"]);
  });

  it("passes over what is no source of a revision", () => {
    write("a.ts", "one1");
    for (const name of [
      "a.js",
      "a.d.ts",
      ".hidden.ts",
      "package.json",
      "README.md",
      "a.ts~",
      "tsconfig.tsbuildinfo",
    ]) {
      writeFileSync(join(folder, "versions", name), "nothing");
    }
    mkdirSync(join(folder, "versions", "old.ts"));
    write("b.mjs", "two2", "one1");
    expect(ids()).toEqual(["one1", "two2"]);
  });

  it("may be empty, or not yet there", () => {
    expect(ids()).toEqual([]);
    rmSync(join(folder, "versions"), { recursive: true });
    expect(ids()).toEqual([]);
    rmSync(folder, { recursive: true });
    expect(ids).toThrow(expect.objectContaining({ code: "migrations-not-found" }));
  });

  it("may be several folders", () => {
    mkdirSync(join(folder, "more"));
    write("a.ts", "one1");
    writeFileSync(join(folder, "more", "z.ts"), `export const revision = "two2";`);
    expect(
      ScriptDirectory.open(folder, { versionLocations: ["more", "versions"] }).map.heads,
    ).toEqual(["two2", "one1"]);
  });

  it("does not run files, and so does not mind what is wrong in them", () => {
    write("a.ts", "one1", null, "this is ( no TypeScript");
    expect(ids()).toEqual(["one1"]);
  });

  it("reads and plans ten thousand revisions with a small multiple of the work of reading their text", () => {
    for (let n = 0; n < 10_000; n += 1)
      write(`${String(n).padStart(5, "0")}.ts`, `id${n}`, n === 0 ? null : `id${n - 1}`);
    const work = (job: () => void): number => {
      const start = process.cpuUsage();
      job();
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    const versions = join(folder, "versions");
    const reading = work(() => {
      for (const file of readdirSync(versions)) readFileSync(join(versions, file), "utf8");
    });
    const planning = work(() => {
      const { map } = ScriptDirectory.open(folder);
      expect(planUpgrade(map, [], "head").steps).toHaveLength(10_000);
    });
    expect(planning / reading).toBeLessThan(20);
  });
});

describe("a broken folder of revisions", () => {
  const refused = (code: string, ...words: readonly string[]): void => {
    const message = expect.toSatisfy((text: string) => words.every((word) => text.includes(word)));
    expect(ids).toThrow(
      expect.objectContaining({ code, message, hint: expect.stringMatching(/\w/) }),
    );
  };

  it("names a file without a revision", () => {
    writeFileSync(join(folder, "versions", "helper.ts"), "export const x = 1;");
    refused("revision-invalid", "helper.ts");
  });
  it("names both files with one id", () => {
    refused("revision-duplicate", write("a.ts", "same1"), write("b.ts", "same1"), '"same1"');
  });
  it("names both files with one label, and a label that is an id", () => {
    write("a.ts", "one1", null, `export const branchLabels = ["blog"];`);
    write("b.ts", "two2", "one1", `export const branchLabels = ["blog"];`);
    refused("revision-duplicate", "a.ts", "b.ts", '"blog"');
    write("b.ts", "two2", "one1", `export const branchLabels = ["one1"];`);
    refused("revision-duplicate", "a.ts", "b.ts", '"one1"');
  });
  it("names the file and the parent that is missing", () => {
    write("a.ts", "one1", "gone9");
    refused("revision-missing-parent", "a.ts", '"gone9"', "downRevision");
    write("a.ts", "one1", null, `export const dependsOn = "gone9";`);
    refused("revision-missing-parent", "a.ts", '"gone9"', "dependsOn");
  });
  it("takes no abbreviation of a parent", () => {
    write("a.ts", "one1111");
    write("b.ts", "two2222", "one1");
    refused("revision-missing-parent", '"one1"');
  });
  it("shows the circle", () => {
    write("a.ts", "base0");
    write("b.ts", "one1", "three3");
    write("c.ts", "two2", "one1");
    write("d.ts", "three3", "two2");
    refused("revision-cycle", "one1", "two2", "three3");
    write("b.ts", "one1", "one1");
    refused("revision-cycle", "one1");
  });
  it("refuses ids that would mean something else", () => {
    for (const id of ["head", "base", "a@b", "a-1", "a+1", "a:b", ""]) {
      write("a.ts", id);
      refused("revision-invalid", "a.ts");
    }
  });
});

describe("names", () => {
  it("makes ids of twelve hexadecimal digits, none twice", () => {
    const made = Array.from({ length: 1000 }, newRevisionId);
    expect(made.every((id) => /^[0-9a-f]{12}$/.test(id))).toBe(true);
    expect(new Set(made).size).toBe(1000);
  });
  it.each([
    ["Add posts", "a1_add_posts.ts"],
    ["", "a1.ts"],
    ["!!!", "a1.ts"],
    ["Grüße an user.id / c:\\x", "a1_grüße_an_user_id_c_x.ts"],
    [
      "a very long message that goes on and on and on",
      "a1_a_very_long_message_that_goes_on_and_on.ts",
    ],
    ["x".repeat(60), `a1_${"x".repeat(40)}.ts`],
  ])("makes a file name of %j", (message, name) => {
    expect(revisionFileName("a1", message)).toBe(name);
  });

  it.each([
    [
      "%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d-%(rev)s_%(slug)s",
      "UTC",
      "2026_03_29_0030-a1_add_posts.ts",
    ],
    ["%(year)d/%(month)02d/%(rev)s", "UTC", "2026/03/a1.ts"],
    ["%(hour).2d%(minute).2d%(second).2d_%(rev)s", "Europe/Berlin", "013005_a1.ts"],
    ["%(hour).2d%(minute).2d_%(rev)s", "America/St_Johns", "2200_a1.ts"],
    ["%(epoch)s-%(slug)s", "UTC", "1774744205-add_posts.ts"],
    ["100%%_%(rev)s", "UTC", "100%_a1.ts"],
  ])("fills the template %s", (template, timezone, name) => {
    const created = new Date("2026-03-29T00:30:05Z");
    expect(revisionFileName("a1", "add posts", { template, timezone, created })).toBe(name);
  });

  it("leaves no separator behind, and never makes a folder of an id", () => {
    expect(revisionFileName("a1", "", { template: "%(slug)s" })).toBe("a1.ts");
    expect(revisionFileName("a_", "")).toBe("a_.ts");
    expect(revisionFileName("../a1", "x")).toBe(".._a1_x.ts");
    expect(revisionFileName("a1", "one two three", { longestSlug: 7 })).toBe("a1_one_two.ts");
  });

  it("reads folders inside of folders when it is told to", () => {
    const inside = join(folder, "versions", "2026");
    mkdirSync(join(folder, "versions", "node_modules"));
    mkdirSync(inside);
    write("b.ts", "two2", "one1");
    writeFileSync(join(inside, "a.ts"), `export const revision = "one1";`);
    writeFileSync(join(folder, "versions", "node_modules", "x.ts"), "not a revision");
    expect(() => ScriptDirectory.open(folder)).toThrow(
      expect.objectContaining({ code: "revision-missing-parent" }),
    );
    expect(ScriptDirectory.open(folder, { recursive: true }).map.heads).toEqual(["two2"]);
  });
});
