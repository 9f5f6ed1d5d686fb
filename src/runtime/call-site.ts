import { realpathSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { displayPath } from "../util/display-path.ts";

const FRAME = /(?:\(|at (?:async )?)((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^()]*?):(\d+):\d+\)?\s*$/;

interface Place {
  readonly file: string;
  readonly line: string;
}

function placesIn(stack: string): readonly Place[] {
  return stack.split("\n").flatMap((frame): readonly Place[] => {
    const [, where, line] = FRAME.exec(frame) ?? [];
    if (where === undefined || line === undefined) return [];
    const path = where.replace(/\?[^/]*$/, "");
    return [{ file: path.startsWith("file://") ? fileURLToPath(path) : path, line }];
  });
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

/**
 * Where in a revision's file something was called: `migrations/versions/7c1f_add_posts.ts:17`; the file
 * alone where the stack does not tell.
 *
 * @param path the revision's file
 */
export function callSite(stack: string | undefined, path: string): string {
  const real = realPath(path);
  const found = placesIn(stack ?? "").find(({ file }) => file === path || realPath(file) === real);
  return found === undefined ? displayPath(path) : `${displayPath(path)}:${found.line}`;
}
