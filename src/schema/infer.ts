import type { AnyColumnBuilder } from "./column.ts";
import type { TableValue } from "./table.ts";

type ColumnsOf<X> = X extends TableValue<infer C> ? C : X;
type ColumnKeys<C> = { [K in keyof C]: C[K] extends AnyColumnBuilder ? K : never }[keyof C];
type ValueOf<B> = B extends { readonly $type?: infer T } ? Exclude<T, undefined> : never;
type FlagsOf<B> = B extends { readonly $flags?: infer F } ? Exclude<F, undefined> : never;

type Nullable<B> = FlagsOf<B> extends { readonly notNull: true } ? ValueOf<B> : ValueOf<B> | null;
type IsGenerated<B> = FlagsOf<B> extends { readonly generated: true } ? true : false;
type IsRequired<B> = FlagsOf<B> extends { readonly notNull: true; readonly hasDefault: false; readonly generated: false }
  ? true
  : false;

type Flatten<T> = { [K in keyof T]: T[K] };

/**
 * The type of a row: `Row<typeof users>` or `Row<Organisation>`.
 */
export type Row<X> = Flatten<{
  [K in ColumnKeys<ColumnsOf<X>> & string]: Nullable<ColumnsOf<X>[K]>;
}>;

/** The type of a row to insert: columns with a default may be left out, generated ones must. */
export type Insert<X> = Flatten<
  {
    [K in ColumnKeys<ColumnsOf<X>> & string as IsRequired<ColumnsOf<X>[K]> extends true ? K : never]: Nullable<ColumnsOf<X>[K]>;
  } & {
    [K in ColumnKeys<ColumnsOf<X>> & string as IsRequired<ColumnsOf<X>[K]> extends true
      ? never
      : IsGenerated<ColumnsOf<X>[K]> extends true
        ? never
        : K]?: Nullable<ColumnsOf<X>[K]>;
  }
>;
