import {
  expression,
  sql,
  text,
  type ColumnType,
  type Expression,
  type ServerDefault,
} from "../../../src/schema/index.ts";
import type { Choices } from "./choices.ts";
import { isMysql, type Kind } from "./kinds.ts";
import { familyOf, type Family } from "./types.ts";

const STRINGS = [
  "a",
  "",
  "it's",
  "back\\slash",
  "NULL",
  "CURRENT_TIMESTAMP",
  "1",
  "true",
  "%s ${x} $1 ?",
  "/* -- */",
  "'quoted'",
  '"dq"',
  "größe",
  "日本",
  "a\nb",
  "tab\t",
  "trailing ",
  "b'1'",
  "x'00'",
  "()",
  "::text",
  "0",
  "\\",
  "''",
  "`",
  "nextval('x')",
  "1.0",
  "null",
  "\\n",
  "😀",
] as const;

const quoted = (value: string, kind: Kind): string =>
  `'${(isMysql(kind) ? value.replaceAll("\\", "\\\\") : value).replaceAll("'", "''")}'`;

const size = (type: ColumnType): number =>
  "length" in type ? (type.length ?? 1000) : type.name === "char" ? 1 : 1000;

type Default = (choices: Choices, type: ColumnType, kind: Kind) => ServerDefault | undefined;
const sqlText = (value: string): ServerDefault => ({ expression: text(value) });

function decimalValue(choices: Choices, type: ColumnType): ServerDefault {
  const scale =
    "scale" in type
      ? (type.scale ?? 0)
      : "precision" in type && type.precision !== undefined
        ? 0
        : 2;
  const signed = !("unsigned" in type && type.unsigned === true);
  if (scale === 0)
    return { value: choices.one<number | string>([0, 1, signed ? -7 : 7, "12", 42]) };
  return {
    value: choices.one<number | string>([0, 1.5, "1.50", signed ? -0.25 : 0.25, "0.00", "3", 10]),
  };
}

function moment(choices: Choices, type: ColumnType, kind: Kind): ServerDefault {
  const digits = "precision" in type ? type.precision : undefined;
  const now =
    isMysql(kind) && digits !== undefined && digits > 0
      ? `CURRENT_TIMESTAMP(${String(digits)})`
      : "CURRENT_TIMESTAMP";
  if (choices.chance(50))
    return sqlText(kind === "postgresql" && choices.chance(50) ? "now()" : now);
  return { value: "2020-01-02 03:04:05" };
}

function stringValue(choices: Choices, type: ColumnType, kind: Kind): ServerDefault | undefined {
  const latin = "charset" in type && type.charset === "latin1";
  const beyond = latin ? /[^\u0000-\u00ff]/u : isMysql(kind) ? /[^\u0000-\uffff]/u : /^$(?=.)/u;
  const fits = STRINGS.filter((value) => [...value].length <= size(type) && !beyond.test(value));
  if (choices.chance(20))
    return sqlText(
      choices.one([
        "(lower('A'))",
        isMysql(kind) ? "('x')" : "'x'",
        size(type) < 2 ? "('z')" : isMysql(kind) ? "(concat('a','b'))" : "('a' || 'b')",
      ]),
    );
  const value = choices.pick(fits) ?? "";
  const long = isMysql(kind) && ["text", "tinytext", "mediumtext", "longtext"].includes(type.name);
  // a literal default of a long type is an expression to MySQL
  return long ? sqlText(`(${quoted(value, kind)})`) : { value };
}

