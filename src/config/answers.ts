import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { messageOf, RevlineError } from "../errors.ts";
import { displayPath } from "../util/display-path.ts";

/** Decisions by what `--rename` would say: true where it is a rename; null: not decided yet. */
export type Answers = ReadonlyMap<string, boolean | null>;

/**
 * Reads a file of decisions.
 *
 * @throws RevlineError usage
 * @example
 * { "renames": { "users:accounts": true, "posts.title:headline": false } }
 */
export function readAnswers(path: string, cwd: string): Answers {
  const file = resolve(cwd, path);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new RevlineError(
      "usage",
      `The answers ${displayPath(file)} cannot be read: ${messageOf(error)}`,
      { hint: FORM, cause: error },
    );
  }
  const renames = isRecord(value) && Object.keys(value).join() === "renames" ? value["renames"] : 0;
  if (!isRecord(renames)) throw malformed(file, "it is not of that form");
  return new Map(
    Object.entries(renames).map(([name, answer]) => {
      if (typeof answer !== "boolean" && answer !== null)
        throw malformed(file, `the answer to "${name}" is neither true nor false`);
      return [name, answer];
    }),
  );
}

/** The questions as a file that waits for its answers. */
export function answersText(questions: readonly string[]): string {
  return JSON.stringify(
    { renames: Object.fromEntries(questions.map((name) => [name, null])) },
    null,
    2,
  );
}

const FORM =
  'Write it as { "renames": { "users:accounts": true, "posts.title:headline": false } }: true for a rename, false for a drop and an add.';

function malformed(file: string, why: string): RevlineError {
  return new RevlineError("usage", `The answers ${displayPath(file)} cannot be used: ${why}.`, {
    hint: FORM,
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
