import type { Constraint, Index, NamingConvention, Table } from "./types.ts";

type Item = Constraint | Index;

/** True for a constraint, false for an index. */
export function isConstraint(item: Item): item is Constraint {
  return "kind" in item;
}

/** The plain columns of a constraint or index, in order. */
export function columnsOf(item: Item): readonly string[] {
  if (!isConstraint(item)) return item.elements.flatMap((element) => element.column ?? []);
  return "columns" in item ? item.columns : [];
}

function templateFor(item: Item, convention: NamingConvention): string | undefined {
  if (!isConstraint(item)) return convention.ix;
  switch (item.kind) {
    case "primaryKey":
      return convention.pk;
    case "unique":
      return convention.uq;
    case "foreignKey":
      return convention.fk;
    case "check":
      return convention.ck;
    case "exclude":
      return undefined;
  }
}

/**
 * The name that a naming convention gives. Tokens as in SQLAlchemy: `%(table_name)s`,
 * `%(column_0_name)s`, `%(column_0N_name)s` (all, joined), `%(column_0_N_name)s` (all, joined by `_`),
 * `%(referred_table_name)s`, `%(referred_column_0_name)s`, `%(constraint_name)s`. A check's given name
 * is wrapped where its template uses `constraint_name`; every other given name stands.
 *
 * @see https://docs.sqlalchemy.org/en/20/core/constraints.html#configuring-constraint-naming-conventions
 */
export function conventionName(
  table: Table,
  item: Item,
  convention: NamingConvention,
): string | undefined {
  const template = templateFor(item, convention);
  const wraps = template?.includes("%(constraint_name)s") ?? false;
  if (template === undefined || (item.name !== undefined && !wraps)) return item.name;
  if (wraps && item.name === undefined) return undefined;
  const columns = columnsOf(item);
  const referred = isConstraint(item) && item.kind === "foreignKey" ? item.references : undefined;
  return template.replace(/%\((\w+)\)s/g, (token, key: string) => {
    const column = /^(referred_)?column_(\d+)(N|_N)?_(?:name|key|label)$/.exec(key);
    if (column !== null) {
      const [, isReferred, position, all] = column;
      const names = isReferred === undefined ? columns : (referred?.columns ?? []);
      const prefix = key.endsWith("_label") ? `${table.name}_` : "";
      if (all !== undefined)
        return names.map((name) => prefix + name).join(all === "_N" ? "_" : "");
      return prefix + (names[Number(position)] ?? "");
    }
    switch (key) {
      case "table_name":
        return table.name;
      case "referred_table_name":
        return referred?.name ?? "";
      case "constraint_name":
        return item.name ?? "";
      default:
        return token;
    }
  });
}
