import type {
  CheckConstraint,
  Column,
  Constraint,
  ForeignKey,
  Index,
  IndexElement,
  Options,
  ServerDefault,
  Table,
} from "../../schema/types.ts";
import { qualifiedName } from "../../schema/collect.ts";
import { columnFor } from "../ddl.ts";
import type { Flavor } from "./flavor.ts";
import {
  columnList,
  expressionSql,
  literal,
  quoteName,
  quoteTable,
  stringLiteral,
} from "./quote.ts";
import { currentTimestamp } from "./now.ts";
import { tokenize, unwrap, wrap } from "./tokens.ts";
import { compileType } from "./types.ts";
import { RevlineError } from "../../errors.ts";

/** Types whose default MySQL takes as an expression only (8.0.13). */
export const isLarge = (type: string): boolean =>
  /^(?:(?:tiny|medium|long)?(?:text|blob)|json|geometry|point|linestring|polygon|multi\w+|geometrycollection)\b/.test(
    type,
  );

function isLiteral(sql: string): boolean {
  const tokens = tokenize(sql);
  const [first, second] = tokens;
  if (tokens.length === 1)
    return (
      first?.kind === "string" ||
      first?.kind === "number" ||
      /^(?:null|true|false)$/i.test(first?.value ?? "")
    );
  if (tokens.length !== 2) return false;
  const isSigned = first?.value === "-" && second?.kind === "number";
  return (
    isSigned ||
    (first?.kind === "word" &&
      /^[bx]$/i.test(first.value) &&
      second?.kind === "string" &&
      first.end === second.start)
  );
}

/** `DEFAULT …`: a literal, CURRENT_TIMESTAMP, or an expression in its parentheses. */
function defaultSql(given: ServerDefault, type: string, flavor: Flavor): string {
  const asExpression = isLarge(type) && !flavor.literalBlobDefaults;
  if ("value" in given) {
    const { value } = given;
    if (/^bit\b/.test(type) && typeof value !== "string") return `b'${BigInt(value).toString(2)}'`;
    const plain = literal(typeof value === "boolean" ? Number(value) : value);
    return asExpression ? `(${plain})` : plain;
  }
  const sql = expressionSql(given.expression, flavor).trim();
  const now = currentTimestamp(sql);
  if (now !== undefined && /^(?:timestamp|datetime)\b/.test(type))
    return precise(now, type, flavor);
  return isLiteral(sql) && !asExpression ? sql : wrap(sql);
}

/** MySQL wants CURRENT_TIMESTAMP with the precision of its column; a bare one takes it. */
function precise(now: string, type: string, flavor: Flavor): string {
  const digits = /^\w+\((\d)\)/.exec(type)?.[1];
  return digits === undefined || flavor.mariadb || now !== "CURRENT_TIMESTAMP"
    ? now
    : `${now}(${digits})`;
}

function onUpdateSql(column: Column, type: string, flavor: Flavor): readonly string[] {
  if (column.onUpdate === undefined) return [];
  const sql = expressionSql(column.onUpdate, flavor);
  const now = currentTimestamp(sql);
  return [`ON UPDATE ${now === undefined ? sql : precise(now, type, flavor)}`];
}

function charsetSql(column: Column): readonly string[] {
  const charset = "charset" in column.type ? column.type.charset : undefined;
  return [
    ...(charset === undefined ? [] : [`CHARACTER SET ${charset}`]),
    ...(column.collation === undefined ? [] : [`COLLATE ${column.collation}`]),
  ];
}

