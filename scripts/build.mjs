// Compiles src/ to dist/ (ES modules and their types), and bundles the program into dist/bin/: a command that
// loads five files starts sooner than one that loads a hundred. Files are written in place and what has no
// source any more is removed afterwards, so that a command which runs from dist/ at the same time keeps running.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

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
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { migrate: "src/bin.ts" },
  outdir: "dist/bin",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  metafile: true,
});
const chunks = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
const MINUTES = 60_000;
for (const file of readdirSync(join(dist, "bin"))) {
  const path = join(dist, "bin", file);
  const age = Date.now() - statSync(path).mtimeMs;
  if (!chunks.has(file) && age > 5 * MINUTES) rmSync(path);
}

for (const file of readdirSync(dist, { recursive: true })) {
  if (file.startsWith("bin")) continue;
  const source = join(root, "src", file.replace(/(\.d)?\.(ts|js)$/, ".ts"));
  if (/\.(ts|js)$/.test(file) && !existsSync(source)) rmSync(join(dist, file));
}
if (process.exitCode === undefined) {
  // When it was built: the tests build again only what has changed.
  mkdirSync(join(root, ".cache"), { recursive: true });
  writeFileSync(join(root, ".cache/built"), "");
}
