import { expect, it } from "vitest";
import { castExpression } from "../../../src/dialects/postgresql/casting.ts";
import { compileType, parseType } from "../../../src/dialects/postgresql/types.ts";
import { forEachDatabase } from "../../support/databases.ts";

const TYPES = [
  "smallint",
  "integer",
  "bigint",
  "numeric",
  "numeric(10,2)",
  "real",
  "double precision",
  "boolean",
  "char(4)",
  "varchar(10)",
  "varchar",
  "text",
  "bytea",
  "bit(8)",
  "bit varying(8)",
  "date",
  "time",
  "time with time zone",
  "timestamp",
  "timestamp(3)",
  "timestamp with time zone",
  "interval",
  "interval day to second",
  "uuid",
  "json",
  "jsonb",
  "integer[]",
  "text[]",
  "varchar(5)[]",
  "numeric(8,2)[]",
  "inet",
  "cidr",
  "macaddr",
  "int4range",
  "tsvector",
  "money",
  "xml",
  "oid",
  "point",
  "mood",
  "mood[]",
  "other",
];

forEachDatabase(
  (db) => {
    it("every change of type is told how to cast exactly where the server asks for it", async () => {
      const database = await db.create();
      await database.query(
        "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TYPE other AS ENUM ('a', 'b')",
      );
      await database.query(`CREATE FUNCTION attempt(statement text) RETURNS text LANGUAGE plpgsql AS $$
        BEGIN EXECUTE statement; RAISE EXCEPTION 'undo' USING ERRCODE = 'P0001';
        EXCEPTION WHEN OTHERS THEN RETURN CASE WHEN SQLSTATE = 'P0001' THEN NULL ELSE SQLERRM END; END $$`);
      await database.query(
        TYPES.map((type, at) => `CREATE TABLE t${String(at)} (c ${type})`).join("; "),
      );
      const pairs = TYPES.flatMap((from, at) =>
        TYPES.map((to) => ({ from, to, table: `t${String(at)}` })),
      );
      const attempts = pairs.map(({ from, to, table }) => {
        const cast = castExpression("c", parseType(from), parseType(to));
        const alter = `ALTER TABLE ${table} ALTER COLUMN c TYPE ${compileType(parseType(to))}`;
        return {
          name: `${from} → ${to}`,
          plain: alter,
          told: cast === undefined ? alter : `${alter} USING ${cast}`,
          casts: cast !== undefined,
        };
      });
      const rows = await database.query(
        "SELECT attempt(plain) AS plain, attempt(told) AS told FROM json_to_recordset($1) AS x(plain text, told text)",
        [JSON.stringify(attempts.map(({ plain, told }) => ({ plain, told })))],
      );
      const refused = rows.flatMap(({ told }, at) =>
        told === null ? [] : [`${String(attempts[at]?.name)}: ${String(told)}`],
      );
      const needless = rows.flatMap(({ plain }, at) =>
        plain === null && attempts[at]?.casts === true ? [attempts[at].told] : [],
      );
      expect(refused).toEqual([]);
      expect(needless).toEqual([]);
    });
  },
  { only: ["postgresql"] },
);
