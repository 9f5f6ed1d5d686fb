/**
 * MySQL 8.0 to 9 and MariaDB 10.6 to 11: one dialect, MariaDB a flavour of it (`flavor.ts`); which one it
 * is says the server, not the URL. May import the contract, `ddl.ts`, `url.ts`, `schema`, `operations`, `util`
 * and `errors`; the driver is imported by `driver.ts` alone, when a connection is opened. Never prints, and
 * knows nothing of the other dialects.
 */
import { canonicalize } from "./canonicalize.ts";
import { adoption, connect } from "./driver.ts";
import { flavorOf } from "./flavor.ts";
import { history } from "./history.ts";
import { journal } from "./journal.ts";
import { lock, lockHolder } from "./lock.ts";
import { lockTable } from "./lock-table.ts";
import { defaultName } from "./naming.ts";
import { offline } from "./offline.ts";
import { plan } from "./plan.ts";
import { expressionSql, literal, MAX_IDENTIFIER, quote, quoteTable } from "./quote.ts";
import { reflect } from "./reflect.ts";
import { script, text } from "./script.ts";
import { timeouts } from "./timeouts.ts";
import { versionTable } from "./version-table.ts";
import type { Dialect } from "../contract.ts";
import { rowCountSql } from "../row-counts.ts";
import { withDatabase } from "../scratch.ts";
import { redactUrl } from "../url.ts";

/** MySQL and MariaDB. */
export const mysql: Dialect = {
  name: "mysql",
  schemes: ["mysql", "mariadb"],
  capabilities: {
    transactionalDdl: false,
    schemas: true,
    columnOrder: true,
    forwardReferences: false,
    enforcesLength: true,
    indexNamespace: "table",
    caseInsensitive: { tables: false, columns: true },
    maxIdentifier: { length: MAX_IDENTIFIER, unit: "characters" },
  },
  connect,
  adoption,
  scratch: {
    create: (name, { defaultCollation }) =>
      `CREATE DATABASE ${quote(name)}${defaultCollation === undefined ? "" : ` COLLATE ${defaultCollation}`}`,
    drop: (name) => `DROP DATABASE ${quote(name)}`,
    urlOf: withDatabase,
  },
  redactUrl,
  reflect,
  canonicalize,
  defaultName,
  rawValue: () => undefined,
  plan,
  quote,
  literal,
  // values stand as literals: the text protocol has no parameters, and not every statement can be prepared
  statement: (expression, server) => ({ sql: expressionSql(expression, flavorOf(server)) }),
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
