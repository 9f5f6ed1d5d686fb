import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
let building: Promise<string> | undefined;

/** Compiles dist/ when src/ is newer, at most once in a run. Resolves to the folder of the package. */
export function buildOnce(): Promise<string> {
  return (building ??= build());
}

async function build(): Promise<string> {
  const stamp = join(root, ".cache", "built");
  const built = existsSync(stamp) ? (await stat(stamp)).mtimeMs : 0;
  const changed = await Promise.all(
    (await readdir(join(root, "src"), { recursive: true, withFileTypes: true })).map(
      async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs > built,
    ),
  );
  if (changed.includes(true)) {
    await promisify(execFile)(process.execPath, [join(root, "scripts", "build.mjs")], {
      cwd: root,
    });
  }
  return root;
}
