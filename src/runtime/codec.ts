import { createHash } from "node:crypto";
import { expression, isExpression } from "../schema/expression.ts";

/** What JSON does not have is written as an object with one key that begins with this. */
const MARK = "$";

type Plain = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function written(value: unknown): unknown {
  if (typeof value === "bigint") return { $bigint: String(value) };
  if (Object.is(value, -0)) return { $number: "-0" };
  if (typeof value === "number" && !Number.isFinite(value)) return { $number: String(value) };
  if (value instanceof Date) return { $date: value.getTime() };
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(written);
  if (!isPlain(value)) return value;
  const fields = Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, written(field)]),
  );
  if (isExpression(value)) return { $expression: fields };
  return Object.keys(fields).some((key) => key.startsWith(MARK)) ? { $object: fields } : fields;
}

function fieldsRead(value: Plain): Plain {
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, read(field)]));
}

function expressionRead(value: Plain): unknown {
  const { parts, variants } = fieldsRead(value);
  if (!Array.isArray(parts)) return value;
  return isPlain(variants) ? expression(parts, variants) : expression(parts);
}

const READERS: Readonly<Record<string, (value: unknown) => unknown>> = {
  $bigint: (value) => BigInt(String(value)),
  $number: Number,
  $date: (value) => new Date(Number(value)),
  $bytes: (value) => Buffer.from(String(value), "base64"),
  $expression: (value) => (isPlain(value) ? expressionRead(value) : value),
  $object: (value) => (isPlain(value) ? fieldsRead(value) : value),
};

function read(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(read);
  if (!isPlain(value)) return value;
  const [key = "", ...others] = Object.keys(value);
  const reader = others.length === 0 ? READERS[key] : undefined;
  return reader === undefined ? fieldsRead(value) : reader(value[key]);
}

/** Plain data with dates, bytes, big numbers and expressions as text. */
export function encode(value: unknown): string {
  return JSON.stringify(written(value));
}

/** What {@link encode} wrote. */
export function decode(text: string): unknown {
  return read(JSON.parse(text));
}

/** Tells whether two pieces of data are the same. */
export function digest(value: unknown): string {
  return createHash("sha256").update(encode(value)).digest("hex");
}
