import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { isMysql } from "../generate/kinds.ts";
import type { Workplace } from "../workplace.ts";

/** MySQL's client cuts a file by its delimiter, which DELIMITER changes; the server knows nothing of it. */
export function splitByDelimiter(sql: string): readonly string[] {
  if (!/^\s*delimiter\s/im.test(sql)) return [sql];
  const chunks: string[] = [];
  let delimiter = ";";
  let current = "";
  for (const line of sql.split("\n")) {
    const changed = /^\s*delimiter\s+(\S+)/i.exec(line);
    if (changed?.[1] !== undefined) {
      chunks.push(current);
      current = "";
      delimiter = changed[1];
    } else if (delimiter !== ";" && line.trimEnd().endsWith(delimiter)) {
      chunks.push(current + line.trimEnd().slice(0, -delimiter.length));
      current = "";
    } else current += `${line}\n`;
  }
  return [...chunks, current].filter(
    (chunk) => chunk.replaceAll(/--[^\n]*|\/\*[^!][\s\S]*?\*\//g, "").trim() !== "",
  );
}

/** PostgreSQL's dumps have commands of psql in them. */
function psql(url: string, sql: string): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", url], {
      stdio: ["pipe", "ignore", "pipe"],
      env: { ...process.env, PGOPTIONS: "-c client_min_messages=error" },
    });
    let errors = "";
    child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
    child.on("error", fail);
    child.on("close", (code) =>
      code === 0 ? done() : fail(new Error(errors.trim().split("\n")[0] ?? `psql ${String(code)}`)),
    );
    child.stdin.on("error", () => undefined); // psql stopped at an error, which its exit code tells
    child.stdin.end(sql);
  });
}

/** Loads files of SQL into a workplace, by nothing of the product. @throws Error when a statement fails */
export async function loadSql(place: Workplace, ...files: readonly string[]): Promise<void> {
  for (const file of files) {
    const sql = await readFile(file, "utf8");
    if (sql.trim() === "") continue;
    if (place.kind === "postgresql") await psql(place.url, sql);
    else if (isMysql(place.kind)) for (const chunk of splitByDelimiter(sql)) await place.run(chunk);
    else await place.run(`PRAGMA synchronous = OFF;\n${sql}\n;SELECT 1;`);
  }
}
