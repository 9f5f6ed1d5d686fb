// Compiles src/ to dist/ (ES modules and their types). Files are written in place and what has no source any
// more is removed afterwards, so that a command which runs from dist/ at the same time keeps running.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

try {
  execFileSync(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
} catch (error) {
  process.exitCode = error.status ?? 1;
}
for (const file of readdirSync(dist, { recursive: true })) {
  const source = join(root, "src", file.replace(/(\.d)?\.(ts|js)$/, ".ts"));
  if (/\.(ts|js)$/.test(file) && !existsSync(source)) rmSync(join(dist, file));
}
if (process.exitCode === undefined) {
  // When it was built: the tests build again only what has changed.
  mkdirSync(join(root, ".cache"), { recursive: true });
  writeFileSync(join(root, ".cache/built"), "");
}
