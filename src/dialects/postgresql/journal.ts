import { journalSql } from "../journal.ts";
import type { JournalSql } from "../contract.ts";
import { literal, quoteTable, quoteText } from "./spelling.ts";

const REPEATABLE =
  /^(?:VACUUM|ANALYZE|REINDEX|CLUSTER|REFRESH)\b|^(?:CREATE|DROP)\b[^(]*?\bIF\s+(?:NOT\s+)?EXISTS\b|^ALTER\s+TYPE\b.*\bADD\s+VALUE\s+IF\b/is;

const NAME = /(?:"(?:[^"]|"")+"|[^\s".(]+)/.source;
/** Groups: the index, the table's schema. */
const CONCURRENTLY = new RegExp(
  `^CREATE\\s+(?:UNIQUE\\s+)?INDEX\\s+CONCURRENTLY\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(${NAME})\\s+ON\\s+(?:ONLY\\s+)?(?:(${NAME})\\.)?`,
  "i",
);

/** An index whose building was ended stays, and is not valid. */
function remains(sql: string): ReturnType<NonNullable<JournalSql["remains"]>> {
  const [, index, schema] = CONCURRENTLY.exec(sql) ?? [];
  if (index === undefined) return undefined;
  const path = schema === undefined ? index : `${schema}.${index}`;
  return {
    find: {
      sql: `SELECT CASE WHEN indisvalid THEN 'whole' ELSE 'half' END AS state FROM pg_index WHERE indexrelid = to_regclass(${quoteText(path)})`,
    },
    remove: { sql: `DROP INDEX CONCURRENTLY ${path}` },
  };
}

/** What can be part of a transaction anyhow, so that it and its line are written together. */
const DATA = /^\s*(?:INSERT|UPDATE|DELETE|MERGE|REPLACE|WITH|SELECT|VALUES)\b/i;

/** Needed for what cannot run in a transaction. */
export const journal = journalSql({
  quoteTable,
  literal,
  text: "TEXT",
  isTransactional: ({ sql, autocommit }) => autocommit !== true || DATA.test(sql),
  isRepeatable: (sql) => REPEATABLE.test(sql),
  remains,
});
