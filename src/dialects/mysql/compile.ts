import type {
  CheckConstraint,
  Constraint,
  ForeignKey,
  Index,
  IndexElement,
  Options,
  Table,
} from "../../schema/types.ts";
import { indexesToSay } from "./implicit.ts";
import { qualifiedName } from "../../schema/collect.ts";
import type { Flavor } from "./flavor.ts";
import { columnList, expressionSql, quoteName, quoteTable, stringLiteral } from "./quote.ts";
import { wrap } from "./tokens.ts";
import { columnSql, engineAttributes } from "./compile-column.ts";
import { RevlineError } from "../../errors.ts";

function elementSql(element: IndexElement, flavor: Flavor): string {
  const order = element.order === "desc" ? " DESC" : "";
  if (element.column !== undefined) {
    return (
      quoteName(element.column) +
      (element.length === undefined ? "" : `(${String(element.length)})`) +
      order
    );
  }
  if (element.expression === undefined || !flavor.functionalIndexes) {
    throw new RevlineError("unsupported", `${flavor.label} has no indexes over expressions.`, {
      hint: "Add a generated column with the expression and an index over that column.",
    });
  }
  return wrap(expressionSql(element.expression, flavor)) + order;
}

function refuse(what: string, flavor: Flavor, hint: string): never {
  throw new RevlineError("unsupported", `${flavor.label} has no ${what}.`, { hint });
}

const KINDS: ReadonlySet<string> = new Set(["fulltext", "spatial"]);

/** `UNIQUE KEY `a` (…)`: an index inside CREATE TABLE; with ADD before it, inside ALTER TABLE. */
export function indexSql(index: Index, flavor: Flavor): string {
  if (index.where !== undefined)
    refuse(
      "partial indexes",
      flavor,
      "Leave out .where(…), or index a generated column that is NULL for the other rows.",
    );
  if (index.include !== undefined && index.include.length > 0)
    refuse("INCLUDE columns in indexes", flavor, "Make them columns of the index.");
  const method = index.method?.toLowerCase();
  const kind =
    method !== undefined && KINDS.has(method)
      ? `${method.toUpperCase()} `
      : index.unique === true
        ? "UNIQUE "
        : "";
  const { parser, withoutOverlaps } = index.options ?? {};
  return [
    `${kind}KEY`,
    ...(index.name === undefined ? [] : [quoteName(index.name)]),
    ...(method !== undefined && !KINDS.has(method) ? [`USING ${method.toUpperCase()}`] : []),
    `(${[...index.elements.map((element) => elementSql(element, flavor)), ...overPeriod(withoutOverlaps)].join(", ")})`,
    ...(parser === undefined ? [] : [`WITH PARSER ${String(parser)}`]),
    ...keyTail(index, flavor),
    ...(index.invisible === true ? [flavor.invisibleIndex] : []),
  ].join(" ");
}

/** What stands behind the parts of an index or primary key. */
function keyTail(
  { comment, options }: Pick<Index, "comment" | "options">,
  { mariadb }: Flavor,
): readonly string[] {
  const { keyBlockSize, engineAttribute, secondaryEngineAttribute } = options ?? {};
  return [
    ...(keyBlockSize === undefined ? [] : [`KEY_BLOCK_SIZE=${String(keyBlockSize)}`]),
    ...(comment === undefined ? [] : [`COMMENT ${stringLiteral(comment)}`]),
    ...(mariadb ? [] : engineAttributes({ engineAttribute, secondaryEngineAttribute })),
  ];
}

/** The last part of a key in which no two rows may say something of one time (MariaDB). */
function overPeriod(period: Options[string] | undefined): readonly string[] {
  return period === undefined ? [] : [`${quoteName(String(period))} WITHOUT OVERLAPS`];
}

/** A unique constraint is a unique index by another name here. */
export function indexOfUnique(constraint: Extract<Constraint, { readonly kind: "unique" }>): Index {
  const { name, comment, options } = constraint;
  const { invisible, method, ...rest } = options ?? {};
  return {
    ...(name === undefined ? {} : { name }),
    elements: constraint.columns.map((column) => ({ column })),
    unique: true,
    ...(typeof method === "string" ? { method } : {}),
    ...(invisible === true ? { invisible } : {}),
    ...(comment === undefined ? {} : { comment }),
    ...(Object.keys(rest).length === 0 ? {} : { options: rest }),
  };
}

