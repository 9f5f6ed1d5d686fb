import type { CreateTable } from "../operations/operation.ts";
import { partsFor, type Expression, type SqlValue } from "../schema/expression.ts";
import type { Column, DialectName } from "../schema/types.ts";
import type { Statement } from "./contract.ts";

/** How one database writes names and values into SQL text. */
export interface Spelling {
  /** Quotes a name, or a dotted path of names. */
  quote(...names: readonly string[]): string;
  literal(value: SqlValue): string;
}

/** An expression as SQL text: names quoted, values as literals. For DDL, where no parameters may stand. */
export function renderExpression(
  expression: Expression,
  dialect: DialectName,
  spelling: Spelling,
): string {
  return partsFor(expression, dialect)
    .map((part) => {
      if (typeof part === "string") return part;
      return "identifier" in part
        ? spelling.quote(...part.identifier)
        : spelling.literal(part.value);
    })
    .join("");
}

/**
 * An expression as a statement: names quoted, values as parameters.
 *
 * @param placeholder the text that stands for the parameter at a place, counted from 1
 */
export function renderStatement(
  expression: Expression,
  dialect: DialectName,
  quote: Spelling["quote"],
  placeholder: (position: number) => string,
): Statement {
  const params: SqlValue[] = [];
  const sql = partsFor(expression, dialect)
    .map((part) => {
      if (typeof part === "string") return part;
      if ("identifier" in part) return quote(...part.identifier);
      params.push(part.value);
      return placeholder(params.length);
    })
    .join("");
  return params.length === 0 ? { sql } : { sql, params };
}

/** Our own `CREATE TABLE`, `DROP INDEX` and the like with a condition in its place. */
export function withCondition(sql: string, condition: "IF EXISTS" | "IF NOT EXISTS"): string {
  return sql.replace(
    /^(?:CREATE|DROP) (?:UNIQUE |UNLOGGED )?(?:TABLE|INDEX) (?:CONCURRENTLY )?/,
    (head) => `${head}${condition} `,
  );
}

/** Our own `CREATE TABLE` with what an operation says beside the table. */
export function createdAs(
  sql: string,
  { ifNotExists, prefix, suffix }: Pick<CreateTable, "ifNotExists" | "prefix" | "suffix">,
  render: (expression: Expression) => string,
): string {
  const conditional = ifNotExists === true ? withCondition(sql, "IF NOT EXISTS") : sql;
  const prefixed =
    prefix === undefined ? conditional : conditional.replace(/^CREATE /, () => `CREATE ${prefix} `);
  return suffix === undefined ? prefixed : `${prefixed} ${render(suffix)}`;
}

/** SQL texts as statements without parameters. */
export function statements(texts: readonly string[]): readonly Statement[] {
  return texts.map((sql) => ({ sql }));
}

/** Names in parentheses: `("a", "b")`. */
export function columnList(names: readonly string[], quote: Spelling["quote"]): string {
  return `(${names.map((name) => quote(name)).join(", ")})`;
}

/** Placeholders in parentheses, counted from `first`: `(?, ?)`, `($1, $2)`. */
export function placeholders(
  count: number,
  placeholder: (position: number) => string,
  first = 1,
): string {
  return `(${Array.from({ length: count }, (_, at) => placeholder(first + at)).join(", ")})`;
}

/** The column as one database has it: its variant put in, the variants taken out. MariaDB falls back to MySQL's. */
export function columnFor(column: Column, dialect: DialectName): Column {
  if (column.variants === undefined) return column;
  const { variants, ...plain } = column;
  const variant = variants[dialect] ?? (dialect === "mariadb" ? variants.mysql : undefined);
  if (variant === undefined) return plain;
  const {
    default: plainDefault,
    collation: plainCollation,
    computed: plainComputed,
    ...rest
  } = plain;
  const chosen = {
    default: variant.default === undefined ? plainDefault : variant.default,
    collation: variant.collation === undefined ? plainCollation : variant.collation,
    computed: variant.computed === undefined ? plainComputed : variant.computed,
  };
  return {
    ...rest,
    ...(variant.type === undefined ? {} : { type: variant.type }),
    ...(chosen.default ? { default: chosen.default } : {}),
    ...(chosen.collation ? { collation: chosen.collation } : {}),
    ...(chosen.computed ? { computed: chosen.computed } : {}),
  };
}
