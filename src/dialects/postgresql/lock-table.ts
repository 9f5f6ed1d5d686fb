import { lockTableSql } from "../lock-table.ts";
import { literal, quoteTable } from "./spelling.ts";

const moment = (expression: string): string =>
  `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`;

export const lockTable = lockTableSql({
  quoteTable,
  literal,
  time: {
    type: "CHAR(26)",
    now: moment("clock_timestamp()"),
    after: (seconds) => moment(`(clock_timestamp() + interval '${String(seconds)} seconds')`),
  },
  ignore: { front: "", back: " ON CONFLICT DO NOTHING" },
});
