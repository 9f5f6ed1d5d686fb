// Makes sure that the SQLite driver is there: on Node 20 it is compiled where no ready binary can be downloaded,
// which needs python3, make and a C++ compiler. On Debian and as root they are installed here; elsewhere it is said.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

function works() {
  const program = "new (require('better-sqlite3'))(':memory:').prepare('SELECT 1').get()";
  return spawnSync(process.execPath, ["-e", program], { cwd: root }).status === 0;
}

function run(command, ...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return (
    spawnSync(command, args, { cwd: root, env, stdio: ["ignore", "ignore", "inherit"] }).status ===
    0
  );
}

if (!works()) {
  const tools = ["python3", "make", "g++"];
  const missing = tools.filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);
  if (missing.length > 0 && process.getuid?.() === 0) {
    console.error(`Installing ${missing.join(", ")} to compile the SQLite driver (once) …`);
    if (run("apt-get", "-qq", "update"))
      run("apt-get", "-qq", "install", "-y", "--no-install-recommends", ...missing);
  }
  console.error("Compiling the SQLite driver (once, about a minute) …");
  run("npm", "ci", "--silent");
  if (!works()) {
    console.error(
      "The SQLite driver better-sqlite3 could not be installed.\n" +
        "hint: install python3, make and g++ (or use Node 22.14 or newer, which needs none), then `npm ci`.",
    );
    process.exit(1);
  }
}
