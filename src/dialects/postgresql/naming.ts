import { calledFunction, namesIn } from "./expression-text.ts";
import { MAX_NAME_BYTES, render } from "./spelling.ts";
import { isConstraint } from "../../schema/naming.ts";
import type { Constraint, Index, IndexElement, Table } from "../../schema/types.ts";

/** As many whole characters as the bytes hold. */
function clip(text: string, bytes: number): string {
  let clipped = "";
  let used = 0;
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytes) break;
    clipped += character;
  }
  return clipped;
}

/**
 * PostgreSQL's `makeObjectName`: the parts joined by `_`, the longer of the first two shortened until
 * the whole fits.
 *
 * @see src/backend/commands/indexcmds.c of PostgreSQL
 */
export function objectName(first: string, second: string | undefined, label: string): string {
  const overhead = Buffer.byteLength(label) + 1 + (second === undefined ? 0 : 1);
  const available = MAX_NAME_BYTES - overhead;
  let firstBytes = Buffer.byteLength(first);
  let secondBytes = Buffer.byteLength(second ?? "");
  while (firstBytes + secondBytes > available) {
    if (firstBytes > secondBytes) firstBytes -= 1;
    else secondBytes -= 1;
  }
  const parts = [
    clip(first, firstBytes),
    ...(second === undefined ? [] : [clip(second, secondBytes)]),
    label,
  ];
  return parts.join("_");
}

function freeName(
  first: string,
  second: string | undefined,
  label: string,
  taken: ReadonlySet<string>,
): string {
  let name = objectName(first, second, label);
  for (let count = 1; taken.has(name); count += 1)
    name = objectName(first, second, `${label}${String(count)}`);
  return name;
}

/** Joined by `_`, no longer than a name can be (`ChooseIndexNameAddition`). */
function addition(columns: readonly string[]): string {
  let joined = "";
  for (const column of columns) {
    if (Buffer.byteLength(joined) > MAX_NAME_BYTES) break;
    joined += joined === "" ? column : `_${column}`;
  }
  return joined;
}

function elementNames(elements: readonly IndexElement[]): readonly string[] {
  const names: string[] = [];
  for (const { column, expression } of elements) {
    const wanted =
      column ??
      (expression === undefined ? undefined : calledFunction(render(expression))) ??
      "expr";
    let name = wanted;
    for (let count = 1; names.includes(name); count += 1) name = `${wanted}${String(count)}`;
    names.push(name);
  }
  return names;
}

/** The one column that an expression names, if it is one. */
function onlyColumn(table: Table, sql: string): string | undefined {
  const names = namesIn(sql);
  const columns = table.columns.filter(({ name }) => names.has(name));
  return columns.length === 1 ? columns[0]?.name : undefined;
}

/** The name that PostgreSQL itself gives to a constraint or index without one. */
export function defaultName(
  table: Table,
  item: Constraint | Index,
  taken: ReadonlySet<string>,
): string | undefined {
  const choose = (second: string | undefined, label: string): string =>
    freeName(table.name, second, label, taken);
  if (!isConstraint(item)) {
    const included = (item.include ?? []).map((column) => ({ column }));
    return choose(addition(elementNames([...item.elements, ...included])), "idx");
  }
  switch (item.kind) {
    case "primaryKey":
      return choose(undefined, "pkey");
    case "unique":
      return choose(addition([...item.columns, ...(item.include ?? [])]), "key");
    case "foreignKey":
      return choose(addition(item.columns), "fkey");
    case "check":
      return choose(onlyColumn(table, render(item.expression)), "check");
    case "exclude":
      return choose(excludedColumns(table, render(item.definition)), "excl");
  }
}

function excludedColumns(table: Table, definition: string): string {
  const names = namesIn(definition);
  return addition(table.columns.flatMap(({ name }) => (names.has(name) ? [name] : [])));
}

/** The name that PostgreSQL itself gives to a check of a domain. */
export function domainCheckName(domain: string, taken: ReadonlySet<string>): string {
  return freeName(domain, undefined, "check", taken);
}

/** The sequence that `serial` and identity columns make. */
export function sequenceName(table: string, column: string): string {
  return objectName(table, column, "seq");
}
