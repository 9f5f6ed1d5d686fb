import {
  expression,
  sql,
  type ColumnType,
  type Expression,
  type SqlPart,
} from "../../../src/schema/index.ts";
import type { Choices } from "./choices.ts";
import type { Kind } from "./kinds.ts";
import { familyOf, isKeyable } from "./types.ts";

/** A column that a query can name. */
export interface SourceColumn {
  /** The name it has on both sides of a pair, whatever it is called on this one. */
  readonly key: string;
  readonly name: string;
  readonly type: ColumnType;
}

/** A table or view that a query can read. */
export interface Source {
  readonly key: string;
  readonly path: readonly string[];
  readonly columns: readonly SourceColumn[];
  /** What `*` lists: an invisible column is named or left out. */
  readonly visible: readonly SourceColumn[];
  /** False where a column may be made anew, and then comes last: `*` would list it there. */
  readonly keepsOrder: boolean;
  /** What is written to it goes to one table. */
  readonly updatable: boolean;
  /** False where a materialised view below holds nothing yet, so that nothing can be read. */
  readonly populated: boolean;
}

/** A query with the columns that it gives. */
export interface Query {
  readonly query: Expression;
  readonly columns: readonly SourceColumn[];
  /** What is written to it goes to the one table below. */
  readonly updatable: boolean;
  /** False where it reads what holds nothing yet. */
  readonly populated: boolean;
}

