import { lockTableSql } from "../lock-table.ts";
import { literal, quoteTable } from "./quote.ts";

const moment = (expression: string): string => `DATE_FORMAT(${expression}, '%Y-%m-%d %H:%i:%s.%f')`;

/** InnoDB always: a cluster certifies its rows. */
export const lockTable = lockTableSql({
  quoteTable,
  literal,
  time: {
    type: "CHAR(26)",
    now: moment("UTC_TIMESTAMP(6)"),
    after: (seconds) => moment(`UTC_TIMESTAMP(6) + INTERVAL ${String(seconds)} SECOND`),
  },
  ignore: { front: " IGNORE", back: "" },
  options: " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4",
});
