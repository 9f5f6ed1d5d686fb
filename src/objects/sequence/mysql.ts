import type { ObjectDialect } from "../contract.ts";
import { read, schemasOf } from "../../dialects/mysql/catalog.ts";
import { located } from "../../dialects/mysql/programs.ts";
import { quoteTable, stringLiteral } from "../../dialects/mysql/quote.ts";
import type { Connection, Row } from "../../dialects/contract.ts";
import type { Sequence } from "../../schema/objects/types.ts";
import type { SkippedObject, TableName } from "../../schema/types.ts";
import { omit } from "../../util/equal.ts";

type DataType = NonNullable<Sequence["dataType"]>;
interface Bounds {
  readonly minValue: bigint;
  readonly maxValue: bigint;
}

/** The largest value of a type is never given: it marks the end. https://mariadb.com/kb/en/create-sequence/ */
const LARGEST: Readonly<Record<DataType, bigint>> = {
  smallint: 32_766n,
  integer: 2_147_483_646n,
  bigint: 9_223_372_036_854_775_806n,
};
const TYPES: Readonly<Record<string, DataType>> = {
  smallint: "smallint",
  int: "integer",
  bigint: "bigint",
};
const CACHE = 1000n;
/** The version since which a sequence has a type. */
const TYPED = 110_500;

function boundsOf({ increment = 1n, dataType = "bigint" }: Sequence): Bounds {
  return increment < 0n
    ? { minValue: -LARGEST[dataType] - 1n, maxValue: -1n }
    : { minValue: 1n, maxValue: LARGEST[dataType] };
}

/** Without what is so when nothing is said, and without what MariaDB does not have. */
function bare(sequence: Sequence): Sequence {
  const { schema, name, dataType, increment, minValue, maxValue, start, cache, cycle, comment } =
    sequence;
  const bounds = boundsOf(sequence);
  const [low, high] = [minValue ?? bounds.minValue, maxValue ?? bounds.maxValue];
  const first = (increment ?? 1n) < 0n ? high : low;
  return {
    kind: "sequence",
    ...located(schema),
    name,
    ...(dataType === undefined || dataType === "bigint" ? {} : { dataType }),
    ...(start === undefined || start === first ? {} : { start }),
    ...(increment === undefined || increment === 1n ? {} : { increment }),
    ...(low === bounds.minValue ? {} : { minValue: low }),
    ...(high === bounds.maxValue ? {} : { maxValue: high }),
    ...(cache === undefined || cache === CACHE ? {} : { cache }),
    ...(cycle === true ? { cycle } : {}),
    ...(comment === undefined || comment === "" ? {} : { comment }),
  };
}

/** All of them, so that what an ALTER does not name is as it is when nothing is said. */
function clauses(sequence: Sequence): string {
  const bounds = boundsOf(sequence);
  const { increment = 1n, minValue = bounds.minValue, maxValue = bounds.maxValue } = sequence;
  const { start = increment < 0n ? maxValue : minValue, cache = CACHE, cycle } = sequence;
  return [
    `START WITH ${String(start)}`,
    `MINVALUE ${String(minValue)}`,
    `MAXVALUE ${String(maxValue)}`,
    `INCREMENT BY ${String(increment)}`,
    cache === 0n ? "NOCACHE" : `CACHE ${String(cache)}`,
    cycle === true ? "CYCLE" : "NOCYCLE",
  ].join(" ");
}

/** Whether the counter, wherever it is, has no place in the new range, and must begin anew. */
function restarts(from: Sequence, to: Sequence): boolean {
  const [before, after] = [rangeOf(from), rangeOf(to)];
  const isDown = ({ increment = 1n }: Sequence): boolean => increment < 0n;
  return (
    isDown(from) !== isDown(to) ||
    after.maxValue < before.minValue ||
    after.minValue > before.maxValue
  );
}

/**
 * The change of a counter that stays where it is. The server takes no range that the counter is not in yet
 * (4085), and a counter is where it is: the server looks, and begins anew where it has to.
 */
function alterCounter(from: Sequence, to: Sequence): string {
  const path = quoteTable(to);
  const alter = `ALTER SEQUENCE IF EXISTS ${path} ${clauses(to)}`;
  if (restarts(from, to)) return `${alter} RESTART`;
  const [before, { minValue, maxValue }] = [rangeOf(from), rangeOf(to)];
  const isDown = (to.increment ?? 1n) < 0n;
  if (isDown ? maxValue >= before.maxValue : minValue <= before.minValue) return alter;
  const isOut = isDown ? `> ${String(maxValue)}` : `< ${String(minValue)}`;
  return `BEGIN NOT ATOMIC
  IF (SELECT next_not_cached_value ${isOut} FROM ${path}) THEN ${alter} RESTART;
  ELSE ${alter};
  END IF;
END`;
}

