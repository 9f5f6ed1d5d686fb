// The main job on an SQLite file, from nothing: what the README shows. Works in ./demo, which it makes anew.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "demo");
const step = (name) => join(root, "migrations-example", "shop", "steps", name);

function run(command, args, options) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", ...options });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function migrate(...args) {
  console.log(
    `\n$ npx migrate ${args.map((arg) => (/\s/.test(arg) ? `"${arg}"` : arg)).join(" ")}`,
  );
  const { DATABASE_URL: _, ...env } = process.env;
  run(process.execPath, [join(root, "bin", "migrate.js"), ...args], { cwd: folder, env });
}

function edit(models) {
  console.log(`\n# models.ts is now migrations-example/shop/steps/${models}`);
  cpSync(step(models), join(folder, "models.ts"));
}

run(process.execPath, [join(root, "scripts", "setup.mjs")], {});
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
edit("2-lengths.ts");
migrate("init");
migrate("revision", "--autogenerate", "-m", "initial");
migrate("upgrade", "head");
edit("3-phone-number.ts");
migrate("revision", "--autogenerate", "-m", "add phone number");
migrate("upgrade", "head");
migrate("downgrade", "-1");
migrate("current");
migrate("history");
