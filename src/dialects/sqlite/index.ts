/**
 * SQLite: one file, no server. ALTER can do little, so most changes rebuild the table (`rebuild.ts`)
 * around the catalog's own text, which a parser reads (`parse-*.ts`). May import `schema`, `operations`
 * and `dialects/{contract,ddl,url}.ts`; the driver is imported by `driver.ts` alone, and no other dialect
 * is known here.
 *
 * What only SQLite has is in `options`. Table: `strict`, `withoutRowid`. Column: `onConflict` and
 * `notNullName` of its NOT NULL, `nullable` (a key column that may be NULL), `notNull` (a NOT NULL at
 * INTEGER PRIMARY KEY, which needs none). Primary key and unique: `onConflict`, `elements` (the columns as
 * text where they have COLLATE or DESC), `desc` (PRIMARY KEY DESC at the column). Foreign key:
 * `implicitTarget` (REFERENCES without columns), `match`.
 */
import type { Dialect } from "../contract.ts";
import { rowCountSql } from "../row-counts.ts";
import { redactUrl } from "../url.ts";
import { columnsOf, isConstraint } from "../../schema/naming.ts";
import { tableName } from "./compile.ts";
import { adoption, connect } from "./driver.ts";
import { history } from "./history.ts";
import { journal } from "./journal.ts";
import { lock } from "./lock.ts";
import { canonicalize } from "./normalize.ts";
import { offline } from "./offline.ts";
import { plan, statementOf } from "./plan.ts";
import { freeName } from "./rebuild.ts";
import { reflect } from "./reflect.ts";
import { literal, quote } from "./spelling.ts";
import { script, text } from "./script.ts";
import { rawValue } from "./types.ts";
import { versionTable } from "./version-table.ts";

export { setNativeBinding } from "./driver.ts";

export const sqlite: Dialect = {
  name: "sqlite",
  schemes: ["sqlite", "sqlite3", "file"],
  capabilities: {
    transactionalDdl: true,
    schemas: false,
    columnOrder: true,
    forwardReferences: true,
    enforcesLength: false,
    indexNamespace: "schema",
    caseInsensitive: { tables: true, columns: true },
  },
  connect,
  adoption,
  redactUrl,
  reflect,
  canonicalize,
  rawValue,
  // a constraint may go without a name here, an index may not
  defaultName: (table, item, taken) =>
    isConstraint(item)
      ? undefined
      : freeName(
          [
            "ix",
            table.name,
            ...(columnsOf(item).length > 0 ? columnsOf(item) : ["expression"]),
          ].join("_"),
          [...taken],
        ),
  plan,
  quote,
  literal,
  statement: statementOf,
  text,
  lock,
  offline,
  script,
  versionTable,
  history,
  journal,
  rowCounts: rowCountSql({ quoteTable: (table) => quote(tableName(table)), quote }),
};
