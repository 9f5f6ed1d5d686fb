import type { ObjectName, OpenKind, OpenObject } from "../schema/objects/types.ts";
import { qualifiedName } from "../schema/collect.ts";
import { deepEqual } from "../util/equal.ts";

/** `materializedView` as a person says it: `materialized view`. */
export function describeKind(kind: OpenKind): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** `trigger audit on users`, `function add(integer, integer)`, `default privileges tables of app`. */
export function describeObject(kind: OpenKind, object: ObjectName): string {
  const types = object.arguments === undefined ? "" : `(${object.arguments})`;
  const table = object.table === undefined ? "" : ` on ${object.table}`;
  const role = object.role === undefined ? "" : ` of ${object.role}`;
  return `${object.type ?? describeKind(kind)} ${qualifiedName(object)}${types}${table}${role}`;
}

/** What is different: `query, comment`. */
export function describeObjectChange(from: OpenObject, to: OpenObject): string {
  const [before, after] = [from, to].map((side) => new Map<string, unknown>(Object.entries(side)));
  const keys = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
  return [...keys].filter((key) => !deepEqual(before?.get(key), after?.get(key))).join(", ");
}
