import { createTableSql, optionsFor } from "./compile.ts";
import type { Flavor } from "./flavor.ts";
import { showCreate, type Shown } from "./show-create.ts";
import { expressionSql, quoteName } from "./quote.ts";
import type { Connection } from "../contract.ts";
import type { CheckConstraint, Column, Index, Options, Table } from "../../schema/types.ts";
import { text } from "../../schema/expression.ts";
import { isRevlineError, messageOf } from "../../errors.ts";
import { omit } from "../../util/equal.ts";

/** How the server spells the defaults and expressions of one table. */
export interface Spelled {
  readonly shown: Shown;
  /** Spelled expression by the text that was given. */
  readonly expressions: ReadonlyMap<string, string>;
}

/** What could not be spelled, and why. */
export interface Unspelled {
  readonly reason: string;
  /** The user may not make temporary tables: nothing is known about the expressions. */
  readonly forbidden: boolean;
}

let counter = 0;

/** A column as the probe has it: what is not about its expression and could stop the probe is left out. */
function probeColumn(column: Column): Column {
  return omit(column, "identity", "comment", "options");
}

function collationOnly(options: Options): Options {
  const { charset, collation } = options;
  return {
    ...(charset === undefined ? {} : { charset }),
    ...(collation === undefined ? {} : { collation }),
  };
}

/**
 * Asks the server how it spells the expressions and defaults of a table: creates it as a temporary table
 * and reads it back. A temporary table commits nothing and leaves nothing behind.
 */
export async function spell(
  connection: Connection,
  table: Table,
  flavor: Flavor,
): Promise<Spelled | Unspelled> {
  counter += 1;
  const name = `revline_probe_${String(process.pid)}_${String(counter)}`;
  const checks = [
    ...table.constraints
      .filter((constraint): constraint is CheckConstraint => constraint.kind === "check")
      .map(({ expression }) => expressionSql(expression, flavor)),
    ...table.columns.flatMap(({ options }) =>
      options?.["check"] === undefined ? [] : [String(options["check"])],
    ),
  ];
  const parts = table.indexes.flatMap((index) =>
    index.elements.flatMap(({ expression }) =>
      expression === undefined ? [] : [expressionSql(expression, flavor)],
    ),
  );
  const probe: Table = {
    name,
    columns: table.columns.map(probeColumn),
    constraints: checks.map((sql, at): CheckConstraint => ({
      kind: "check",
      name: `c${String(at)}`,
      expression: text(sql),
    })),
    indexes: parts.map((sql, at): Index => ({
      name: `k${String(at)}`,
      elements: [{ expression: text(sql) }],
    })),
    options: { mysql: collationOnly(optionsFor(table, flavor)) },
  };
  try {
    await connection.execute(createTableSql(probe, flavor, true));
  } catch (error) {
    if (
      !isRevlineError(error) ||
      ![
        "statement-failed",
        "permission-denied",
        "database-read-only",
        "unsupported",
        "model-invalid",
      ].includes(error.code)
    )
      throw error;
    return {
      reason: messageOf(error),
      forbidden: error.code === "permission-denied" || error.code === "database-read-only",
    };
  }
  try {
    const shown = await showCreate(connection, { name });
    const expressions = new Map<string, string>();
    const note = (given: string, found: string | undefined): void => {
      if (found !== undefined) expressions.set(given, found);
    };
    checks.forEach((sql, at) => note(sql, shown.checks.get(`c${String(at)}`)));
    parts.forEach((sql, at) => note(sql, shown.indexes.get(`k${String(at)}`)?.[0]));
    for (const column of table.columns) {
      if (column.computed !== undefined)
        note(expressionSql(column.computed.expression, flavor), shown.computed.get(column.name));
    }
    return { shown, expressions };
  } finally {
    await connection.execute(`DROP TEMPORARY TABLE IF EXISTS ${quoteName(name)}`);
  }
}
