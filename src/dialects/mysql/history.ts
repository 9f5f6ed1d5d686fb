import { historySql } from "../history.ts";
import { literal, quoteTable } from "./quote.ts";

/** InnoDB always: a line is written with the version row or not at all. */
export const history = historySql({
  quoteTable,
  literal,
  id: "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY",
  time: { type: "DATETIME(3)", now: "UTC_TIMESTAMP(3)" },
  timeText: (column) => `DATE_FORMAT(${column}, '%Y-%m-%dT%H:%i:%s.%fZ')`,
  options: " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4",
});
