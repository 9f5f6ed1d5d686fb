// Writes what the demo prints, and the revision it makes, into the README. `node scripts/readme.mjs`
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = join(root, "README.md");

/** What a person sees: both streams, in their order. */
const output = execFileSync("sh", ["-c", `"${process.execPath}" scripts/demo.mjs 2>&1`], {
  cwd: root,
  encoding: "utf8",
});
const versions = join(root, "demo", "migrations", "versions");
const initial = readdirSync(versions).find((file) => file.endsWith("_initial.ts")) ?? "";
const revision = readFileSync(join(versions, initial), "utf8");

const block = (name, language, text) => (readmeText) =>
  readmeText.replace(
    new RegExp(`<!-- ${name} -->.*?<!-- /${name} -->`, "s"),
    () => `<!-- ${name} -->\n\n\`\`\`${language}\n${text.trim()}\n\`\`\`\n\n<!-- /${name} -->`,
  );
const filled = [block("demo", "console", output), block("revision", "ts", revision)].reduce(
  (text, fill) => fill(text),
  readFileSync(readme, "utf8"),
);
writeFileSync(readme, filled);
