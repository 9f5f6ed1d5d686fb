import type { Column, Options, ServerDefault } from "../../schema/types.ts";
import { columnFor } from "../ddl.ts";
import type { Flavor } from "./flavor.ts";
import { expressionSql, literal, quoteName, stringLiteral } from "./quote.ts";
import { currentTimestamp } from "./now.ts";
import { tokenize, unwrap, wrap } from "./tokens.ts";
import { compileType } from "./types.ts";

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

/** How the column comes by its values: computed, or its default and what an update sets. */
function valueSql(column: Column, type: string, flavor: Flavor): readonly string[] {
  const { computed, nullable, default: value } = column;
  if (computed !== undefined) {
    const kept = computed.stored ? "STORED" : "VIRTUAL";
    return [
      `GENERATED ALWAYS AS ${wrap(expressionSql(computed.expression, flavor))} ${kept}`,
      ...(flavor.notNullGenerated && !nullable ? ["NOT NULL"] : []),
    ];
  }
  return [
    ...(nullable ? (/^timestamp\b/.test(type) ? ["NULL"] : []) : ["NOT NULL"]),
    ...(value === undefined ? [] : [`DEFAULT ${defaultSql(value, type, flavor)}`]),
    ...onUpdateSql(column, type, flavor),
  ];
}

/** Settings for engines of a table's parts (MySQL 8.0.21). */
export function engineAttributes({
  engineAttribute: own,
  secondaryEngineAttribute: secondary,
}: Readonly<Record<string, Options[string] | undefined>>): readonly string[] {
  return [
    ...(own === undefined ? [] : [`ENGINE_ATTRIBUTE ${stringLiteral(String(own))}`]),
    ...(secondary === undefined
      ? []
      : [`SECONDARY_ENGINE_ATTRIBUTE ${stringLiteral(String(secondary))}`]),
  ];
}

/** What only one of the two servers knows of a column, behind its type and at its end. */
function ownWords(
  column: Column,
  { mariadb }: Flavor,
): { readonly first: readonly string[]; readonly last: readonly string[] } {
  const options = column.options ?? {};
  const { check, compressed, systemVersioning, secondary, columnFormat, storage } = options;
  const charset = charsetSql(column);
  if (!mariadb) {
    return {
      first: [...charset, ...(secondary === false ? ["NOT SECONDARY"] : [])],
      last: [
        ...(columnFormat === undefined ? [] : [`COLUMN_FORMAT ${String(columnFormat)}`]),
        ...(storage === undefined ? [] : [`STORAGE ${String(storage)}`]),
        ...engineAttributes(options),
      ],
    };
  }
  return {
    first: [...(compressed === true ? ["COMPRESSED"] : []), ...charset],
    last: [
      ...(systemVersioning === false ? ["WITHOUT SYSTEM VERSIONING"] : []),
      ...(check === undefined ? [] : [`CHECK (${unwrap(String(check))})`]),
    ],
  };
}

/** A column's whole definition behind its name: what CREATE TABLE, ADD, MODIFY and CHANGE all take. */
export function columnDefinition(given: Column, flavor: Flavor): string {
  const column = columnFor(given, flavor.name);
  const type = compileType(column.type, flavor);
  const row = column.options?.["row"];
  if (row !== undefined && flavor.mariadb) return rowBoundary(column, type, String(row));
  const { first, last } = ownWords(column, flavor);
  return [
    type,
    ...first,
    ...valueSql(column, type, flavor),
    ...(column.identity === undefined ? [] : ["AUTO_INCREMENT"]),
    ...(column.invisible === true ? ["INVISIBLE"] : []),
    ...(column.comment === undefined ? [] : [`COMMENT ${stringLiteral(column.comment)}`]),
    ...last,
  ].join(" ");
}

/** When a row of a table with system versioning began or ended to be (MariaDB). */
function rowBoundary({ invisible, comment }: Column, type: string, row: string): string {
  return [
    `${type} GENERATED ALWAYS AS ROW ${row.toUpperCase()}`,
    ...(invisible === true ? ["INVISIBLE"] : []),
    ...(comment === undefined ? [] : [`COMMENT ${stringLiteral(comment)}`]),
  ].join(" ");
}

export function columnSql(column: Column, flavor: Flavor): string {
  return `${quoteName(column.name)} ${columnDefinition(column, flavor)}`;
}
