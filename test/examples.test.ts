import { execFile } from "node:child_process";
import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environment } from "./support/cli.ts";
import { ask, createDatabase, databases } from "./support/databases.ts";

const examples = fileURLToPath(new URL("../migrations-example", import.meta.url));
const run = promisify(execFile);

let copy = "";
let path = "";

beforeAll(async () => {
  const root = await ask("build");
  copy = await mkdtemp(join(tmpdir(), "revline-examples-"));
  await cp(examples, copy, { recursive: true });
  // `npx migrate` as an installed package would answer it, without npx's half second
  const shim = join(copy, "bin");
  await cp(join(root, "bin"), shim, { recursive: true });
  await writeFile(
    join(shim, "npx"),
    `#!/bin/sh\nshift\nexec "${process.execPath}" "${root}/bin/migrate.js" "$@"\n`,
  );
  await chmod(join(shim, "npx"), 0o755);
  path = `${shim}${delimiter}${process.env["PATH"] ?? ""}`;
});

afterAll(() => rm(copy, { recursive: true, force: true }));

/** The bash blocks of a README, in order. */
async function bashBlocks(file: string): Promise<readonly string[]> {
  const text = await readFile(file, "utf8");
  return [...text.matchAll(/^```bash\n(.*?)^```/gms)].map(([, block]) => block ?? "");
}

describe.each(databases)("the commands of migrations-example/README.md on %s", (kind) => {
  it("all succeed, one after the other", async () => {
    const database = await createDatabase(kind);
    try {
      for (const block of await bashBlocks(join(examples, "README.md"))) {
        const env = environment({ PATH: path, DATABASE_URL: database.url });
        await run("bash", ["-euo", "pipefail", "-c", block], { cwd: copy, env });
      }
    } finally {
      await database.drop();
    }
  });
});

describe("the histories", () => {
  it("are what the tool writes for the steps today", async () => {
    const made = await mkdtemp(join(tmpdir(), "revline-made-"));
    await run(
      process.execPath,
      [fileURLToPath(new URL("../scripts/make-examples.mjs", import.meta.url)), made],
      {
        env: environment(),
      },
    );
    expect(await versions(made)).toEqual(await versions(examples));
    await rm(made, { recursive: true });
  });
});

/** All revision files by path, without the time of their making. */
async function versions(folder: string): Promise<Record<string, string>> {
  const paths = (await readdir(folder, { recursive: true }))
    .filter((file) => /versions\/.*\.ts$/.test(file))
    .toSorted();
  const texts = await Promise.all(
    paths.map(async (file): Promise<[string, string]> => {
      const text = await readFile(join(folder, file), "utf8");
      return [file, text.replace(/^ \* Created: .*$/m, " * Created: …")];
    }),
  );
  return Object.fromEntries(texts);
}