function actions(key: ForeignKey): readonly string[] {
  const isDefault = (action: string | undefined): boolean =>
    action === undefined || action === "no action" || action === "restrict";
  return [
    ...(key.onDelete === undefined || isDefault(key.onDelete)
      ? []
      : [`ON DELETE ${key.onDelete.toUpperCase()}`]),
    ...(key.onUpdate === undefined || isDefault(key.onUpdate)
      ? []
      : [`ON UPDATE ${key.onUpdate.toUpperCase()}`]),
  ];
}

function foreignKeySql(key: ForeignKey, flavor: Flavor): string {
  if (key.deferrable === true) refuse("deferrable constraints", flavor, "Leave out deferrable.");
  if (key.match !== undefined) refuse("MATCH in foreign keys", flavor, "Leave out match.");
  if (key.onDelete === "set default" || key.onUpdate === "set default") {
    refuse(
      "SET DEFAULT in foreign keys (InnoDB)",
      flavor,
      'Use "set null", "cascade" or "restrict".',
    );
  }
  const name = key.name === undefined ? "" : `CONSTRAINT ${quoteName(key.name)} `;
  const { columns, ...target } = key.references;
  return [
    `${name}FOREIGN KEY ${columnList(key.columns)} REFERENCES ${quoteTable(target)} ${columnList(columns)}`,
    ...actions(key),
  ].join(" ");
}

export function checkSql(check: CheckConstraint, flavor: Flavor): string {
  if (check.notEnforced === true && !flavor.notEnforcedChecks)
    refuse("checks that are NOT ENFORCED", flavor, "Leave out notEnforced, or the check.");
  const name = check.name === undefined ? "" : `CONSTRAINT ${quoteName(check.name)} `;
  return `${name}CHECK ${wrap(expressionSql(check.expression, flavor))}${check.notEnforced === true ? " NOT ENFORCED" : ""}`;
}

const constraints: {
  readonly [K in Constraint["kind"]]: (
    constraint: Extract<Constraint, { readonly kind: K }>,
    flavor: Flavor,
  ) => string;
} = {
  primaryKey: (key, flavor) =>
    [
      "PRIMARY KEY",
      ...(key.options?.["method"] === undefined
        ? []
        : [`USING ${String(key.options["method"]).toUpperCase()}`]),
      keyParts(key.columns, key.options),
      ...keyTail(key, flavor),
    ].join(" "),
  unique: (constraint, flavor) => indexSql(indexOfUnique(constraint), flavor),
  foreignKey: foreignKeySql,
  check: checkSql,
  exclude: (_, flavor) =>
    refuse(
      "exclusion constraints",
      flavor,
      "Leave the constraint out of the models for this database.",
    ),
};

function keyParts(columns: readonly string[], options: Options | undefined): string {
  // PRIMARY KEY (a(10), b DESC): kept as options `length.a` and `order.b`
  const part = (column: string): string => {
    const length = options?.[`length.${column}`];
    const prefix = length === undefined ? "" : `(${String(length)})`;
    return `${quoteName(column)}${prefix}${options?.[`order.${column}`] === "desc" ? " DESC" : ""}`;
  };
  return `(${[...columns.map(part), ...overPeriod(options?.["withoutOverlaps"])].join(", ")})`;
}

function constraintRow<K extends Constraint["kind"]>(
  table: {
    readonly [P in K]: (
      constraint: Extract<Constraint, { readonly kind: P }>,
      flavor: Flavor,
    ) => string;
  },
  constraint: Extract<Constraint, { readonly kind: K }> & { readonly kind: K },
  flavor: Flavor,
): string {
  return table[constraint.kind](constraint, flavor);
}

/** A constraint inside CREATE TABLE; with ADD before it, inside ALTER TABLE. @throws RevlineError unsupported */
export function constraintSql(constraint: Constraint, flavor: Flavor): string {
  return constraintRow(constraints, constraint, flavor);
}

const OPTION_WORDS: Readonly<Record<string, string>> = {
  charset: "DEFAULT CHARACTER SET",
  collation: "COLLATE",
};
const QUOTED_OPTIONS =
  /^(?:COMPRESSION|ENCRYPTION|DATA_DIRECTORY|INDEX_DIRECTORY|CONNECTION|ENGINE_ATTRIBUTE|SECONDARY_ENGINE_ATTRIBUTE)$/;

