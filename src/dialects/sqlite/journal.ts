import { journalSql } from "../journal.ts";
import { tableName } from "./compile.ts";
import { literal, quote } from "./spelling.ts";

/** What can be part of a transaction anyhow, so that it and its line are written together. */
const DATA = /^\s*(?:INSERT|UPDATE|DELETE|MERGE|REPLACE|WITH|SELECT|VALUES)\b/i;

/** Needed for what cannot run in a transaction. */
export const journal = journalSql({
  quoteTable: (table) => quote(tableName(table)),
  literal,
  text: "TEXT",
  isTransactional: ({ sql, autocommit }) => autocommit !== true || DATA.test(sql),
  isRepeatable: (sql) => /^(?:VACUUM|ANALYZE|REINDEX|PRAGMA)\b/i.test(sql),
});
