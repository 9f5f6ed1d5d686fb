import { readFile, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import * as revline from "../../src/index.ts";
import { createProject, writeFiles } from "../support/cli.ts";
import { forEachDatabase } from "../support/databases.ts";

// settings are rows here: whatever can be read, made and taken away can be a kind
const CONFIG = `import { defineConfig, defineObjectKind, defineOperation } from "revline";
import { sql } from "revline/schema";

const setting = defineObjectKind<{ value: string }>({
  kind: "setting",
  reflect: async ({ query, quote }) => {
    const rows = await query(\`SELECT name, value FROM \${quote("setting")} ORDER BY name\`).catch(() => []);
    return rows.map(({ name, value }) => ({ name: String(name), definition: { value: String(value) } }));
  },
  canonicalize: ({ value }) => ({ value: value.toLowerCase() }),
  create: ({ name, definition: { value } }) => [
    sql\`INSERT INTO setting (name, value) VALUES (\${name}, \${value.toLowerCase()})\`,
  ],
  drop: ({ name }, { quote, literal }) => [\`DELETE FROM \${quote("setting")} WHERE name = \${literal(name)}\`],
});

const shout = defineOperation<{ name: string }>({
  operation: "shout",
  compile: ({ name }) => [sql\`UPDATE setting SET value = UPPER(value) WHERE name = \${name}\`],
});

export default defineConfig({ models: "./models.ts", plugins: [setting, shout] });
`;

const models = (settings: Readonly<Record<string, string>>): string => {
  const lines = Object.entries(settings).map(
    ([name, value]) =>
      `export const ${name} = customObject("setting", "${name}", { value: "${value}" });\n`,
  );
  return `import { customObject, t, table } from "revline/schema";
export const table1 = table("setting", { name: t.varchar(40).primaryKey(), value: t.varchar(40) });
${lines.join("")}`;
};

forEachDatabase((db) => {
  it("a kind and an operation of the project's own go the whole way", async () => {
    const { url, query } = await db.create();
    const cwd = await createProject({ "models.ts": models({}) });
    const options = { cwd, url };
    await revline.init({ cwd });
    await writeFiles(cwd, { "migrate.config.ts": CONFIG });
    const values = (): Promise<unknown> => query("SELECT name, value FROM setting ORDER BY name");
    const next = async (message: string): Promise<string> => {
      const made = await revline.revision({ ...options, autogenerate: true, message });
      await revline.upgrade({ ...options, target: "head" });
      expect(await revline.check(options)).toMatchObject({ matches: true });
      await revline.downgrade({ ...options, target: "-1" });
      await revline.upgrade({ ...options, target: "head" });
      return readFile(made.path ?? "", "utf8");
    };
    await next("table");

    await writeFiles(cwd, { "models.ts": models({ theme: "Dark", size: "it's" }) });
    expect(await next("settings")).toContain(
      'op.createObject("setting", "theme", { value: "Dark" })',
    );
    expect(await values()).toEqual([
      { name: "size", value: "it's" },
      { name: "theme", value: "dark" },
    ]);

    await writeFiles(cwd, { "models.ts": models({ theme: "light" }) });
    const changed = await next("changed");
    expect(changed).toContain('op.dropObject("setting", "size")');
    expect(changed).toContain('to: { value: "light" }');
    expect(await values()).toEqual([{ name: "theme", value: "light" }]);

    const empty = await revline.revision({ ...options, message: "shout" });
    const path = empty.path ?? "";
    const text = await readFile(path, "utf8");
    const opening = /upgrade\(op[^{]*\{/;
    const withCall = (call: string): string =>
      text.replace(opening, (found) => `${found}\n${call}\n`);
    await writeFile(path, withCall('op.invoke("shout", { name: "theme" });'));
    const plan = await revline.planUpgrade({ ...options, target: "head" });
    expect(plan.revisions[0]?.operations[0]?.text).toBe("invoke shout");
    await revline.upgrade({ ...options, target: "head" });
    expect(await values()).toEqual([{ name: "theme", value: "LIGHT" }]);

    await writeFile(path, withCall('op.invoke("shoot");'));
    await revline.downgrade({ ...options, target: "-1" });
    await expect(revline.upgrade({ ...options, target: "head" })).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining('No plugin of the config defines the operation "shoot".'),
      hint: 'Did you mean "shout"?',
    });
  });
});
