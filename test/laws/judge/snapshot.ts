/** A value that JSON can hold. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** All things of one kind, by their full name. */
export type Things = Readonly<Record<string, Json>>;

/** What a database holds: kind of thing → name → everything the catalog says of it. */
export type Snapshot = Readonly<Record<string, Things>>;

/** Rows of every table, each as JSON text, sorted. */
export type RowSnapshot = Readonly<Record<string, readonly Readonly<Record<string, Json>>[]>>;

/** Asks one database; a driver of its own, not the product's. */
export type Query = (
  sql: string,
  params?: readonly unknown[],
) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** The tables in which revline keeps its own books; they are no part of the schema. */
export const OWN_TABLES: readonly string[] = [
  "revline_version",
  "revline_history",
  "revline_journal",
  "revline_lock",
];

/** The kinds that this release models on some database; what is told as skipped is left out case by case. */
export const MODELLED: readonly string[] = [
  "schema",
  "table",
  "column",
  "constraint",
  "index",
  "enum",
  "sequence",
  "view",
  "function",
  "trigger",
  "policy",
  "rule",
  "event trigger",
  "publication",
  "statistics",
  "text search dictionary",
  "text search configuration",
  "cast",
  "operator",
  "privilege",
  "default privileges",
  "aggregate",
  "extension",
  "function",
  "procedure",
  "event",
  "mariadb sequence",
  "virtual table",
  "domain",
  "composite type",
  "range type",
  "collation",
];

/** A driver's value as JSON. */
export function toJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string")
    return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value)
        .toSorted(byFirst)
        .map(([key, item]) => [key, toJson(item)]),
    );
  }
  return String(value);
}

function byFirst(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

/** An object without its null values: absent is the default. */
export function compact(entries: Readonly<Record<string, unknown>>): Json {
  return Object.fromEntries(
    Object.entries(entries)
      .filter(
        ([, value]) => value !== null && value !== undefined && value !== "" && value !== false,
      )
      .map(([key, value]) => [key, toJson(value)]),
  );
}

/** Collects things and gives them back sorted. */
export class SnapshotBuilder {
  readonly #kinds = new Map<string, Map<string, Json>>();

  add(kind: string, name: string, value: Json): void {
    const things = this.#kinds.get(kind) ?? new Map<string, Json>();
    things.set(things.has(name) ? `${name} #${String(things.size)}` : name, value);
    this.#kinds.set(kind, things);
  }

  build(): Snapshot {
    const kinds = [...this.#kinds].toSorted(byFirst);
    return Object.fromEntries(
      kinds.map(([kind, things]) => [kind, Object.fromEntries([...things].toSorted(byFirst))]),
    );
  }
}

/** Only the given kinds of a snapshot. */
export function only(snapshot: Snapshot, kinds: readonly string[]): Snapshot {
  return Object.fromEntries(Object.entries(snapshot).filter(([kind]) => kinds.includes(kind)));
}

/** The differences of two snapshots, one line each; empty when they are equal. */
export function differences(expected: Snapshot, got: Snapshot): readonly string[] {
  const lines: string[] = [];
  for (const kind of [...new Set([...Object.keys(expected), ...Object.keys(got)])].toSorted()) {
    const [wanted, found] = [expected[kind] ?? {}, got[kind] ?? {}];
    for (const name of [...new Set([...Object.keys(wanted), ...Object.keys(found)])].toSorted()) {
      const [left, right] = [wanted[name], found[name]];
      if (left === undefined)
        lines.push(`${kind} ${name}: not expected, got ${JSON.stringify(right)}`);
      else if (right === undefined)
        lines.push(`${kind} ${name}: missing, expected ${JSON.stringify(left)}`);
      else lines.push(...valueDifference(`${kind} ${name}`, left, right));
    }
  }
  return lines;
}

function isRecord(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function valueDifference(label: string, expected: Json, got: Json): readonly string[] {
  if (JSON.stringify(expected) === JSON.stringify(got)) return [];
  if (!isRecord(expected) || !isRecord(got)) {
    return [`${label}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`];
  }
  const keys = [...new Set([...Object.keys(expected), ...Object.keys(got)])].toSorted();
  return keys.flatMap((key) =>
    valueDifference(`${label}.${key}`, expected[key] ?? null, got[key] ?? null),
  );
}
