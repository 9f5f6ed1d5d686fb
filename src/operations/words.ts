import type { Column, ColumnType, Constraint, Index, ServerDefault } from "../schema/types.ts";
import type { Expression } from "../schema/expression.ts";
import { nameOnly, qualifiedName } from "../schema/collect.ts";
import { deepEqual } from "../util/equal.ts";

/** An expression as one readable line; names and values unquoted of any database. */
export function expressionText(expression: Expression): string {
  return expression.parts
    .map((part) => {
      if (typeof part === "string") return part;
      if ("identifier" in part) return part.identifier.join(".");
      return typeof part.value === "string" ? `'${part.value}'` : String(part.value);
    })
    .join("")
    .replace(/\s+/g, " ")
    .trim();
}

/** A type as a person would write it: `varchar(255)`, `numeric(10, 2)`, `timestamp with time zone`. */
export function describeType(type: ColumnType): string {
  switch (type.name) {
    case "raw":
      return type.sql;
    case "array":
      return `${describeType(type.element)}[]`;
    case "enum":
      return type.enumName === undefined
        ? `enum(${type.values.join(", ")})`
        : qualifiedName(named(type.enumName, type.schema));
    case "set":
      return `set(${type.values.join(", ")})`;
    default: {
      const { name, ...rest } = type;
      const size = ["length", "precision", "scale"].flatMap((key) => {
        const value = new Map<string, unknown>(Object.entries(rest)).get(key);
        return value === undefined ? [] : [String(value)];
      });
      const args = size.length === 0 ? "" : `(${size.join(", ")})`;
      const unsigned = "unsigned" in rest && rest.unsigned === true ? " unsigned" : "";
      const zone = "tz" in rest && rest.tz === true ? " with time zone" : "";
      return `${name}${args}${unsigned}${zone}`;
    }
  }
}

function named(name: string, schema: string | undefined): { schema?: string; name: string } {
  return nameOnly({ schema, name });
}

export function describeDefault(value: ServerDefault): string {
  if ("expression" in value) return expressionText(value.expression);
  return typeof value.value === "string" ? `'${value.value}'` : String(value.value);
}

/** The words for a column's parts, in the order they are told. */
const ASPECTS: readonly (readonly [keyof Column, (column: Column) => string])[] = [
  ["name", (column) => column.name],
  ["type", (column) => describeType(column.type)],
  ["nullable", (column) => (column.nullable ? "null" : "not null")],
  [
    "default",
    (column) =>
      column.default === undefined ? "no default" : `default ${describeDefault(column.default)}`,
  ],
  [
    "identity",
    (column) => (column.identity === undefined ? "no identity" : describeIdentity(column.identity)),
  ],
  [
    "computed",
    (column) =>
      column.computed === undefined
        ? "not generated"
        : `generated as (${expressionText(column.computed.expression)}) ${column.computed.stored ? "stored" : "virtual"}`,
  ],
  [
    "collation",
    (column) =>
      column.collation === undefined ? "default collation" : `collation ${column.collation}`,
  ],
  [
    "comment",
    (column) =>
      column.comment === undefined ? "no comment" : `comment ${JSON.stringify(column.comment)}`,
  ],
  [
    "onUpdate",
    (column) =>
      column.onUpdate === undefined
        ? "no on update"
        : `on update ${expressionText(column.onUpdate)}`,
  ],
  ["invisible", (column) => (column.invisible === true ? "invisible" : "visible")],
  ["options", (column) => `options ${JSON.stringify(column.options ?? {})}`],
];

function describeIdentity(identity: NonNullable<Column["identity"]>): string {
  const { serial, always, ...rest } = identity;
  const word = serial === true ? "serial" : always === true ? "identity always" : "identity";
  const numbers = Object.entries(rest).map(([key, value]) => `${key} ${String(value)}`);
  return [word, ...numbers].join(" ");
}

/** `varchar(255) → varchar(10), null → not null`. */
export function describeColumnChange(from: Column, to: Column): string {
  return ASPECTS.filter(([key]) => !deepEqual(from[key], to[key]))
    .map(([, say]) => `${say(from)} → ${say(to)}`)
    .join(", ");
}

export function describeConstraint(constraint: Constraint): string {
  const name = constraint.name === undefined ? "" : ` ${constraint.name}`;
  switch (constraint.kind) {
    case "primaryKey":
      return `primary key${name} (${constraint.columns.join(", ")})`;
    case "unique":
      return `unique constraint${name} (${constraint.columns.join(", ")})`;
    case "check":
      return `check constraint${name} (${expressionText(constraint.expression)})`;
    case "exclude":
      return `exclude constraint${name}`;
    case "foreignKey": {
      const { columns, references, onDelete, onUpdate } = constraint;
      const actions = [
        onDelete && `on delete ${onDelete}`,
        onUpdate && `on update ${onUpdate}`,
      ].filter(Boolean);
      const target = `${qualifiedName(references)} (${references.columns.join(", ")})`;
      return [`foreign key${name} (${columns.join(", ")}) → ${target}`, ...actions].join(" ");
    }
  }
}

export function describeIndex(index: Index): string {
  const parts = index.elements.map(
    (element) =>
      (element.column ?? (element.expression ? expressionText(element.expression) : "")) +
      (element.order === "desc" ? " desc" : ""),
  );
  const where = index.where === undefined ? "" : ` where ${expressionText(index.where)}`;
  return `${index.unique === true ? "unique " : ""}index ${index.name ?? ""} (${parts.join(", ")})${where}`;
}