/** A column's whole definition behind its name: what CREATE TABLE, ADD, MODIFY and CHANGE all take. */
export function columnDefinition(given: Column, flavor: Flavor): string {
  const column = columnFor(given, flavor.name);
  const type = compileType(column.type, flavor);
  const { computed, comment } = column;
  const check = column.options?.["check"];
  const nullability = column.nullable ? (/^timestamp\b/.test(type) ? ["NULL"] : []) : ["NOT NULL"];
  return [
    type,
    ...charsetSql(column),
    ...(computed === undefined
      ? []
      : [
          `GENERATED ALWAYS AS ${wrap(expressionSql(computed.expression, flavor))} ${computed.stored ? "STORED" : "VIRTUAL"}`,
        ]),
    ...(computed === undefined
      ? nullability
      : flavor.notNullGenerated && !column.nullable
        ? ["NOT NULL"]
        : []),
    ...(column.default === undefined || computed !== undefined
      ? []
      : [`DEFAULT ${defaultSql(column.default, type, flavor)}`]),
    ...(computed === undefined ? onUpdateSql(column, type, flavor) : []),
    ...(column.identity === undefined ? [] : ["AUTO_INCREMENT"]),
    ...(column.invisible === true ? ["INVISIBLE"] : []),
    ...(comment === undefined ? [] : [`COMMENT ${stringLiteral(comment)}`]),
    ...(check === undefined || !flavor.mariadb ? [] : [`CHECK (${unwrap(String(check))})`]),
  ].join(" ");
}

export function columnSql(column: Column, flavor: Flavor): string {
  return `${quoteName(column.name)} ${columnDefinition(column, flavor)}`;
}

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
  const { parser, keyBlockSize } = index.options ?? {};
  return [
    `${kind}KEY`,
    ...(index.name === undefined ? [] : [quoteName(index.name)]),
    ...(method !== undefined && !KINDS.has(method) ? [`USING ${method.toUpperCase()}`] : []),
    `(${index.elements.map((element) => elementSql(element, flavor)).join(", ")})`,
    ...(keyBlockSize === undefined ? [] : [`KEY_BLOCK_SIZE=${String(keyBlockSize)}`]),
    ...(parser === undefined ? [] : [`WITH PARSER ${String(parser)}`]),
    ...(index.comment === undefined ? [] : [`COMMENT ${stringLiteral(index.comment)}`]),
    ...(index.invisible === true ? [flavor.invisibleIndex] : []),
  ].join(" ");
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
  primaryKey: ({ columns, options }) =>
    `PRIMARY KEY ${options?.["method"] === undefined ? "" : `USING ${String(options["method"]).toUpperCase()} `}${keyParts(columns, options)}`,
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
  // a key over a prefix: PRIMARY KEY (a(10)); its length is kept as option `length.a`
  const part = (column: string): string => {
    const length = options?.[`length.${column}`];
    return quoteName(column) + (length === undefined ? "" : `(${String(length)})`);
  };
  return `(${columns.map(part).join(", ")})`;
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
  return QUOTED_OPTIONS.test(word) || !/^\w+$/.test(value) ? stringLiteral(value) : value;
}

/** `ENGINE=InnoDB ROW_FORMAT=…`; the keys are camel case of MySQL's words. */
export function tableOptions(options: Options): readonly string[] {
  return Object.entries(options).map(([key, value]) => {
    const known = OPTION_WORDS[key];
    if (known !== undefined) return `${known} ${String(value)}`;
    const word = key.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase();
    return `${word.replace(/_DIRECTORY$/, " DIRECTORY")}=${optionValue(word, value)}`;
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
  const lines = [
    ...table.columns.map((column) => columnSql(column, flavor)),
    ...table.constraints.map((constraint) => constraintSql(constraint, flavor)),
    ...table.indexes.map((index) => indexSql(index, flavor)),
  ];
  const start = table.columns.find((column) => column.identity?.start !== undefined)?.identity
    ?.start;
  const options = [
    ...tableOptions(optionsFor(table, flavor)),
    ...(start === undefined ? [] : [`AUTO_INCREMENT=${String(start)}`]),
    ...(table.comment === undefined ? [] : [`COMMENT=${stringLiteral(table.comment)}`]),
  ];
  return `CREATE ${temporary ? "TEMPORARY " : ""}TABLE ${quoteTable(table)} (\n  ${lines.join(",\n  ")}\n)${options.length === 0 ? "" : ` ${options.join(" ")}`}`;
}