const DEFAULTS: Partial<Record<Family, Default>> = {
  int: (c, type, kind) => {
    const unsigned = "unsigned" in type && type.unsigned === true;
    if (c.chance(15))
      return sqlText(
        kind === "postgresql"
          ? c.one(["(1 + 2)", "floor(4.5)::integer", "'7'::integer"])
          : "(1 + 2)",
      );
    if (type.name === "bigint" && c.chance(20)) return { value: 9007199254740993n };
    return { value: unsigned ? c.one([0, 1, 42, 100]) : c.one([0, 1, -1, 42, -100]) };
  },
  decimal: decimalValue,
  float: (c) => ({ value: c.one([0, 1.5, -0.25, 100000]) }),
  string: stringValue,
  bool: (c) => ({ value: c.chance(50) }),
  date: (c, _type, kind) =>
    c.chance(30) && !isMysql(kind) ? sqlText("CURRENT_DATE") : { value: "2020-01-02" },
  time: (_c, type) => ({ value: "tz" in type ? "03:04:05+00" : "03:04:05" }),
  timestamp: moment,
  timestamptz: moment,
  interval: (_c, type) => ({
    value: "fields" in type && type.fields === "year" ? "2 years" : "1 day 02:00:00",
  }),
  uuid: (c, _type, kind) =>
    c.chance(40) && kind !== "sqlite"
      ? sqlText(kind === "postgresql" ? "gen_random_uuid()" : "(uuid())")
      : { value: "00000000-0000-0000-0000-0000000000ff" },
  json: (c, type, kind) => {
    if (isMysql(kind)) return sqlText(c.one(["(json_array())", "(json_object('a', 1))"]));
    if (kind === "postgresql" && c.chance(40)) return sqlText(`'{"a": 1}'::${type.name}`);
    return { value: c.one(["{}", "[1, 2]", '{"it\'s": "\\"x\\""}']) };
  },
  enum: (c, type) => ("values" in type ? { value: c.pick(type.values) ?? "one" } : undefined),
  set: (c) => ({ value: c.one(["one", "one,two", ""]) }),
  array: (c, type) =>
    type.name === "array" && type.element.name === "integer" && c.chance(40)
      ? sqlText("ARRAY[1, 2]")
      : { value: "{}" },
  bit: (_c, type, kind) => {
    const bits = "length" in type && type.length !== undefined ? type.length : 1;
    return kind === "postgresql" ? sqlText(`B'${"1".padStart(bits, "0")}'`) : sqlText("b'1'");
  },
  binary: (c, type, kind) => {
    if (kind === "postgresql") return { value: "\\x00ff" };
    if (kind === "sqlite") return sqlText(c.one(["x'00ff'", "X'AB'"]));
    return type.name === "varbinary" ? { value: c.one(["abc", "it's", ""]) } : undefined;
  },
  range: () => ({ value: "[1,5)" }),
};

/** A default for a column of the type, or none where the type takes none. */
export function someDefault(
  choices: Choices,
  kind: Kind,
  type: ColumnType,
): ServerDefault | undefined {
  return DEFAULTS[familyOf(type)]?.(choices, type, kind);
}

const ident = (name: string): Expression => sql.identifier(name);
/** SQL with `$c` for the column. */
function about(column: string, template: string): Expression {
  const pieces = template.split("$c");
  return expression(
    pieces.flatMap((piece, at) => (at === 0 ? [piece] : [...ident(column).parts, piece])),
  );
}

const CHECKS: Partial<Record<Family, readonly [string, ...string[]]>> = {
  int: [
    "$c <> 77",
    "$c > -99999",
    "$c NOT IN (77, 78)",
    "$c <> 77 AND ($c < 1000000000 OR $c > 5)",
    "$c BETWEEN -99999 AND 9223372036854775807",
    "$c + 0 <> 77",
    "NOT ($c = 77)",
    "CASE WHEN $c = 77 THEN 0 ELSE 1 END = 1",
  ],
  decimal: ["$c <> 77", "$c > -99999.5", "$c != 77.25", "abs($c) >= 0"],
  float: ["$c > -99999", "$c <> 77.5"],
  string: [
    "length($c) >= 0",
    "$c <> 'zz''q'",
    "$c NOT IN ('zz', 'yy')",
    "$c NOT LIKE 'q%z'",
    "$c <> 'ß日'",
    "coalesce($c, 'x') <> 'zzz'",
    "lower($c) <> 'zzz' OR $c IS NULL",
    "upper($c) <> '  Two  Spaces'",
  ],
  date: ["$c > '1900-01-01'", "$c IS NULL OR $c <> '1999-09-09'"],
  timestamp: ["$c > '1900-01-01 00:00:00'"],
  bool: ["$c IS NOT NULL OR $c IS NULL", "$c OR NOT $c"],
};

/** A condition that every value of the laws meets. */
export function someCheck(
  choices: Choices,
  kind: Kind,
  column: string,
  type: ColumnType,
): Expression {
  const latin = "charset" in type && type.charset === "latin1";
  const known = (CHECKS[familyOf(type)] ?? ["$c IS NULL OR $c IS NOT NULL"]).filter(
    (item) => !latin || !item.includes("日"),
  );
  // an integer literal that a PostgreSQL smallint is compared with is a bigint: that is one of the traps
  const chosen = choices.pick(known) ?? "$c IS NULL OR $c IS NOT NULL";
  return about(column, isMysql(kind) && chosen.includes("CASE") ? "$c <> 79" : chosen);
}

const COMPUTED: Partial<
  Record<Family, readonly { readonly type: ColumnType; readonly text: string }[]>
