// Makes the histories of migrations-example/ again, with the tool itself: for every step of an example's
// models it runs `revision --autogenerate` and `upgrade head` on an SQLite file in a temporary copy.
// `node scripts/make-examples.mjs [DEST]` writes into DEST (default: migrations-example/ itself).
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const examples = join(root, "migrations-example");
const destination = process.argv[2] ?? examples;

/** Twelve hexadecimal digits that stay the same from run to run. */
const revisionId = (example, step) =>
  createHash("sha256").update(`${example}/${step}`).digest("hex").slice(0, 12);

const folders = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
for (const example of folders) {
  const work = mkdtempSync(join(tmpdir(), "revline-example-"));
  const migrate = (...args) =>
    execFileSync(process.execPath, [join(root, "bin", "migrate.js"), "--quiet", ...args], {
      cwd: work,
      env: { ...process.env, DATABASE_URL: "sqlite:./app.db" },
      stdio: ["ignore", "ignore", "inherit"],
    });
  migrate("init");
  const steps = readdirSync(join(examples, example, "steps")).toSorted();
  for (const step of steps) {
    cpSync(join(examples, example, "steps", step), join(work, "models.ts"));
    const message = step.replace(/^\d+-|\.ts$/g, "").replaceAll("-", " ");
    const id = revisionId(example, step);
    migrate("revision", "--autogenerate", "-m", message, "--rev-id", id);
    migrate("upgrade", "head");
  }
  rmSync(join(destination, example, "migrations"), { recursive: true, force: true });
  cpSync(join(work, "migrations"), join(destination, example, "migrations"), { recursive: true });
  cpSync(join(work, "migrate.config.ts"), join(destination, example, "migrate.config.ts"));
  rmSync(work, { recursive: true });
}
