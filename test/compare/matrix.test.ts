import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Flow } from "../laws/flow.ts";
import { loadModels } from "../../src/models/index.ts";
import { renderModels } from "../../src/render/index.ts";
import {
  func,
  isExpression,
  sql,
  type Column,
  type ColumnType,
  type Expression,
  type MetaData,
  type Table,
} from "../../src/schema/index.ts";
import { forEachDatabase } from "../support/databases.ts";
import type { Family } from "../support/kinds.ts";

type Default = string | number | bigint | boolean | Expression;

const NUMBERS: readonly Default[] = [0, 1, 42, "7", sql`0`, sql`(1 + 2)`, sql`NULL`];
const SIGNED: readonly Default[] = [...NUMBERS, -1, sql`-5`];
const DECIMALS: readonly Default[] = [...SIGNED, "0.10", "1.5", 2.25, sql`-0.5`, sql`1.50`];
const FLOATS: readonly Default[] = [...SIGNED, 0.5, 1e10, -2.25, "0.125", sql`1.5`];
const WORDS: readonly Default[] = [
  ...["", "a", "it's", 'say "x"', "back\\sl", "NULL", "0", "ünï😀?", "new\nline", " ", "%_"],
  ...[sql`'sql'`, sql`NULL`],
];
const MOMENTS: readonly Default[] = ["2020-01-02 03:04:05", sql`CURRENT_TIMESTAMP`, func.now()];
const MYSQL: readonly Family[] = ["mysql", "mariadb"];

/** A type with the defaults that people give it, in all the ways they can be said. */
interface Row {
  readonly type: ColumnType;
  /** The databases that have the type; all of them by default. */
  readonly only?: readonly Family[];
  readonly defaults: readonly Default[];
}

const ROWS: readonly Row[] = [
  { type: { name: "smallint" }, defaults: SIGNED },
  { type: { name: "integer" }, defaults: SIGNED },
  { type: { name: "bigint" }, defaults: [...SIGNED, 9007199254740993n, -9007199254740993n] },
  { type: { name: "numeric", precision: 10, scale: 2 }, defaults: DECIMALS },
  { type: { name: "numeric", precision: 10 }, defaults: SIGNED },
  { type: { name: "real" }, defaults: FLOATS },
  { type: { name: "float" }, defaults: FLOATS },
  { type: { name: "double" }, defaults: FLOATS },
  { type: { name: "boolean" }, defaults: [true, false, 1, 0, sql`TRUE`, sql`false`] },
  { type: { name: "char", length: 12 }, defaults: WORDS.filter((word) => word !== " ") },
  { type: { name: "varchar", length: 20 }, defaults: WORDS },
  { type: { name: "text" }, defaults: WORDS },
  { type: { name: "date" }, defaults: ["2020-02-29", sql`'1999-12-31'`] },
  { type: { name: "time" }, defaults: ["03:04:05", sql`'23:59:59'`] },
  { type: { name: "time", precision: 3 }, defaults: ["03:04:05.125"] },
  { type: { name: "timestamp" }, defaults: MOMENTS },
  { type: { name: "timestamp", precision: 3 }, defaults: ["2020-01-02 03:04:05.125"] },
  { type: { name: "timestamp", tz: true }, defaults: MOMENTS },
  { type: { name: "uuid" }, defaults: ["7b1d2a54-8c5e-4f0e-9a51-1f0d3f1c2b3a"] },
  { type: { name: "json" }, defaults: ["{}", "[]", '{"a": "it\'s"}', sql`'{"b": [1, 2]}'`] },
  { type: { name: "jsonb" }, only: ["postgresql"], defaults: ["{}", sql`'[1]'::jsonb`] },
  {
    type: { name: "array", element: { name: "text" } },
    only: ["postgresql"],
    defaults: ["{}", sql`ARRAY['a','b']::text[]`, sql`'{a,"b c"}'::text[]`],
  },
  {
    type: { name: "interval" },
    only: ["postgresql"],
    defaults: ["1 day", sql`'02:00:00'::interval`],
  },
  { type: { name: "raw", sql: "inet" }, only: ["postgresql"], defaults: ["10.0.0.1"] },
  {
    type: { name: "varchar", length: 20 },
    only: ["postgresql"],
    defaults: [sql`'x'::character varying`, sql`lower('X')`, sql`'a' || 'b'`],
  },
  { type: { name: "tinyint" }, only: MYSQL, defaults: SIGNED },
  { type: { name: "integer", unsigned: true }, only: MYSQL, defaults: NUMBERS },
  {
    type: { name: "integer", unsigned: true, zerofill: true, width: 5 },
    only: MYSQL,
    defaults: [7],
  },
  { type: { name: "bit", length: 4 }, only: MYSQL, defaults: [5, sql`b'101'`, sql`b'0'`] },
  { type: { name: "binary", length: 4 }, only: MYSQL, defaults: ["ab", sql`0x00FF`, sql`x'6162'`] },
  { type: { name: "varbinary", length: 9 }, only: MYSQL, defaults: ["", "ab", sql`0x0001`, "ü"] },
  { type: { name: "mediumtext" }, only: MYSQL, defaults: ["a", "it's"] },
  { type: { name: "year" }, only: MYSQL, defaults: [2020, "1999"] },
  {
    type: { name: "enum", values: ["a", "it's", "x,y", ""] },
    only: MYSQL,
    defaults: ["a", "it's", "x,y", ""],
  },
  { type: { name: "set", values: ["a", "b c"] }, only: MYSQL, defaults: ["a", "a,b c", ""] },
];

function tableOf({ type, defaults }: Row, at: number): Table {
  const column = (value: Default | undefined, place: number): Column => ({
    name: `c${String(place)}`,
    type,
    nullable: place % 2 === 0,
    ...(value === undefined
      ? {}
      : { default: isExpression(value) ? { expression: value } : { value } }),
  });
  const isNull = (value: Default): boolean =>
    isExpression(value) && value.parts.join("") === "NULL";
  const columns = [undefined, ...defaults].map((value, place) =>
    // a column that may not be null has no default NULL
    column(value, value !== undefined && isNull(value) ? place - (place % 2) + 100 : place),
  );
  return {
    name: `t${String(at)}_${type.name}`,
    columns: [{ name: "id", type: { name: "integer" }, nullable: false }, ...columns],
    constraints: [{ kind: "primaryKey", columns: ["id"] }],
    indexes: [],
  };
}

async function introspected(flow: Flow): Promise<MetaData> {
  const folder = await mkdtemp(join(tmpdir(), "revline-matrix-"));
  await writeFile(join(folder, "models.ts"), renderModels(await flow.reflect()));
  const found = await loadModels("models.ts", folder);
  await rm(folder, { recursive: true });
  return found;
}

forEachDatabase((db) => {
  it("finds no difference in any type with any default that is as declared", async () => {
    const flow = await Flow.open((await db.create()).url);
    const other = await Flow.open((await db.create()).url);
    const rows = ROWS.filter(({ only }) => only === undefined || only.includes(db.family));
    const wanted = { tables: rows.map(tableOf), objects: [], schemas: [], skipped: [] };
    try {
      await flow.autogenerate(wanted);
      await flow.upgrade();
      expect(await flow.check(wanted)).toEqual([]);
      expect((await flow.difference(wanted, true)).skipped).toEqual([]);
      const found = await introspected(flow);
      expect(await flow.check(found)).toEqual([]);
      await other.autogenerate(found);
      await other.upgrade();
      expect(await other.check(wanted)).toEqual([]);
    } finally {
      await flow.close();
      await other.close();
    }
  });
});
