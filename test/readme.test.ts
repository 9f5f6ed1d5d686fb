import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { environment } from "./support/cli.ts";
import { ask } from "./support/databases.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What differs from run to run: revision ids and times. */
function scrub(text: string): string {
  const ids = new Map<string, string>();
  return text
    .replace(/(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])/g, (id) => {
      const name = ids.get(id) ?? `<revision ${String(ids.size + 1)}>`;
      ids.set(id, name);
      return name;
    })
    .replace(/\b\d+ ms\b/g, "<time>")
    .trim();
}

it("the README shows what the demo prints", async () => {
  await ask("build");
  const { stdout } = await promisify(execFile)(
    "sh",
    ["-c", `"${process.execPath}" scripts/demo.mjs 2>&1`],
    {
      cwd: root,
      env: environment(),
    },
  );
  const readme = await readFile(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");
  const [, shown] = /<!-- demo -->\s*```console\n(.*?)```/s.exec(readme) ?? [];
  expect(scrub(shown ?? "")).toBe(scrub(stdout));
});
