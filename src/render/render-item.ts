import type { Column, ColumnType, ServerDefault } from "../schema/types.ts";

/** A piece of a column that is about to be written. */
export type RenderedItem =
  | { readonly kind: "column"; readonly column: Column }
  | { readonly kind: "type"; readonly type: ColumnType; readonly column: Column }
  | { readonly kind: "default"; readonly default: ServerDefault; readonly column: Column };

/** What a `renderItem` may add to the file. */
export interface RenderContext {
  /** Whole lines of imports: `import { money } from "../types.ts";`. */
  readonly imports: Set<string>;
}

/**
 * The code of a piece: of a column the whole chain (`t.integer().notNull()`), of a type its beginning
 * (`t.varchar(30)`, `money()`), of a default the argument. Undefined: as ever; null: no default.
 */
export type RenderItem = (item: RenderedItem, context: RenderContext) => string | null | undefined;
