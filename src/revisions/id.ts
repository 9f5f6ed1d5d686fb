import { randomBytes } from "node:crypto";

/** A new revision's id: twelve hexadecimal digits. */
export function newRevisionId(): string {
  return randomBytes(6).toString("hex");
}
