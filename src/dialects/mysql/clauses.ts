import { constraintSql, indexSql } from "./compile.ts";
import { columnDefinition, columnSql } from "./compile-column.ts";
import type { Clause } from "./batch.ts";
import type { Flavor } from "./flavor.ts";
import { quoteName } from "./quote.ts";
import { unsafeDefault } from "./unsafe.ts";
import type { Column, Constraint, Index } from "../../schema/types.ts";

const lower = (kind: string, name: string | undefined): string =>
  `${kind}:${(name ?? "").toLowerCase()}`;

export const columnTouch = (name: string): string => lower("column", name);
export const indexTouch = (name: string | undefined): string => lower("index", name);
const checkTouch = (name: string | undefined): string => lower("check", name);
const keyTouch = (name: string | undefined): string => lower("foreignKey", name);
const PRIMARY = "index:primary";

/** `FIRST`, `AFTER …` or nothing: the last place. */
export function placeSql(after: string | null | undefined): string {
  if (after === undefined) return "";
  return after === null ? " FIRST" : ` AFTER ${quoteName(after)}`;
}

export function addColumn(
  column: Column,
  after: string | null | undefined,
  flavor: Flavor,
): Clause {
  const needs = typeof after === "string" ? { needs: [columnTouch(after)] } : {};
  return {
    sql: `ADD COLUMN ${columnSql(column, flavor)}${placeSql(after)}`,
    touches: [columnTouch(column.name)],
    verb: "add",
    newColumn: "added",
    ...needs,
  };
}

export function dropColumn(name: string): Clause {
  return { sql: `DROP COLUMN ${quoteName(name)}`, touches: [columnTouch(name)], verb: "drop" };
}

/** @param after where it moves to; absent: it stays where it is */
export function changeColumn(
  from: string,
  to: Column,
  flavor: Flavor,
  after?: string | null,
): Clause {
  const place = placeSql(after);
  const sql =
    from === to.name
      ? `MODIFY COLUMN ${columnSql(to, flavor)}`
      : `CHANGE COLUMN ${quoteName(from)} ${quoteName(to.name)} ${columnDefinition(to, flavor)}`;
  return {
    sql: sql + place,
    touches: [columnTouch(from), columnTouch(to.name)],
    verb: "change",
    ...(typeof after === "string" ? { needs: [columnTouch(after)] } : {}),
    ...(from === to.name ? { definition: { sql, place } } : {}),
    ...(unsafeDefault(to, flavor) === undefined ? {} : { newColumn: "refused" }),
  };
}

export function renameColumn(from: string, to: string): Clause {
  return {
    sql: `RENAME COLUMN ${quoteName(from)} TO ${quoteName(to)}`,
    touches: [columnTouch(from), columnTouch(to)],
    verb: "change",
  };
}

/** InnoDB builds one FULLTEXT index a statement (1795). */
export function addIndex(index: Index, flavor: Flavor): Clause {
  const touches = [
    indexTouch(index.name),
    ...(index.method?.toLowerCase() === "fulltext" ? ["fulltext"] : []),
  ];
  return { sql: `ADD ${indexSql(index, flavor)}`, touches, verb: "add" };
}

export function dropIndex(name: string): Clause {
  return { sql: `DROP KEY ${quoteName(name)}`, touches: [indexTouch(name)], verb: "drop" };
}

export function renameIndex(from: string, to: string): Clause {
  return {
    sql: `RENAME INDEX ${quoteName(from)} TO ${quoteName(to)}`,
    touches: [indexTouch(from), indexTouch(to)],
    verb: "change",
  };
}

function touchOf(constraint: Pick<Constraint, "kind" | "name">): string {
  if (constraint.kind === "primaryKey") return PRIMARY;
  if (constraint.kind === "unique") return indexTouch(constraint.name);
  return constraint.kind === "check" ? checkTouch(constraint.name) : keyTouch(constraint.name);
}

export function addConstraint(constraint: Constraint, flavor: Flavor): Clause {
  return {
    sql: `ADD ${constraintSql(constraint, flavor)}`,
    touches: [touchOf(constraint)],
    verb: "add",
  };
}

export function dropConstraint(
  kind: Constraint["kind"],
  name: string | undefined,
  flavor: Flavor,
): Clause {
  const touches = [touchOf({ kind, ...(name === undefined ? {} : { name }) })];
  if (kind === "primaryKey") return { sql: "DROP PRIMARY KEY", touches, verb: "drop" };
  const words = {
    unique: "DROP KEY",
    foreignKey: "DROP FOREIGN KEY",
    check: flavor.dropCheck,
    exclude: "DROP CONSTRAINT",
  } as const;
  return { sql: `${words[kind]} ${quoteName(name ?? "")}`, touches, verb: "drop" };
}

/** A clause about the table itself. */
export function option(sql: string, name: string): Clause {
  return { sql, touches: [lower("option", name)], verb: "change" };
}
