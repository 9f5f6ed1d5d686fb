import { renameInExpression } from "./rename.ts";
import { nameOnly, sameTable } from "../schema/collect.ts";
import { publishedBy, publishing } from "../schema/objects/published.ts";
import type { Publication, PublishedTable } from "../schema/objects/types.ts";
import type { TableName } from "../schema/types.ts";
import { omit } from "../util/equal.ts";

function changeTable(
  publication: Publication,
  name: TableName,
  change: (table: PublishedTable) => PublishedTable,
): Publication {
  const { tables, schemas } = publishedBy(publication);
  if (!tables.some((table) => sameTable(table, name))) return publication;
  const changed = tables.map((table) => (sameTable(table, name) ? change(table) : table));
  return publishing(publication, { tables: changed, schemas });
}

/** A publication knows its tables by themselves, whatever they are called. */
export function renamePublishedTable(
  publication: Publication,
  from: TableName,
  to: TableName,
): Publication {
  return changeTable(publication, from, (table) => ({
    ...omit(table, "schema"),
    ...nameOnly(to),
  }));
}

/** So it knows their columns, in lists and in conditions. */
export function renamePublishedColumn(
  publication: Publication,
  name: TableName,
  from: string,
  to: string,
): Publication {
  return changeTable(publication, name, (table) => ({
    ...table,
    ...(table.columns === undefined
      ? {}
      : { columns: table.columns.map((column) => (column === from ? to : column)) }),
    ...(table.where === undefined ? {} : { where: renameInExpression(table.where, from, to) }),
  }));
}
