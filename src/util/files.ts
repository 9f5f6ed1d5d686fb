import { randomBytes } from "node:crypto";
import { link, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { RevlineError } from "../errors.ts";
import { displayPath } from "./display-path.ts";

/**
 * Writes a file whole or not at all, with the folders it needs: nobody ever reads half of it.
 *
 * @param overwrite false: a file that is there stays
 * @throws RevlineError file-exists
 */
export async function writeFileAtomically(
  path: string,
  text: string,
  { overwrite = false } = {},
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}`);
  try {
    await writeFile(temporary, text, { flag: "wx", flush: true });
    if (overwrite) return await rename(temporary, path);
    // a hard link fails when the name is taken: two writers at once cannot both win
    await link(temporary, path).catch((error: unknown) => {
      throw isCode(error, "EEXIST") ? fileExists(path) : error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** The error for a file that is in the way. */
export function fileExists(path: string): RevlineError {
  return new RevlineError("file-exists", `${displayPath(path)} exists already.`, {
    hint: "Move it away, choose another name, or give --force where the command has it.",
  });
}
