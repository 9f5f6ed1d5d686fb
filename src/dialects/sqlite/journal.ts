import { journalSql } from "../journal.ts";
import { tableName } from "./compile.ts";
import { literal, quote } from "./spelling.ts";

/** Needed for what cannot run in a transaction. */
export const journal = journalSql({
  quoteTable: (table) => quote(tableName(table)),
  literal,
  text: "TEXT",
  isTransactional: ({ autocommit }) => autocommit !== true,
  isRepeatable: (sql) => /^(?:VACUUM|ANALYZE|REINDEX|PRAGMA)\b/i.test(sql),
});
