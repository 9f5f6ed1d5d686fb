import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CliResult } from "../support/cli.ts";
import { migrateHere } from "../support/in-process.ts";

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const models = (table: string, column: string, other: string): string => `
import { table, t } from "revline/schema";
export const one = table("${table}", { id: t.integer().primaryKey(), ${column}: t.varchar(40) });
export const two = table("kept", { key: t.integer().primaryKey(), ${other}: t.text() });
`;

async function project(): Promise<{
  readonly run: (...argv: string[]) => Promise<CliResult>;
  readonly write: (name: string, text: string) => Promise<void>;
  readonly revisions: () => Promise<readonly string[]>;
}> {
  const cwd = await mkdtemp(join(tmpdir(), "revline-answers-"));
  folders.push(cwd);
  const versions = join(cwd, "migrations", "versions");
  await mkdir(versions, { recursive: true });
  const write = (name: string, text: string): Promise<void> => writeFile(join(cwd, name), text);
  const run = (...argv: string[]): Promise<CliResult> => migrateHere(argv, { cwd });
  await write("migrate.config.json", `{ "url": "sqlite:./a.db", "models": "./models.ts" }`);
  await write("models.ts", models("users", "name", "body"));
  await run("revision", "--autogenerate", "-m", "first");
  await run("upgrade", "head");
  await write("models.ts", models("accounts", "name", "text"));
  return { run, write, revisions: () => readdir(versions) };
}

describe("a file of answers", () => {
  it("takes the questions in the form in which they are told", async () => {
    const { run, write, revisions } = await project();
    const ask = ["revision", "--autogenerate", "-m", "second", "--strict-renames"];
    const open = await run(...ask, "--json");
    expect(open.code).toBe(2);
    expect(await revisions()).toHaveLength(1);
    const { error }: { error: { code: string; details: string[] } } = JSON.parse(open.stdout);
    expect(error.code).toBe("decision-missing");
    const questions: unknown = JSON.parse(error.details.join("\n"));
    expect(questions).toEqual({ renames: { "users:accounts": null, "kept.body:text": null } });
    // as it was told, nothing is decided
    await write("answers.json", error.details.join("\n"));
    expect((await run(...ask, "--answers", "answers.json")).code).toBe(2);
    await write(
      "answers.json",
      JSON.stringify({ renames: { "users:accounts": true, "kept.body:text": false } }),
    );
    const done = await run(...ask, "--answers", "answers.json");
    expect(done).toMatchObject({ code: 0, stderr: expect.not.stringContaining("may be a rename") });
    expect(done.stdout).toContain("rename table users to accounts");
    expect(done.stdout).toContain("kept: drop column body");
    expect(await revisions()).toHaveLength(2);
  });

  it("may tell a rename that nobody would ask about", async () => {
    const { run, write } = await project();
    await write(
      "models.ts",
      `import { table, t } from "revline/schema";
       export const one = table("users", { id: t.integer().primaryKey(), label: t.text() });
       export const two = table("kept", { key: t.integer().primaryKey(), body: t.text() });`,
    );
    await write("answers.json", JSON.stringify({ renames: { "users.name:label": true } }));
    const { code, stdout } = await run(
      ...["revision", "--autogenerate", "--strict-renames", "--answers", "answers.json"],
    );
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/rename column name to label[^]*alter column label/),
    });
  });

  it.each([
    ["no JSON", "{", "cannot be read"],
    ["another form", `["users:accounts"]`, "not of that form"],
    ["an answer that is none", `{ "renames": { "users:accounts": "yes" } }`, "neither true nor"],
    ["a question that nobody asks", `{ "renames": { "users:people": true } }`, "users:people"],
  ])("is refused when it is %s", async (_, text, words) => {
    const { run, write, revisions } = await project();
    await write("answers.json", text);
    const { code, stderr } = await run("revision", "--autogenerate", "--answers", "answers.json");
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(words) });
    expect(stderr).toContain("[usage]");
    expect(await revisions()).toHaveLength(1);
  });
});