function optionValue(word: string, value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "number") return String(value);
  if (word === "TABLESPACE") return quoteName(value);
  if (word === "UNION") return `(${value})`;
  return QUOTED_OPTIONS.test(word) || !/^\w+$/.test(value) ? stringLiteral(value) : value;
}

/** Options of a table that are no `WORD=value` of CREATE TABLE. */
export const OWN_CLAUSES: ReadonlySet<string> = new Set([
  "partitionBy",
  "systemVersioning",
  "systemPeriod",
  "period",
]);

/** `PERIOD FOR …` inside CREATE TABLE; with ADD before it, inside ALTER TABLE (MariaDB). */
export function periodSql(key: "systemPeriod" | "period", value: string): string {
  const [, name = "SYSTEM_TIME", columns = ""] =
    (key === "period" ? /^(.*?) \((.*)\)$/ : /^()(.*)$/).exec(value) ?? [];
  return `PERIOD FOR ${key === "period" ? quoteName(name) : "SYSTEM_TIME"} ${columnList(columns.split(", "))}`;
}

/** Options that an engine of MariaDB defines, and the server writes as they were given: in lower case, by custom. */
export function isEngineDefined(sql: string): boolean {
  return /^(?:PAGE_COMPRESS|ENCRYPTED|ENCRYPTION_KEY_ID|IETF_QUOTES)/i.test(sql);
}

/** `ROW_FORMAT` of `rowFormat`. */
export function wordOf(key: string): string {
  return key.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase();
}

/** `ENGINE=InnoDB ROW_FORMAT=…`; the keys are camel case of MySQL's words. */
export function tableOptions(given: Options): readonly string[] {
  const options = Object.entries(given).filter(([key]) => !OWN_CLAUSES.has(key));
  return options.map(([key, value]) => {
    const known = OPTION_WORDS[key];
    if (known !== undefined) return `${known} ${String(value)}`;
    const word = wordOf(key);
    const spelled = isEngineDefined(word) ? word.toLowerCase() : word;
    return `${spelled.replace(/_DIRECTORY$/, " DIRECTORY")}=${optionValue(word, value)}`;
  });
}

/** The options of a table for this flavour: MariaDB reads MySQL's, its own win. */
export function optionsFor(table: Pick<Table, "options">, flavor: Flavor): Options {
  const { mysql = {}, mariadb = {} } = table.options ?? {};
  return flavor.mariadb ? { ...mysql, ...mariadb } : mysql;
}

/** CREATE TABLE with all that belongs to the table. @throws RevlineError unsupported, model-invalid, name-too-long */
export function createTableSql(table: Table, flavor: Flavor, temporary = false): string {
  if (table.columns.length === 0) {
    throw new RevlineError("model-invalid", `Table "${qualifiedName(table)}" has no columns.`, {
      hint: `${flavor.label} needs at least one.`,
    });
  }
  const given = optionsFor(table, flavor);
  const { partitionBy, systemVersioning, systemPeriod, period } = given;
  const periods = [
    ...(systemPeriod === undefined ? [] : [periodSql("systemPeriod", String(systemPeriod))]),
    ...(period === undefined ? [] : [periodSql("period", String(period))]),
  ];
  const lines = [
    ...table.columns.map((column) => columnSql(column, flavor)),
    ...(flavor.mariadb ? periods : []),
    ...table.constraints.map((constraint) => constraintSql(constraint, flavor)),
    ...[...indexesToSay(table, flavor), ...table.indexes].map((index) => indexSql(index, flavor)),
  ];
  const start = table.columns.find((column) => column.identity?.start !== undefined)?.identity
    ?.start;
  const options = [
    ...tableOptions(given),
    ...(start === undefined ? [] : [`AUTO_INCREMENT=${String(start)}`]),
    ...(table.comment === undefined ? [] : [`COMMENT=${stringLiteral(table.comment)}`]),
    ...(systemVersioning === true && flavor.mariadb ? ["WITH SYSTEM VERSIONING"] : []),
    ...(partitionBy === undefined ? [] : [`\nPARTITION BY ${String(partitionBy)}`]),
  ];
  return `CREATE ${temporary ? "TEMPORARY " : ""}TABLE ${quoteTable(table)} (\n  ${lines.join(",\n  ")}\n)${options.length === 0 ? "" : ` ${options.join(" ")}`}`;
}
