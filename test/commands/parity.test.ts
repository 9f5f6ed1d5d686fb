import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEFINITIONS } from "../../src/cli/definitions.ts";
import * as revline from "../../src/index.ts";
import { createProject, migrate } from "../support/cli.ts";
import { root } from "../support/source.ts";

const camel = (text: string): string =>
  text.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What an option of the command line is called in a program, where it is not the same in camel case. */
const NAMES: Readonly<Record<string, string>> = {
  "branch-label": "branchLabels",
  "rev-id": "revisionId",
  "rev-range": "range",
  rename: "renames",
  schema: "schemas",
};

/** Options about the terminal alone: the result says it, or another function does. */
const OF_THE_TERMINAL: Readonly<Record<string, readonly string[]>> = {
  // the folder of revisions is a package anyway
  init: ["package"],
  // `dryRun`
  revision: ["sql"],
  // `planUpgrade`, `planDowngrade`, `planStamp`, `abort`
  upgrade: ["sql", "dry-run", "abort", "yes"],
  downgrade: ["sql", "dry-run", "abort", "yes"],
  stamp: ["sql"],
  // `appliedHistory`
  history: ["applied"],
  // `isAtHeads` of the result
  current: ["check-heads"],
  // `equal` of the result
  diff: ["exit-code"],
  // nobody is asked
  unlock: ["yes"],
};

const OTHERS = ["planUpgrade", "planDowngrade", "planStamp", "appliedHistory", "abort"];

describe("every command of the command line", () => {
  it.each(DEFINITIONS.map(({ name }) => name))("%s is a function of the package", (name) => {
    expect(typeof Reflect.get(revline, camel(name))).toBe("function");
  });

  it.each(DEFINITIONS.map((definition) => [definition.name, definition] as const))(
    "%s has the same options",
    (name, { options = [] }) => {
      const file = join(root, "src/commands", `${name}.ts`);
      const source = [file, join(root, "src/config/environment.ts")]
        .filter((path) => existsSync(path))
        .map((path) => readFileSync(path, "utf8"))
        .join("\n");
      const flags = options.flatMap(({ flags: text }) => /--([a-z-]+)/.exec(text)?.[1] ?? []);
      const missing = flags
        .filter((flag) => OF_THE_TERMINAL[name]?.includes(flag) !== true)
        .map((flag) => NAMES[flag] ?? camel(flag))
        .filter((key) => !new RegExp(`readonly ${key}\\?`).test(source));
      expect(missing).toEqual([]);
    },
  );

  it("has functions of their own for what is more than an option", () => {
    for (const name of OTHERS) expect(typeof Reflect.get(revline, name)).toBe("function");
  });
});

describe("--json", () => {
  it("prints what the function returns", async () => {
    const cwd = await createProject({
      "models.ts": `import { table, t } from "revline/schema";
export const users = table("users", { id: t.integer().primaryKey() });
`,
      "migrate.config.ts": 'export default { url: "sqlite:./app.db", models: "./models.ts" };\n',
      "migrations/versions/a.ts": `/** first */
export const revision = "a1";
export const downRevision = null;
export function upgrade(op) { op.createTable("users", (t) => ({ id: t.integer().primaryKey() })); }
export function downgrade(op) { op.dropTable("users"); }
`,
    });
    await revline.upgrade({ cwd, target: "head" });
    const pairs: readonly (readonly [readonly string[], () => Promise<unknown>])[] = [
      [["current"], () => revline.current({ cwd })],
      [["heads"], () => revline.heads({ cwd })],
      [["branches"], () => revline.branches({ cwd })],
      [["history", "-i"], () => revline.history({ cwd, indicateCurrent: true })],
      [["show", "a1"], () => revline.show({ cwd, revisions: ["a1"] })],
      [["check"], () => revline.check({ cwd })],
      [["status"], () => revline.status({ cwd })],
      [["diff"], () => revline.diff({ cwd })],
      [["introspect"], () => revline.introspect({ cwd })],
      [["validate"], () => revline.validate({ cwd })],
      [["list-templates"], () => revline.listTemplates()],
      [["ensure-version", "--sql"], () => revline.ensureVersion({ cwd, sql: true })],
      [["upgrade", "head", "--sql"], () => revline.planUpgrade({ cwd, target: "head" })],
      [["downgrade", "base", "--dry-run"], () => revline.planDowngrade({ cwd, target: "base" })],
      [["stamp", "base", "--sql"], () => revline.planStamp({ cwd, revisions: ["base"] })],
    ];
    for (const [args, run] of pairs) {
      const { stdout } = await migrate([...args, "--json"], { cwd });
      const expected: unknown = JSON.parse(JSON.stringify(await run()));
      expect({ args, result: JSON.parse(stdout) as unknown }).toEqual({ args, result: expected });
    }
  });
});
