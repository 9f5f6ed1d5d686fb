import fc from "fast-check";
import { dialects } from "../../src/dialects/index.ts";
import { kindsOf } from "../../src/objects/index.ts";
import { describeKind } from "../../src/operations/object-words.ts";
import { isOpen } from "../../src/schema/index.ts";
import type { Column, Constraint, Index, MetaData, Table } from "../../src/schema/index.ts";
import { pairOf, seeds, type Kind } from "./generate/index.ts";

const KINDS: readonly Kind[] = ["sqlite", "postgresql", "mysql", "mariadb"];
const HEAD: Readonly<Record<Kind, string>> = {
  sqlite: "SQLite",
  postgresql: "PostgreSQL",
  mysql: "MySQL",
  mariadb: "MariaDB",
};
const SAMPLES = { numRuns: 500, seed: 20260822 };

/** What something is made of beside its name: the attributes it has, with those of its parts. */
function attributes(value: object, without: readonly string[]): readonly string[] {
  return Object.entries(value).flatMap(([key, part]): readonly string[] => {
    if (part === undefined || part === false || without.includes(key)) return [];
    const inner =
      key === "identity" || key === "computed"
        ? Object.entries(part ?? {}).flatMap(([name, on]) => (on === false ? [] : [name]))
        : [];
    return [key, ...inner.map((name) => `${key}: ${name}`)];
  });
}

function ofColumn(column: Column): readonly string[] {
  const { default: value } = column;
  const kind = value === undefined ? [] : ["value" in value ? "default: a value" : "default: SQL"];
  const own = attributes(column, ["name", "type", "default", "options"]);
  const element = column.type.name === "array" ? column.type.element : undefined;
  return [
    `type ${column.type.name}`,
    ...(element === undefined ? [] : [`type array of ${element.name}`]),
    ...[...kind, ...own, ...Object.keys(column.options ?? {}).map((key) => `option ${key}`)].map(
      (name) => `column: ${name}`,
    ),
  ];
}

function ofConstraint(constraint: Constraint): readonly string[] {
  const words = attributes(constraint, ["kind", "name", "columns", "references", "expression"]);
  const options = "options" in constraint ? Object.keys(constraint.options ?? {}) : [];
  return [
    constraint.kind,
    ...words.filter((word) => word !== "options").map((word) => `${constraint.kind}: ${word}`),
    ...options.map((word) => `${constraint.kind}: option ${word}`),
  ];
}

function ofIndex(index: Index): readonly string[] {
  const elements = index.elements.flatMap((element) => attributes(element, ["column"]));
  const own = attributes(index, ["name", "elements", "options", "method"]);
  return [
    "index",
    ...(index.method === undefined ? [] : [`index: method ${index.method}`]),
    ...[...own, ...elements, ...Object.keys(index.options ?? {}).map((key) => `option ${key}`)].map(
      (name) => `index: ${name}`,
    ),
  ];
}

function ofTable(table: Table): readonly string[] {
  return [
    ...table.columns.flatMap(ofColumn),
    ...table.constraints.flatMap(ofConstraint),
    ...table.indexes.flatMap(ofIndex),
    ...(table.schema === undefined ? [] : ["table: in another schema"]),
    ...(table.comment === undefined ? [] : ["table: comment"]),
    ...Object.values(table.options ?? {}).flatMap((options) =>
      Object.keys(options).map((key) => `table: option ${key}`),
    ),
  ];
}

function ofSchema({ tables, objects }: MetaData): readonly string[] {
  return [
    ...tables.flatMap(ofTable),
    ...objects.map((object) => (isOpen(object) ? describeKind(object.kind) : "enum")),
  ];
}

/** Every attribute that the generator draws for a database; the laws hold for what it draws. */
function drawn(kind: Kind): ReadonlySet<string> {
  const found = new Set<string>();
  for (const pair of fc.sample(seeds, SAMPLES).map((given) => pairOf(given, kind)))
    for (const word of [...ofSchema(pair.before), ...ofSchema(pair.after)]) found.add(word);
  return found;
}

function markdown(first: string, rows: readonly (readonly [string, readonly string[]])[]): string {
  const lines = rows.map(([name, cells]) => `| ${[name, ...cells].join(" | ")} |`);
  const head = [first, ...KINDS.map((kind) => HEAD[kind])];
  return [`| ${head.join(" | ")} |`, `|${" --- |".repeat(head.length)}`, ...lines].join("\n");
}

/** Attribute × database: what the property tests draw. */
export function attributeTable(): string {
  const byKind = KINDS.map(drawn);
  const names = [...new Set(byKind.flatMap((words) => [...words]))].toSorted();
  return markdown(
    "attribute",
    names.map((name) => [name, byKind.map((words) => (words.has(name) ? "exact" : ""))]),
  );
}

/** Kind of object × database: what the program models. */
export function kindTable(): string {
  const on = KINDS.map((kind) => {
    const name = kind === "mariadb" ? "mysql" : kind;
    const dialect = dialects.find((candidate) => candidate.name === name);
    return dialect === undefined ? [] : kindsOf(dialect, kind);
  });
  const names = [...new Set(on.flat())].toSorted();
  return markdown(
    "kind",
    names.map((name) => [
      describeKind(name),
      on.map((kinds) => (kinds.includes(name) ? "exact" : "")),
    ]),
  );
}

/** The text with both tables between their marks. */
export function withTables(text: string): string {
  const tables = { kinds: kindTable(), attributes: attributeTable() };
  return Object.entries(tables).reduce(
    (filled, [name, table]) =>
      filled.replace(
        new RegExp(`<!-- ${name} -->.*?<!-- /${name} -->`, "s"),
        () => `<!-- ${name} -->\n\n${table}\n\n<!-- /${name} -->`,
      ),
    text,
  );
}
