import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  root,
  sourceFiles,
  stringsOf,
  withoutComments,
  type SourceFile,
} from "./support/source.ts";

// From the bottom up. A layer may import every layer above its row in this list, its neighbours in the row not.
const layers = [
  ["util"],
  ["schema"],
  ["operations"],
  ["dialects", "revisions", "models"],
  ["objects", "compare", "render"],
  ["runtime"],
  ["config"],
  ["commands"],
  ["cli"],
] as const;

// Folders whose members (sub-folders; in commands/ the files of commands) are strangers to each other.
const pluginFolders = ["dialects", "objects", "models", "commands"];

// Below the place where everything is put together, a database is known by its contract alone.
const blindTo: Readonly<Record<string, RegExp>> = {
  objects: /^src\/dialects\/index\.ts$/,
  compare: /^src\/(dialects|objects)\/index\.ts$/,
  render: /^src\/(dialects|objects)\/index\.ts$/,
  runtime: /^src\/dialects\/index\.ts$/,
};

const drivers = ["pg", "mysql2", "better-sqlite3"];
const terminal = ["commander", "chalk"];

const files = sourceFiles("src");

function folderOf(path: string): string {
  return /^src\/([^/]+)\//.exec(path)?.[1] ?? "";
}

function memberOf(path: string): string | undefined {
  const [, folder = "", member = ""] = /^src\/([^/]+)\/([^/]+)\//.exec(path) ?? [];
  return pluginFolders.includes(folder) && member !== "" ? `${folder}/${member}` : undefined;
}

