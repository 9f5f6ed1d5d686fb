import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import * as revline from "../../src/index.ts";
import type { Config, FilterName, FilterSubject } from "../../src/index.ts";
import { createProject } from "../support/cli.ts";
import { forEachDatabase } from "../support/databases.ts";

const MODELS = `import { index, t, table } from "revline/schema";
export const users = table("users", {
  id: t.integer().identity().primaryKey(),
  name: t.varchar(60).notNull().default("b"),
  age: t.bigint(),
}, { with: (c) => [index("ix_users_age").on(c.age)] });
`;

async function project(): Promise<string> {
  const cwd = await createProject({ "models.ts": MODELS });
  await revline.init({ cwd });
  return cwd;
}

forEachDatabase((db) => {
  async function given(): Promise<{ cwd: string; url: string; models: string }> {
    const { url, query } = await db.create();
    const cwd = await createProject({ "models.ts": MODELS });
    await query(
      "CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(30) NOT NULL DEFAULT 'a', age INTEGER)",
    );
    await query("CREATE TABLE other (id INTEGER NOT NULL PRIMARY KEY)");
    return { cwd, url, models: "models.ts" };
  }

  async function differences(
    options: { cwd: string; url: string; models: string },
    config: Config,
  ): Promise<readonly string[]> {
    const { operations } = await revline.check({ ...options, config });
    return operations.map((operation) =>
      operation.kind === "alterColumn" ? `${operation.kind} ${operation.to.name}` : operation.kind,
    );
  }

  it("leaves out what names, objects and their counterparts say", async () => {
    const options = await given();
    const names: FilterName[] = [];
    const objects: FilterSubject[] = [];
    const config: Config = {
      includeName: (name) => {
        names.push(name);
        return true;
      },
      includeObject: (subject) => {
        objects.push(subject);
        const { kind, reflected, compareTo } = subject;
        return !(kind === "table" && reflected && compareTo === undefined);
      },
    };
    expect(await differences(options, config)).not.toContain("dropTable");
    expect(await differences(options, {})).toContain("dropTable");
    expect(names).toContainEqual({ kind: "schema" });
    expect(names).toContainEqual({ kind: "table", name: "other", table: "other" });
    expect(names).toContainEqual({ kind: "column", name: "age", table: "users" });
    // the index is in the models alone: it has no name in the database
    expect(names.filter(({ kind }) => kind === "index")).toEqual([]);
    const about = (kind: string, reflected: boolean): readonly unknown[] =>
      objects
        .filter((subject) => subject.kind === kind && subject.reflected === reflected)
        .map(({ name, compareTo }) => [name, compareTo !== undefined]);
    expect(about("table", true)).toEqual([
      ["other", false],
      ["users", true],
    ]);
    expect(about("table", false)).toEqual([["users", true]]);
    expect(about("index", false)).toEqual([["ix_users_age", false]]);
    expect(about("column", false)).toEqual([
      ["id", true],
      ["name", true],
      ["age", true],
    ]);
    const named = {
      includeName: ({ kind, name }: FilterName) => !(kind === "table" && name === "other"),
    };
    expect(await differences(options, named)).not.toContain("dropTable");
    const onlyModels = { includeName: ({ kind }: FilterName) => kind !== "schema" };
    expect(await differences(options, onlyModels)).toEqual(["createTable"]);
  });

  it("compares types and defaults as it is told", async () => {
    const options = await given();
    const changed = async (config: Config): Promise<readonly string[]> =>
      (await differences(options, config)).filter((text) => text.startsWith("alterColumn"));
    const all = await changed({});
    expect(all).toEqual(expect.arrayContaining(["alterColumn name", "alterColumn age"]));
    expect(await changed({ compareType: true, compareServerDefault: true })).toEqual(all);
    const sameType = await changed({ compareType: false });
    expect(sameType).toContain("alterColumn name");
    expect(sameType).not.toContain("alterColumn age");
    expect(await changed({ compareType: false, compareServerDefault: false })).not.toContain(
      "alterColumn name",
    );
    const asked: string[] = [];
    const judged = await changed({
      compareType: ({ table, database, models }) => {
        asked.push(`${table.name}.${models.name}`);
        expect(database.name).toBe(models.name);
        if (models.name === "age") return false;
        return models.name === "id" ? true : undefined;
      },
      compareServerDefault: ({ models, database }) => {
        expect(database.default ?? models.default).toBeDefined();
        return models.name === "name" ? false : undefined;
      },
    });
    expect(asked).toEqual(["users.id", "users.name", "users.age"]);
    expect(judged).toEqual(expect.arrayContaining(["alterColumn id", "alterColumn name"]));
    expect(judged).not.toContain("alterColumn age");
    const { operations } = await revline.check({
      ...options,
      config: { compareServerDefault: false },
    });
    expect(operations).toContainEqual(
      expect.objectContaining({
        kind: "alterColumn",
        to: expect.objectContaining({ name: "name", default: { value: "a" } }),
      }),
    );
  });
});

