import type { Row } from "../contract.ts";
import { RevlineError } from "../../errors.ts";

/** Readers of catalog rows: a catalog query that gives something else is a defect of ours. */
function unexpected(key: string, value: unknown): RevlineError {
  return new RevlineError("internal", `The catalog gave ${JSON.stringify(value)} for "${key}".`);
}

/** @throws RevlineError internal */
export function text(row: Row, key: string): string {
  const value = row[key];
  if (typeof value !== "string") throw unexpected(key, value);
  return value;
}

/** Absent for NULL and for the empty text (which the catalog uses for "none"). */
export function maybeText(row: Row, key: string): string | undefined {
  const value = row[key];
  if (value === null || value === undefined || value === "") return undefined;
  return text(row, key);
}

export function flag(row: Row, key: string): boolean {
  return row[key] === true;
}

/** A `text[]`; NULL is empty. */
export function texts(row: Row, key: string): readonly string[] {
  const value: unknown = row[key];
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw unexpected(key, value);
  return value.map((item: unknown) => {
    if (typeof item !== "string") throw unexpected(key, item);
    return item;
  });
}

/** A JSON array of objects. */
export function objects(row: Row, key: string): readonly Row[] {
  const value: unknown = row[key];
  if (!Array.isArray(value)) throw unexpected(key, value);
  return value.map((item: unknown) => {
    if (typeof item !== "object" || item === null) throw unexpected(key, item);
    return { ...item };
  });
}

/** An integer that came as text, so that no digit is lost. */
export function big(row: Row, key: string): bigint {
  return BigInt(text(row, key));
}

/** Rows by the value of a key, each group in the order of the rows. */
export function groupBy(rows: readonly Row[], key: string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(text(row, key));
    if (group === undefined) groups.set(text(row, key), [row]);
    else group.push(row);
  }
  return groups;
}
