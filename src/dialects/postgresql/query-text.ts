import { tokens } from "./expression-text.ts";
import { holdCasts } from "./array-casts.ts";
import { columns as columnList } from "./compile.ts";
import { render } from "./spelling.ts";
import type { MaterializedView, View } from "../../schema/objects/types.ts";
import type { MetaData } from "../../schema/types.ts";

export type StoredQuery = View | MaterializedView;

/** The query as text that gives the same catalog entry that it was read from. */
export function queryText({ query }: Pick<StoredQuery, "query">): string {
  return holdCasts(render(query).trim().replace(/;\s*$/, ""));
}

/** `(a, b) AS SELECT …` without the word AS. */
export function columnNames({ columns = [] }: Pick<StoredQuery, "columns">): string {
  return columns.length === 0 ? "" : ` ${columnList(columns)}`;
}

/** The views of both kinds. */
export function storedQueries({ objects }: MetaData): readonly StoredQuery[] {
  return objects.filter(
    (object): object is StoredQuery => object.kind === "view" || object.kind === "materializedView",
  );
}

/** True where a query lists all columns of a relation: asked at another time, it may mean others. */
export function listsColumns(query: string): boolean {
  return tokens(query).includes("*");
}