function packageOf(target: string): string {
  return target.replace(/^@types\//, "").split("/")[0] ?? target;
}

/** Lines `file → what it must not import`. */
function violations(
  forbidden: (
    file: SourceFile,
    target: string,
    kind: { typeOnly: boolean; dynamic: boolean },
  ) => boolean,
): readonly string[] {
  return files.flatMap((file) =>
    file.imports
      .filter((imported) => forbidden(file, imported.target, imported))
      .map(({ target }) => `${file.path} → ${target}`),
  );
}

/** Lines `file:line what stands there`. */
function lines(among: readonly SourceFile[], pattern: RegExp): readonly string[] {
  return among.flatMap(({ path, text }) =>
    withoutComments(text)
      .split("\n")
      .flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${String(index + 1)} ${line.trim()}`] : [],
      ),
  );
}

describe("imports", () => {
  it("go one way", () => {
    const rank = new Map(
      layers.flatMap((row, index) => row.map((folder) => [folder as string, index] as const)),
    );
    expect(
      violations(({ path }, target) => {
        const [from, to] = [folderOf(path), folderOf(target)];
        const [low, high] = [rank.get(to), rank.get(from)];
        return low !== undefined && high !== undefined && from !== to && low >= high;
      }),
    ).toEqual([]);
    expect(
      files
        .map(({ path }) => folderOf(path))
        .filter((folder) => folder !== "" && !rank.has(folder) && folder !== "exports"),
    ).toEqual([]);
  });

  it("reach what exists", () => {
    const known = new Set(files.map(({ path }) => path));
    expect(violations((_, target) => target.startsWith("src/") && !known.has(target))).toEqual([]);
  });

  it("make no circle", () => {
    expect(circles()).toEqual([]);
  });

  it("name the members of a plug-in folder only in its index", () => {
    expect(
      violations(({ path }, target) => {
        const member = memberOf(target);
        if (member === undefined || memberOf(path) === member) return false;
        // how one database does a kind: its file may use that database's folder
        const [, database] = /^src\/objects\/[^/]+\/(sqlite|postgresql|mysql)\b/.exec(path) ?? [];
        if (database !== undefined && member === `dialects/${database}`) return false;
        return path !== `src/${member.split("/")[0] ?? ""}/index.ts`;
      }),
    ).toEqual([]);
  });

  it("know a dialect by its contract alone, below config", () => {
    expect(
      violations(({ path }, target) => blindTo[folderOf(path)]?.test(target) ?? false),
    ).toEqual([]);
  });

  it("load a driver in its dialect's driver.ts alone, and only when it is needed", () => {
    expect(
      violations(
        ({ path }, target, { typeOnly, dynamic }) =>
          drivers.includes(packageOf(target)) &&
          (!/^src\/dialects\/[^/]+\/driver\.ts$/.test(path) || !(typeOnly || dynamic)),
      ),
    ).toEqual([]);
  });

  it("leave the terminal to cli/", () => {
    expect(
      violations(
        ({ path }, target) => terminal.includes(packageOf(target)) && folderOf(path) !== "cli",
      ),
    ).toEqual([]);
  });
});

describe("files", () => {
  it("stay under 400 lines", () => {
    const long = files.filter(({ text }) => text.split("\n").length > 401);
    expect(long.map(({ path, text }) => `${path}: ${String(text.split("\n").length - 1)}`)).toEqual(
      [],
    );
  });

  it("open each folder's index with a paragraph about the folder", () => {
    const folders = readdirSync(join(root, "src"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "exports")
      .map((entry) => `src/${entry.name}/index.ts`);
    const without = folders.filter(
      (path) => !existsSync(join(root, path)) || !opensWithParagraph(path),
    );
    expect(without).toEqual([]);
  });

  it("have the same names in every dialect", () => {
    const required = [
      "index",
      "driver",
      "reflect",
      "normalize",
      "types",
      "compile",
      "plan",
      "lock",
    ];
    const missing = readdirSync(join(root, "src/dialects"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => required.map((file) => `src/dialects/${name}/${file}`))
      .filter((path) => !existsSync(join(root, `${path}.ts`)) && !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });
});

function opensWithParagraph(path: string): boolean {
  const [comment = ""] =
    /^(?:\/\*\*[\s\S]*?\*\/|(?:\/\/[^\n]*\n)+)/.exec(readFileSync(join(root, path), "utf8")) ?? [];
  return comment.length > 120;
}

describe("code", () => {
  it("keeps SQL in dialects/ and objects/", () => {
    const statement =
      /^\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|(CREATE|ALTER|DROP)\s+(TABLE|INDEX|UNIQUE|VIEW|TYPE|SCHEMA|SEQUENCE|DATABASE|TRIGGER)\b|PRAGMA\s|BEGIN\b|COMMIT\b|ROLLBACK\b)/;
    const found = files
      .filter(({ path }) => !/^src\/(dialects|objects)\//.test(path))
      .flatMap(({ path, text }) =>
        stringsOf(text)
          .filter(({ value }) => statement.test(value))
          .map(({ line, value }) => `${path}:${String(line)} ${value.slice(0, 60)}`),
      );
    expect(found).toEqual([]);
  });

  it("does not silence the compiler", () => {
    expect(lines(files, /:\s*any\b|\bas any\b|<any>|\bas never\b|\bas unknown as\b/)).toEqual([]);
    const directives = files.filter(({ text }) => /@ts-(ignore|nocheck|expect-error)/.test(text));
    expect(directives.map(({ path }) => path)).toEqual([]);
  });

  it("swallows no error", () => {
    expect(
      lines(files, /catch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\(\)\s*=>\s*(undefined|\{\s*\})\)/),
    ).toEqual([]);
  });

  it("leaves nothing for later", () => {
    const found = [...files, ...sourceFiles("bin"), ...sourceFiles("scripts")]
      .filter(({ text }) => /\b(TODO|FIXME|XXX)\b/.test(text))
      .map(({ path }) => path);
    expect(found).toEqual([]);
  });

  it("writes to the terminal and ends the process in cli/ alone", () => {
    const outside = files.filter(({ path }) => folderOf(path) !== "cli");
    expect(lines(outside, /\bconsole\.|\bprocess\.(exit\b|stdout|stderr)/)).toEqual([]);
  });
});

function circles(): readonly string[] {
  const graph = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target),
    ]),
  );
  const found: string[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") {
      found.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
      return;
    }
    state.set(path, "open");
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    state.set(path, "done");
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}
