import { isRevlineError, messageOf, type ErrorCode } from "../errors.ts";
import { redact } from "../util/redact.ts";
import type { Style } from "./style.ts";

/** An error as the outside world gets it: no password, no stack. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | undefined;
  readonly details: readonly string[];
}

const DEFECT_HINT =
  "This is a defect of revline: run the command again with --raiseerr and report what it prints.";

/** Anything that was thrown, as a failure. */
export function failureOf(error: unknown): Failure {
  if (!isRevlineError(error)) {
    return { code: "internal", message: redact(messageOf(error)), hint: DEFECT_HINT, details: [] };
  }
  return {
    code: error.code,
    // once more: the error may be of another copy of the package
    message: redact(error.message),
    hint: error.hint === undefined ? undefined : redact(error.hint),
    details: error.details.map(redact),
  };
}

/** 2: a person has to decide; 130: Ctrl-C; 1: everything else. */
export function exitCodeOf(failure: Failure): 1 | 2 | 130 {
  if (failure.code === "decision-missing") return 2;
  return failure.code === "interrupted" ? 130 : 1;
}

/** For stderr. */
export function failureText(failure: Failure, style: Style): string {
  const lines = [`${style.error("error:")} ${failure.message} ${style.dim(`[${failure.code}]`)}`];
  // what the sentence itself says is not said twice
  for (const detail of failure.details.filter((line) => !failure.message.includes(line)))
    lines.push(...detail.split("\n").map((line) => `  ${line}`));
  if (failure.hint !== undefined) lines.push(`${style.bold("hint:")} ${failure.hint}`);
  return lines.join("\n");
}

/** For `--json`; stdout. */
export function failureJson(failure: Failure): unknown {
  const { code, message, hint, details } = failure;
  return {
    error: { code, message, hint: hint ?? null, ...(details.length === 0 ? {} : { details }) },
  };
}

/** For `--raiseerr`: the stack with all causes, without passwords. */
export function stackText(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at !== undefined; at = at instanceof Error ? at.cause : undefined) {
    const stack = at instanceof Error ? (at.stack ?? at.message) : String(at);
    parts.push(parts.length === 0 ? stack : `Caused by: ${stack}`);
  }
  return redact(parts.join("\n"));
}
