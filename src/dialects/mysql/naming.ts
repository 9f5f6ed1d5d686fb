import { MAX_IDENTIFIER } from "./quote.ts";
import type { Constraint, Index, Table } from "../../schema/types.ts";
import { isConstraint } from "../../schema/naming.ts";

/** Names of keys and constraints are compared without regard to case. */
function isFree(name: string, taken: ReadonlySet<string>): boolean {
  const lower = name.toLowerCase();
  return ![...taken].some((other) => other.toLowerCase() === lower);
}

/** `<table><suffix>1`, `…2`, …: the server's rule, with a table's name that is too long cut. */
function numbered(table: Table, suffix: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const end = `${suffix}${String(number)}`;
    const name = [...table.name].slice(0, MAX_IDENTIFIER - end.length).join("") + end;
    if (isFree(name, taken)) return name;
  }
}

/** The first column's name, then `_2`, `_3`, …. */
function byColumn(column: string | undefined, taken: ReadonlySet<string>): string {
  const base = column ?? "functional_index";
  if (base.toLowerCase() !== "primary" && isFree(base, taken)) return base;
  for (let number = 2; ; number += 1) {
    const end = `_${String(number)}`;
    const name = [...base].slice(0, MAX_IDENTIFIER - end.length).join("") + end;
    if (isFree(name, taken)) return name;
  }
}

/**
 * The name that MySQL gives: `<table>_ibfk_<n>` to foreign keys, `<table>_chk_<n>` to checks, the first
 * column's to keys. (MariaDB's own name for a check, `CONSTRAINT_<n>`, is kept where the database has it.)
 */
export function defaultName(
  table: Table,
  item: Constraint | Index,
  taken: ReadonlySet<string>,
): string | undefined {
  if (!isConstraint(item)) return byColumn(item.elements[0]?.column, taken);
  switch (item.kind) {
    case "foreignKey":
      return numbered(table, "_ibfk_", taken);
    case "check":
      return numbered(table, "_chk_", taken);
    case "unique":
      return byColumn(item.columns[0], taken);
    default:
      return undefined;
  }
}