/** Decides by the key alone, so that the other columns may come and go. */
function weight(key: string, salt: number): number {
  return [...key].reduce(
    (sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973,
    salt % 9973,
  );
}

export function pickBy<T extends { readonly key: string }>(
  salt: number,
  items: readonly T[],
): T | undefined {
  return items.toSorted((a, b) => weight(a.key, salt) - weight(b.key, salt))[0];
}

function someBy<T extends { readonly key: string }>(
  salt: number,
  items: readonly T[],
): readonly T[] {
  const chosen = items.filter(({ key }) => weight(key, salt) % 2 === 1);
  return chosen.length === 0 ? items.slice(0, 1) : chosen;
}

const listed = (items: readonly Expression[]): Expression =>
  expression(
    items.flatMap(({ parts }, at): readonly SqlPart[] => [at === 0 ? "" : ", ", ...parts]),
  );
const name = ({ name: own }: SourceColumn): Expression => sql.identifier(own);
const path = (source: Source): Expression => sql.identifier(...source.path);

/** A name for one more column. */
function freshOf(wanted: string, columns: readonly SourceColumn[]): string {
  return columns.some((column) => column.name === wanted)
    ? freshOf(`${wanted}_2`, columns)
    : wanted;
}

/** The columns of one source, or all that it has, or those that hold something. */
function plainQuery(shape: number, salt: number, source: Source): Query {
  const from = sql` FROM ${path(source)}`;
  const { updatable, populated } = source;
  if (shape === 0)
    return { query: sql`SELECT *${from}`, columns: source.visible, updatable, populated };
  const columns = someBy(salt, source.columns);
  const list = listed(columns.map(name));
  const filter = pickBy(salt, columns);
  const where =
    shape === 1 && filter !== undefined ? sql` WHERE ${name(filter)} IS NOT NULL` : sql``;
  return { query: sql`SELECT ${list}${from}${where}`, columns, updatable, populated };
}

/** Something computed of a column; the column where its type knows nothing of the kind. */
function computedOf(salt: number, column: SourceColumn): readonly [Expression, ColumnType] {
  const own = name(column);
  const family = familyOf(column.type);
  const choices: readonly (readonly [Expression, ColumnType])[] =
    family === "string"
      ? [
          [sql`lower(${own})`, { name: "text" }],
          [sql`coalesce(${own}, ${"it's"})`, column.type],
          [sql`CASE WHEN ${own} = ${"x"} THEN 1 ELSE 2 END`, { name: "integer" }],
          [sql`${own} || ${"-"} || ${own}`, { name: "text" }],
        ]
      : family === "int"
        ? [
            [sql`${own} + 1`, column.type],
            [sql`coalesce(${own}, 0)`, column.type],
            [sql`${own} > 5`, { name: "boolean" }],
          ]
        : [
            [sql`${own} IS NULL`, { name: "boolean" }],
            [sql`coalesce(${own}, ${own})`, column.type],
          ];
  return choices[salt % choices.length] ?? [own, column.type];
}

function computedQuery(salt: number, source: Source): Query {
  const columns = someBy(salt, source.columns);
  const chosen = columns.map((column, at) => {
    const [value, type] = computedOf(salt + at, column);
    return {
      value: sql`${value} AS ${sql.identifier(`v${String(at)}`)}`,
      column: { key: `v${String(at)}`, name: `v${String(at)}`, type },
    };
  });
  return {
    query: sql`SELECT ${listed(chosen.map(({ value }) => value))} FROM ${path(source)}`,
    columns: chosen.map(({ column }) => column),
    updatable: false,
    populated: source.populated,
  };
}

/** Two sources side by side: columns of the first, one of the second. */
function joinedQuery(shape: number, salt: number, source: Source, other: Source): Query {
  const [left, right] = [someBy(salt, source.columns), pickBy(salt, other.columns)];
  const of = (alias: string, column: SourceColumn): Expression =>
    sql.identifier(alias, column.name);
  const join = shape % 2 === 0 ? sql`CROSS JOIN` : sql`LEFT JOIN`;
  const [first] = left;
  const condition =
    shape % 2 === 0 || first === undefined ? sql`` : sql` ON ${of("a", first)} IS NOT NULL`;
  const added = freshOf("of other", left);
  const more = right === undefined ? [] : [sql`${of("b", right)} AS ${sql.identifier(added)}`];
  return {
    query: sql`SELECT ${listed([...left.map((column) => of("a", column)), ...more])} FROM ${path(source)} a ${join} ${path(other)} b${condition}`,
    columns: [...left, ...(right === undefined ? [] : [{ ...right, key: added, name: added }])],
    updatable: false,
    populated: source.populated && other.populated,
  };
}

/** A query that looks at rows together. */
function groupedQuery(shape: number, salt: number, source: Source, kind: Kind): Query | undefined {
  const column = pickBy(
    salt,
    source.columns.filter(({ type }) => isKeyable(kind, type)),
  );
  if (column === undefined) return undefined;
  const own = name(column);
  const from = path(source);
  const count = freshOf("n", [column]);
  const counted: SourceColumn = { key: count, name: count, type: { name: "bigint" } };
  const n = sql.identifier(count);
  const queries: readonly Pick<Query, "query" | "columns">[] = [
    {
      query: sql`SELECT ${own}, count(*) AS ${n} FROM ${from} GROUP BY ${own}`,
      columns: [column, counted],
    },
    { query: sql`SELECT DISTINCT ${own} FROM ${from}`, columns: [column] },
    {
      query: sql`SELECT ${own} FROM ${from} UNION SELECT ${own} FROM ${from} WHERE ${own} IS NULL`,
      columns: [column],
    },
    {
      query: sql`WITH chosen AS (SELECT ${own} FROM ${from}) SELECT ${own} FROM chosen ORDER BY ${own} LIMIT 5`,
      columns: [column],
    },
    {
      query: sql`SELECT ${own}, row_number() OVER (ORDER BY ${own}) AS ${n} FROM ${from}`,
      columns: [column, counted],
    },
    {
      query: sql`SELECT ${own} FROM ${from} WHERE EXISTS (SELECT 1 FROM ${from} x WHERE ${sql.identifier("x", column.name)} = ${sql.identifier(...source.path.slice(-1), column.name)})`,
      columns: [column],
    },
  ];
  const found = queries[shape % queries.length];
  return found === undefined
    ? undefined
    : { ...found, updatable: false, populated: source.populated };
}

/** A query of one of the sources, or two. */
export function someQuery(
  choices: Choices,
  kind: Kind,
  sources: readonly Source[],
): Query | undefined {
  const [shape, place, salt, second, more] = [
    choices.next(),
    choices.next(),
    choices.next(),
    choices.next(),
    choices.next(),
  ];
  const source = pickBy(place, sources);
  if (source === undefined || source.columns.length === 0) return undefined;
  if (kind !== "postgresql") return plainQuery(shape % 5, salt, source);
  const which = shape % 10 === 0 && !source.keepsOrder ? 2 : shape % 10;
  if (which < 4) return plainQuery(which, salt, source);
  if (which < 6) return computedQuery(salt, source);
  if (which < 8) return joinedQuery(more, salt, source, pickBy(second, sources) ?? source);
  return groupedQuery(more, salt, source, kind) ?? plainQuery(2, salt, source);
}