function rangeOf(sequence: Sequence): Bounds {
  const { minValue, maxValue } = boundsOf(sequence);
  return { minValue: sequence.minValue ?? minValue, maxValue: sequence.maxValue ?? maxValue };
}

/** The types of sequences, which they have since MariaDB 11.5. */
async function typesOf(
  connection: Connection,
  database: string,
): Promise<ReadonlyMap<string, string>> {
  if (connection.server.versionNumber < TYPED) return new Map();
  const rows = await connection.query(
    `SELECT sequence_name AS name, data_type AS type FROM information_schema.sequences WHERE sequence_schema = ${stringLiteral(database)}`,
  );
  return new Map(rows.map((row) => [read(row, "name") ?? "", read(row, "type") ?? "bigint"]));
}

function sequenceOf(name: TableName, row: Row, dataType: DataType, comment: string): Sequence {
  const number = (column: string): bigint => BigInt(read(row, column) ?? "0");
  return bare({
    kind: "sequence",
    ...name,
    dataType,
    start: number("start"),
    increment: number("increment"),
    minValue: number("minimum"),
    maxValue: number("maximum"),
    cache: number("cache"),
    cycle: read(row, "cycle") === "1",
    comment,
  });
}

/** MariaDB alone has sequences: tables of one row, which is read. */
export const mysql: ObjectDialect<Sequence> = {
  skippedAs: ["sequence"],
  reflect: async (connection, filter) => {
    const objects: Sequence[] = [];
    const skipped: SkippedObject[] = [];
    for (const schema of await schemasOf(filter, connection)) {
      const database = schema ?? connection.server.database;
      const listed = await connection.query(
        `SELECT table_name AS name, table_comment AS comment FROM information_schema.tables
         WHERE table_schema = ${stringLiteral(database)} AND table_type = 'SEQUENCE' ORDER BY table_name`,
      );
      if (listed.length === 0) continue;
      const types = await typesOf(connection, database);
      const rows = await connection.query(
        listed
          .map((row) => {
            const name = read(row, "name") ?? "";
            return `SELECT ${stringLiteral(name)} AS name, start_value AS start, increment AS increment, minimum_value AS minimum, maximum_value AS maximum,
              cache_size AS cache, cycle_option AS cycle FROM ${quoteTable({ schema: database, name })}`;
          })
          .join("\nUNION ALL "),
      );
      for (const [at, row] of rows.entries()) {
        const name = { ...located(schema), name: read(row, "name") ?? "" };
        const type = types.get(name.name) ?? "bigint";
        const known = TYPES[type.toLowerCase()];
        const comment = read(listed[at] ?? {}, "comment") ?? "";
        if (known === undefined)
          skipped.push({ kind: "sequence", ...name, reason: `its numbers are of type ${type}` });
        else objects.push(sequenceOf(name, row, known, comment));
      }
    }
    return { objects, skipped };
  },
  canonicalize: ({ database, models }, { connection }) => {
    const isTyped = connection.server.versionNumber >= TYPED;
    return Promise.resolve({
      database,
      models: models.map((model) => bare(isTyped ? model : omit(model, "dataType"))),
      skipped: [],
    });
  },
  create: (sequence, { state }) => {
    const { dataType, comment } = sequence;
    const type =
      dataType === undefined || state.server.versionNumber < TYPED ? "" : ` AS ${dataType}`;
    const note = comment === undefined ? "" : ` COMMENT=${stringLiteral(comment)}`;
    return [
      {
        sql: `CREATE SEQUENCE IF NOT EXISTS ${quoteTable(sequence)}${type} ${clauses(sequence)}${note}`,
      },
    ];
  },
  drop: (sequence) => [{ sql: `DROP SEQUENCE IF EXISTS ${quoteTable(sequence)}` }],
  // the counter stays where it is
  alter: ({ from, to }) => {
    const path = quoteTable(to);
    return [
      { sql: alterCounter(from, to) },
      ...(from.comment === to.comment
        ? []
        : [{ sql: `ALTER TABLE ${path} COMMENT=${stringLiteral(to.comment ?? "")}` }]),
    ];
  },
};
