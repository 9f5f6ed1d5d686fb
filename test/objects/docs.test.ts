import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { onPostgresql } from "./walk.ts";
import { evaluateModels } from "../render/run-models.ts";

const PAGE = new URL("../../docs/objects.md", import.meta.url);

/** What the examples stand on. */
const BESIDE = `
export const users = table("users", {
  id: t.integer().primaryKey(), email: t.text(), deletedAt: t.timestamp("deleted_at"), createdAt: t.timestamp("created_at"),
});
export const events = table("events", { age: t.integer() });
export const log = table("log", { id: t.integer() });
export const touch = sqlFunction("touch", { returns: "trigger", language: "plpgsql", body: sql\`BEGIN RETURN NEW; END\` });
export const noteDrop = sqlFunction("note_drop", { returns: "event_trigger", language: "plpgsql", body: sql\`BEGIN END\` });
`;

/** The examples of one chapter as one module; roles that every server has stand for those of the page. */
async function models(chapter: string): Promise<string> {
  const page = await readFile(PAGE, "utf8");
  const [, rest = ""] = page.split(`\n## ${chapter}\n`);
  const [text = ""] = rest.split(/^## /m);
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block]) => block ?? "");
  const lists = [...blocks.join("\n").matchAll(/^import \{ ([^}]*) \}/gm)];
  const names = new Set([
    ...["sql", "sqlFunction", "t", "table"],
    ...lists.flatMap(([, list = ""]) => list.split(", ")),
  ]);
  const body = blocks.join("\n").replace(/^import .*$/gm, "");
  return `import { ${[...names].join(", ")} } from "revline/schema";\n${BESIDE}${body}`
    .replace(/\bapp\b/g, "pg_monitor")
    .replace(/\bsupport\b/g, "pg_read_all_data");
}

onPostgresql((now) => {
  it("takes the examples of docs/objects.md, and finds nothing more", async () => {
    const { flow } = now;
    const declared = evaluateModels(await models("PostgreSQL"));
    expect(declared.objects.length).toBeGreaterThan(10);
    await flow.autogenerate(declared);
    await flow.upgrade();
    expect(await flow.check(declared)).toEqual([]);
    await flow.downgrade();
    expect((await flow.reflect()).objects).toEqual([]);
  });
});
