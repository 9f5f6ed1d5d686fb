/**
 * PostgreSQL 12 to 18. May import `schema`, `operations`, `util`, `errors` and what lies beside this
 * folder in `dialects/`; the driver only in `driver.ts`. Never changes anything but through the statements
 * it hands out: what it asks the server is rolled back.
 */
import { canonicalize } from "./normalize.ts";
import { adoption, connect } from "./driver.ts";
import { history } from "./history.ts";
import { journal } from "./journal.ts";
import { lock, lockHolder } from "./lock.ts";
import { lockTable } from "./lock-table.ts";
import { defaultName } from "./naming.ts";
import { nextValue } from "./sequences.ts";
import { offline } from "./offline.ts";
import { plan } from "./plan.ts";
import { reflect } from "./reflect.ts";
import { replaceType } from "./replace-type.ts";
import { literal, MAX_NAME_BYTES, quote, statement, quoteTable } from "./spelling.ts";
import { typePath } from "./type-names.ts";
import { script, text } from "./script.ts";
import { timeouts } from "./timeouts.ts";
import { versionTable } from "./version-table.ts";
import type { Dialect } from "../contract.ts";
import { rowCountSql } from "../row-counts.ts";
import { withDatabase } from "../scratch.ts";
import { redactUrl } from "../url.ts";
import { rawValue } from "./types.ts";

export const postgresql: Dialect = {
  name: "postgresql",
  schemes: ["postgresql", "postgres"],
  capabilities: {
    transactionalDdl: true,
    schemas: true,
    columnOrder: false,
    forwardReferences: false,
    enforcesLength: true,
    indexNamespace: "schema",
    caseInsensitive: { tables: false, columns: false },
    maxIdentifier: { length: MAX_NAME_BYTES, unit: "bytes" },
  },
  connect,
  adoption,
  scratch: {
    create: (name) => `CREATE DATABASE ${quote(name)}`,
    drop: (name) => `DROP DATABASE ${quote(name)}`,
    urlOf: withDatabase,
  },
  redactUrl,
  reflect,
  canonicalize,
  defaultName,
  nextValue,
  rawValue,
  plan,
  replaceType,
  typePath,
  quote,
  literal: (value) => literal(value),
  statement: (expression) => statement(expression),
  text,
  lock,
  offline,
  script,
  lockHolder,
  lockTable,
  timeouts,
  versionTable,
  history,
  journal,
  rowCounts: rowCountSql({ quoteTable, quote }),
};
