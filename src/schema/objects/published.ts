import type { Publication, PublishedTable } from "./types.ts";
import { nameOnly, tableKey } from "../collect.ts";
import { omit } from "../../util/equal.ts";
import { compareText } from "../../util/text.ts";

/** What a publication names. */
export interface Published {
  readonly tables: readonly PublishedTable[];
  readonly schemas: readonly string[];
}

/** What a publication names, every table as one. */
export function publishedBy({ tables = [], schemas = [] }: Publication): Published {
  return {
    tables: tables.map((table) => (typeof table === "string" ? { name: table } : table)),
    schemas,
  };
}

function inShort(table: PublishedTable): string | PublishedTable {
  const { name, ...more } = table;
  return Object.keys(more).length === 0 ? name : table;
}

/** The publication with other members, in an order that does not depend on theirs. */
export function publishing(publication: Publication, { tables, schemas }: Published): Publication {
  const sorted = tables
    .map((table) =>
      table.columns === undefined
        ? table
        : { ...table, columns: [...new Set(table.columns)].toSorted(compareText) },
    )
    .toSorted((a, b) => compareText(tableKey(nameOnly(a)), tableKey(nameOnly(b))));
  return {
    ...omit(publication, "tables", "schemas"),
    ...(tables.length === 0 ? {} : { tables: sorted.map(inShort) }),
    ...(schemas.length === 0 ? {} : { schemas: [...new Set(schemas)].toSorted(compareText) }),
  };
}
