import type { Flavor } from "./flavor.ts";
import { expressionSql } from "./quote.ts";
import { tokenize } from "./tokens.ts";
import { columnFor } from "../ddl.ts";
import type { Column } from "../../schema/types.ts";

/** @see https://dev.mysql.com/doc/refman/8.4/en/replication-rbr-safe-unsafe.html */
const UNSAFE: ReadonlySet<string> = new Set([
  "uuid",
  "uuid_short",
  "rand",
  "random_bytes",
  "sysdate",
  "sleep",
  "user",
  "current_user",
  "session_user",
  "system_user",
  "connection_id",
  "version",
  "found_rows",
  "row_count",
  "load_file",
  "get_lock",
  "release_lock",
  "is_free_lock",
  "is_used_lock",
  "master_pos_wait",
  "source_pos_wait",
]);

/** The default as SQL, where MySQL holds it for unsafe: no column is added with it (1674). */
export function unsafeDefault(given: Column, flavor: Flavor): string | undefined {
  const { default: value } = columnFor(given, flavor.name);
  if (flavor.mariadb || value === undefined || "value" in value) return undefined;
  const sql = expressionSql(value.expression, flavor);
  return tokenize(sql).some(
    ({ kind, value: word }) => kind === "word" && UNSAFE.has(word.toLowerCase()),
  )
    ? sql
    : undefined;
}
