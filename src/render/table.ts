import { array, chain, string, type Code } from "./code.ts";
import { data, entriesOf, optionsArgument, sqlCode, type Style } from "./data.ts";
import { targetCode, type Inline } from "./column.ts";
import type {
  CheckConstraint,
  Constraint,
  ConstraintKind,
  ForeignKey,
  Index,
  IndexElement,
  Table,
} from "../schema/types.ts";
import type { Expression } from "../schema/expression.ts";
import { omit } from "../util/equal.ts";

/** What of a table stands at its columns, and what beside them. */
export interface Split {
  readonly inline: ReadonlyMap<string, Inline>;
  readonly items: readonly (Constraint | Index)[];
}

type Mutable = { -readonly [K in keyof Inline]: Inline[K] };

function hasOnly(item: object, ...keys: readonly string[]): boolean {
  return Object.keys(item).every((key) => keys.includes(key));
}

/** The columns of the table that the text of an expression names, quoted or not. */
function columnsIn(expression: Expression, table: Table): readonly string[] {
  const words = new Set<string>();
  for (const part of expression.parts) {
    if (typeof part !== "string") continue;
    const code = part.replace(/'(?:[^']|'')*'/g, "''");
    for (const match of code.matchAll(
      /"([^"]+)"|`([^`]+)`|\[([^\]]+)\]|([\p{L}_][\p{L}\p{N}_$]*)/gu,
    )) {
      words.add(match[1] ?? match[2] ?? match[3] ?? match[4] ?? "");
    }
  }
  return table.columns.flatMap(({ name }) => (words.has(name) ? [name] : []));
}

const SHORT_CHECK = 48;

/** The column a short check is about; undefined: it stands beside the columns. */
function columnOfCheck(check: CheckConstraint, table: Table): string | undefined {
  const { parts, variants } = check.expression;
  // a declared column in SQL reads best as `c.name`, which stands beside the columns
  if (parts.some((part) => typeof part !== "string" && "identifier" in part)) return undefined;
  const text = parts.map((part) => (typeof part === "string" ? part : "…")).join("");
  if (!hasOnly(check, "kind", "name", "expression") || variants !== undefined) return undefined;
  if (text.length > SHORT_CHECK || text.includes("\n")) return undefined;
  const [only, ...others] = columnsIn(check.expression, table);
  return others.length === 0 ? only : undefined;
}

const REFERENCE_KEYS = [
  "kind",
  "name",
  "columns",
  "references",
  "onDelete",
  "onUpdate",
  "match",
  "deferrable",
  "initiallyDeferred",
  "external",
  "options",
];

/**
 * Says at their column the constraints that one column has alone, as a person would; the rest stands
 * beside the columns, in its order.
 */
export function split(
  table: Table,
  canBeInline: (item: Constraint | Index) => boolean = () => true,
): Split {
  const inline = new Map<string, Mutable>(table.columns.map(({ name }) => [name, {}]));
  const place: {
    readonly [K in ConstraintKind]: (
      constraint: Extract<Constraint, { readonly kind: K }>,
    ) => boolean;
  } = {
    primaryKey: (key) => {
      const at = onlyColumn(key.columns);
      if (at === undefined || !hasOnly(key, "kind", "name", "columns")) return false;
      at.primaryKey = key;
      return true;
    },
    unique: (constraint) => {
      const at = onlyColumn(constraint.columns);
      if (at === undefined || at.unique !== undefined) return false;
      if (!hasOnly(constraint, "kind", "name", "columns", "nullsNotDistinct")) return false;
      at.unique = constraint;
      return true;
    },
    foreignKey: (key) => {
      const at = onlyColumn(key.columns);
      if (at === undefined || at.references !== undefined || !hasOnly(key, ...REFERENCE_KEYS))
        return false;
      at.references = key;
      return true;
    },
    check: (check) => {
      const column = columnOfCheck(check, table);
      const at = column === undefined ? undefined : inline.get(column);
      if (at === undefined) return false;
      at.checks = [...(at.checks ?? []), check];
      return true;
    },
    exclude: () => false,
  };
  const onlyColumn = (columns: readonly string[]): Mutable | undefined =>
    columns.length === 1 ? inline.get(columns[0] ?? "") : undefined;
  const placeIndex = (index: Index): boolean => {
    const [element, ...more] = index.elements;
    if (
      element?.column === undefined ||
      more.length > 0 ||
      !hasOnly(index, "name", "elements") ||
      !hasOnly(element, "column")
    )
      return false;
    const at = inline.get(element.column);
    if (at === undefined || at.index !== undefined) return false;
    at.index = index;
    return true;
  };
  const constraints = table.constraints.filter(
    (item) => !(canBeInline(item) && placeConstraint(place, item)),
  );
  const indexes = table.indexes.filter((item) => !(canBeInline(item) && placeIndex(item)));
  return { inline, items: [...constraints, ...indexes] };
}