forEachDatabase(
  (db) => {
    it("compares all schemas when it is told to", async () => {
      const { url, query } = await db.create();
      const { models, cwd } = {
        cwd: await createProject({ "models.ts": MODELS }),
        models: "models.ts",
      };
      // the databases of a MySQL server are shared with whatever else runs there: a name of its own
      const schema = `audit_${String(process.pid)}`;
      await query(`CREATE SCHEMA ${schema}`);
      await query(`CREATE TABLE ${schema}.log (id INTEGER PRIMARY KEY)`);
      const tables = async (config: Config): Promise<readonly unknown[]> =>
        (await revline.check({ cwd, url, models, config })).operations.flatMap((operation) =>
          operation.kind === "dropTable" && operation.table.schema?.startsWith("audit")
            ? [operation.table]
            : [],
        );
      try {
        expect(await tables({})).toEqual([]);
        expect(await tables({ includeSchemas: true })).toEqual([{ schema, name: "log" }]);
        const includeName = ({ kind, name }: FilterName): boolean =>
          kind !== "schema" || name === undefined;
        expect(await tables({ includeSchemas: true, includeName })).toEqual([]);
      } finally {
        await query(`DROP SCHEMA ${schema}${db.family === "postgresql" ? " CASCADE" : ""}`);
      }
    });
  },
  { only: ["postgresql", "mysql", "mariadb"] },
);

describe("processRevisionDirectives", () => {
  const url = "sqlite::memory:";

  it("edits a revision, or says that there is none", async () => {
    const cwd = await project();
    const seen: unknown[] = [];
    const made = await revline.revision({
      cwd,
      autogenerate: true,
      message: "found",
      x: { a: "1" },
      config: {
        url,
        models: "models.ts",
        processRevisionDirectives: (directive, context) => {
          seen.push(
            context,
            directive.upgrade.map(({ kind }) => kind),
          );
          return {
            ...directive,
            message: `${directive.message} and edited`,
            revisionId: "abc",
            branchLabels: ["main"],
            imports: ['import { tell } from "../tell.ts";'],
            downgrade: [],
          };
        },
      },
    });
    expect(seen).toEqual([{ autogenerate: true, writes: true, x: { a: "1" } }, ["createTable"]]);
    const text = await readFile(made.path ?? "", "utf8");
    expect(made.path).toMatch(/abc_found_and_edited\.ts$/);
    expect(text).toContain('import { tell } from "../tell.ts";');
    expect(text).toContain('export const branchLabels = ["main"];');
    expect(text).toContain("op.createTable(");
    expect(text).not.toContain("op.dropTable(");

    const none = await revline.revision({
      cwd,
      config: { url, processRevisionDirectives: () => null, revisionEnvironment: true },
    });
    expect(none).toMatchObject({ revision: null, path: null });
    const untouched = await revline.revision({
      cwd,
      dryRun: true,
      config: { url, processRevisionDirectives: () => null },
    });
    expect(untouched.revision).toMatch(/^[0-9a-f]{12}$/);
  });

  it("may be a chain of rewriters, each of which sees an operation once", async () => {
    const { sql } = await import("../../src/exports/schema.ts");
    const first = new revline.Rewriter()
      .rewrites("createTable", (op) => [
        op,
        { kind: "setTableComment", table: op.table, from: null, to: "first" },
      ])
      .rewrites("setTableComment", () => expect.fail("not what it made itself"));
    const second = new revline.Rewriter()
      .rewrites("setTableComment", (op, { autogenerate }) => ({
        ...op,
        to: `${op.to ?? ""}, second ${String(autogenerate)}`,
      }))
      .rewrites("dropTable", () => []);
    const third = new revline.Rewriter().rewrites("setTableComment", (op) => [
      op,
      { kind: "execute", sql: sql`SELECT 1` },
    ]);
    for (const chained of [first.chain(second).chain(third), first.chain(second.chain(third))]) {
      const cwd = await project();
      const { text, operations } = await revline.revision({
        cwd,
        autogenerate: true,
        dryRun: true,
        config: { url, models: "models.ts", processRevisionDirectives: chained.process },
      });
      expect(operations.map(({ kind }) => kind)).toEqual([
        "createTable",
        "setTableComment",
        "execute",
      ]);
      expect(text).toContain("first, second true");
      expect(text).not.toContain("op.dropTable(");
    }
  });
});

it("renderItem writes types, defaults and columns in words of its own", async () => {
  const cwd = await project();
  const { text } = await revline.revision({
    cwd,
    autogenerate: true,
    dryRun: true,
    config: {
      url: "sqlite::memory:",
      models: "models.ts",
      renderItem: (item, { imports }) => {
        if (item.kind === "type" && item.column.name === "name") {
          imports.add('import { shortText } from "../types.ts";');
          return "shortText(60)";
        }
        if (item.kind === "default") return item.column.name === "name" ? null : undefined;
        return item.kind === "column" && item.column.name === "age" ? "t.bigint()" : undefined;
      },
    },
  });
  expect(text).toContain('import { shortText } from "../types.ts";\n\nexport const revision');
  expect(text).toContain("name: shortText(60).notNull(),");
  expect(text).toContain("age: t.bigint(),");
  expect(text).toContain("id: t.integer().identity().primaryKey(),");
});

describe("a hook that throws", () => {
  it.each<[string, Config]>([
    ["includeObject", { includeObject: () => JSON.parse("{") }],
    ["includeName", { includeName: () => JSON.parse("{"), url: "sqlite::memory:" }],
    ["processRevisionDirectives", { processRevisionDirectives: () => JSON.parse("{") }],
  ])("is named: %s", async (name, config) => {
    const cwd = await project();
    await expect(
      revline.check({ cwd, config: { url: "sqlite::memory:", models: "models.ts", ...config } }),
    ).rejects.toMatchObject({
      code: "config-failed",
      message: expect.stringContaining(`\`${name}\``),
      hint: expect.stringContaining(name),
    });
  });

  it("or returns no revision is told so", async () => {
    const cwd = await project();
    const config = JSON.parse('{ "url": "sqlite::memory:", "models": "models.ts" }');
    await expect(
      revline.check({ cwd, config: { ...config, processRevisionDirectives: () => undefined } }),
    ).rejects.toMatchObject({ code: "config-failed", hint: expect.stringContaining("null") });
  });
});
