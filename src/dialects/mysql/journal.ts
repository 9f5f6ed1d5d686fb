import { journalSql } from "../journal.ts";
import { literal, quoteTable } from "./quote.ts";

/** Statements that do not end a transaction. @see https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html */
const TRANSACTIONAL = /^(?:INSERT|UPDATE|DELETE|REPLACE|WITH|SELECT|SET|DO|VALUES)\b/i;

/** Statements that have the same end when they are given once more. */
const REPEATABLE =
  /^(?:TRUNCATE|ANALYZE|OPTIMIZE|CHECK|REPAIR|GRANT|REVOKE|FLUSH)\b|^CREATE\s+OR\s+REPLACE\b|^(?:CREATE|DROP)\b[^(]*?\bIF\s+(?:NOT\s+)?EXISTS\b/i;

/** InnoDB always: how far a revision has come is written with the data or not at all. */
export const journal = journalSql({
  quoteTable,
  literal,
  text: "LONGTEXT CHARACTER SET utf8mb4",
  options: " ENGINE=InnoDB",
  isTransactional: ({ sql }) => TRANSACTIONAL.test(sql),
  isRepeatable: (sql) => REPEATABLE.test(sql),
});