> = {
  int: [
    { type: { name: "bigint" }, text: "$c + 1" },
    { type: { name: "numeric", precision: 20, scale: 2 }, text: "$c * 2" },
    { type: { name: "bigint" }, text: "coalesce($c, 0) - 3" },
  ],
  string: [
    { type: { name: "varchar", length: 255 }, text: "lower($c)" },
    { type: { name: "integer" }, text: "length($c)" },
    { type: { name: "varchar", length: 255 }, text: "replace($c, 'it''s', 'x')" },
  ],
  decimal: [{ type: { name: "numeric", precision: 20, scale: 2 }, text: "$c + 1.5" }],
};

/** An expression that a generated column may have, with its type. */
export function someComputed(
  choices: Choices,
  column: string,
  type: ColumnType,
): { type: ColumnType; expression: Expression } | undefined {
  const found = choices.pick(COMPUTED[familyOf(type)] ?? []);
  return found === undefined
    ? undefined
    : { type: found.type, expression: about(column, found.text) };
}

/** An expression for an index. */
export function someIndexExpression(
  choices: Choices,
  kind: Kind,
  column: string,
  type: ColumnType,
): Expression | undefined {
  const family = familyOf(type);
  const outer = isMysql(kind) ? "($t)" : "$t";
  const wrap = (inner: string): Expression => about(column, outer.replace("$t", inner));
  if (family === "string") return wrap(choices.one(["lower($c)", "upper($c)"]));
  if (family === "int") return wrap(choices.one(["$c + 1", "abs($c)"]));
  return undefined;
}

/** A condition for a partial index. */
export function somePredicate(choices: Choices, column: string, type: ColumnType): Expression {
  const family = familyOf(type);
  if (family === "int" && choices.chance(50))
    return about(column, choices.one(["$c > 5", "$c IN (1, 2)", "$c IS NOT NULL AND $c <> 3"]));
  if (family === "string" && choices.chance(50))
    return about(column, choices.one(["$c <> 'x'", "$c LIKE 'a%'"]));
  if (family === "bool" && choices.chance(50)) return about(column, "NOT $c");
  return about(column, "$c IS NOT NULL");
}

function temporal(family: Family, at: number): string | undefined {
  const day = `2001-01-0${String(at + 1)}`;
  if (family === "date") return `'${day}'`;
  if (family === "timestamp") return `'${day} 00:00:00'`;
  if (family === "timestamptz") return `'${day} 00:00:00'`;
  return family === "time" ? `'01:00:0${String(at + 1)}'` : undefined;
}

const OTHER: Readonly<Record<string, (at: number) => string>> = {
  inet: (at) => `'10.0.0.${String(at + 1)}'`,
  cidr: (at) => `'10.0.${String(at + 1)}.0/24'`,
  macaddr: (at) => `'08:00:2b:01:02:0${String(at + 1)}'`,
  tsvector: (at) => `'w${String(at)}'`,
  money: (at) => `'${String(at + 1)}.00'`,
  xml: (at) => `'<a>${String(at)}</a>'`,
  oid: (at) => String(at + 1),
};

/** The value of row `at` (0 or 1), as SQL: the same for equal types, so that foreign keys match. */
export function rowLiteral(kind: Kind, type: ColumnType, at: number): string {
  const family = familyOf(type);
  const count = String(at + 1);
  if (type.name === "raw" && type.sql === "point")
    return isMysql(kind) ? `ST_GeomFromText('POINT(${count} 1)')` : `'(${count},1)'`;
  if (type.name === "raw" && type.sql.endsWith("[]")) return `'{${count}}'`;
  if (type.name === "raw" && OTHER[type.sql] !== undefined) return OTHER[type.sql]?.(at) ?? count;
  if (type.name === "year") return `20${count.padStart(2, "0")}`;
  if (type.name === "bit" || type.name === "varbit") {
    const bits = String(at).padStart(type.length ?? 1, "0");
    return `b'${bits}'`;
  }
  if (type.name === "array")
    return type.element.name === "enum"
      ? `ARRAY[${rowLiteral(kind, type.element, at)}]::text[]`
      : `'{${type.element.name === "uuid" ? uuid(at) : count}}'`;
  if (type.name === "enum" || type.name === "set") return quoted(type.values[at] ?? "one", kind);
  if (family === "range") return `'[${count}0,${count}5)'`;
  if (family === "interval") return `'${count} years'`;
  if (family === "uuid") return `'${uuid(at)}'`;
  if (family === "json") return `'{"a": ${count}}'`;
  if (family === "bool") return kind === "postgresql" ? String(at === 1) : String(at);
  if (family === "binary") return kind === "postgresql" ? `'\\x3${count}'` : `x'3${count}'`;
  return temporal(family, at) ?? (family === "string" ? `'${count}'` : count);
}

function uuid(at: number): string {
  return `00000000-0000-0000-0000-00000000000${String(at + 1)}`;
}
