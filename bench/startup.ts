import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../test/support/source.ts";
import { inTurns, timed, type Row } from "./measure.ts";

const ROUNDS = 15;

/** What a command costs before it does anything, against a Node that does nothing. */
export async function* startup(): AsyncIterable<Row> {
  const cwd = await mkdtemp(join(tmpdir(), "revline-bench-"));
  await writeFile(join(cwd, "models.ts"), "");
  const bin = join(root, "bin/migrate.js");
  await runNode(cwd, [bin, "init"]);
  for (const command of [["--help"], ["--version"], ["heads"], ["current"]]) {
    const measured = await inTurns(
      ROUNDS,
      () => timed(() => runNode(cwd, [bin, ...command])),
      () => timed(() => runNode(cwd, ["-e", "0"])),
    );
    yield { what: `migrate ${command.join(" ")}`, yardstick: "node -e 0", ...measured };
  }
  await rm(cwd, { recursive: true, force: true });
}

/** Runs Node to its end. @throws Error when it fails */
export function runNode(cwd: string, args: readonly string[]): Promise<void> {
  // NODE_EXTRA_CA_CERTS costs every process 40 ms before Node 22.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
    let text = "";
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${args.join(" ")}: ${text}`));
    });
  });
}