function placeConstraint<K extends ConstraintKind>(
  table: { readonly [P in K]: (constraint: Extract<Constraint, { readonly kind: P }>) => boolean },
  constraint: Extract<Constraint, { readonly kind: K }>,
): boolean {
  return table[constraint.kind](constraint);
}

const named = (name: string | undefined): readonly Code[] =>
  name === undefined ? [] : [string(name)];

/** How the columns that a foreign key points to are written. */
export type TargetsCode = (key: ForeignKey) => readonly Code[];

export const targetsByName: TargetsCode = ({ references }) =>
  references.columns.map((column) => targetCode(references, column));

type ItemTable = {
  readonly [K in ConstraintKind]: (
    constraint: Extract<Constraint, { readonly kind: K }>,
    style: Style,
    targets: TargetsCode,
  ) => Code;
};

const CONSTRAINTS: ItemTable = {
  primaryKey: (key, style) => keyItem("primaryKey", key, style),
  unique: (key, style) => keyItem("unique", key, style),
  foreignKey: (key, style, targets) =>
    style.item("foreignKey", [
      array(key.columns.map(style.column)),
      array(targets(key)),
      ...optionsArgument(omit(key, "kind", "columns", "references"), style),
    ]),
  check: ({ kind, name, expression, ...options }, style) =>
    style.item(kind, [
      ...named(name),
      sqlCode(expression, style),
      ...optionsArgument(options, style),
    ]),
  exclude: ({ kind, name, definition, ...options }, style) =>
    style.item(kind, [
      string(name ?? ""),
      sqlCode(definition, style),
      ...optionsArgument(options, style),
    ]),
};

function keyItem(
  word: string,
  key: Extract<Constraint, { kind: "primaryKey" | "unique" }>,
  style: Style,
): Code {
  const { kind: _, name, columns, ...options } = key;
  const codes = columns.map(style.column);
  const more = optionsArgument(options, style);
  const isKnown = columns.every((column) => style.columnInSql(column) !== undefined);
  const isSpread = style.fluent === true && word === "primaryKey" && more.length === 0 && isKnown;
  return style.item(word, [...named(name), ...(isSpread ? codes : [array(codes)]), ...more]);
}

function constraintCode<K extends ConstraintKind>(
  table: {
    readonly [P in K]: (
      constraint: Extract<Constraint, { readonly kind: P }>,
      style: Style,
      targets: TargetsCode,
    ) => Code;
  },
  constraint: Extract<Constraint, { readonly kind: K }>,
  style: Style,
  targets: TargetsCode,
): Code {
  return table[constraint.kind](constraint, style, targets);
}

/** A part of an index: a column, SQL, or either with options. */
export function elementCode(element: IndexElement, style: Style): Code {
  const { column, expression, ...options } = element;
  const target =
    column !== undefined
      ? style.column(column)
      : expression === undefined
        ? undefined
        : sqlCode(expression, style);
  if (target === undefined) return data(element, style);
  if (Object.keys(options).length === 0) return target;
  if (style.fluent !== true) return data(element, style);
  return options.order === "desc"
    ? style.item("desc", [target, ...optionsArgument(omit(options, "order"), style)])
    : style.item("part", [target, ...optionsArgument(options, style)]);
}

function indexCode(index: Index, style: Style): Code {
  const {
    name,
    elements,
    unique,
    method,
    where,
    include,
    nullsNotDistinct,
    invisible,
    comment,
    options,
  } = index;
  // a revision has no uniqueIndex()
  const isByWord = unique === true && style.fluent === true;
  const calls = [
    { name: "on", args: elements.map((element) => elementCode(element, style)) },
    ...(unique === true && !isByWord ? [{ name: "unique", args: [] }] : []),
    ...(method === undefined ? [] : [{ name: "using", args: [string(method)] }]),
    ...(where === undefined ? [] : [{ name: "where", args: [sqlCode(where, style)] }]),
    ...(include === undefined ? [] : [{ name: "include", args: include.map(style.column) }]),
    ...(nullsNotDistinct === true ? [{ name: "nullsNotDistinct", args: [] }] : []),
    ...(invisible === true ? [{ name: "invisible", args: [] }] : []),
    ...(comment === undefined ? [] : [{ name: "comment", args: [string(comment)] }]),
    ...(options === undefined ? [] : [{ name: "options", args: [data(options, style)] }]),
  ];
  const made = style.item(isByWord ? "uniqueIndex" : "index", named(name));
  return made.is === "chain" ? chain(made.head, [...made.calls, ...calls]) : chain(made, calls);
}

/** A constraint or index that stands beside the columns. */
export function itemCode(item: Constraint | Index, style: Style, targets: TargetsCode): Code {
  return "kind" in item
    ? constraintCode(CONSTRAINTS, item, style, targets)
    : indexCode(item, style);
}

/** The options of single databases that a table has: `sqlite: { strict: true }`. */
export function dialectOptions(table: Table, style: Style): ReturnType<typeof entriesOf> {
  return entriesOf(table.options ?? {}, style);
}
