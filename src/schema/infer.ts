import type { AnyColumnBuilder } from "./column.ts";
import type { TableValue } from "./table.ts";

type ColumnsOf<X> = X extends TableValue<infer C> ? C : X;
type ColumnKeys<C> = { [K in keyof C]: C[K] extends AnyColumnBuilder ? K : never }[keyof C];
type FlagsOf<B> = B extends { readonly $flags?: infer F } ? Exclude<F, undefined> : never;
type TypeOf<B> = B extends { readonly $type?: infer T } ? Exclude<T, undefined> : never;

/** What a column's type becomes when the column it references has another type: nothing is assignable. */
export interface ReferencesAnotherType<Own, Referenced> {
  readonly own: Own;
  readonly referenced: Referenced;
  readonly error: "This column references a column of another type.";
}

/** Types that a foreign key may join: numbers of every size, texts of every kind. */
type Kind<T> = T extends string ? string : T extends number | bigint ? number : T;
type Joins<Own, Referenced> = [Kind<Own>] extends [Kind<Referenced>]
  ? true
  : [Kind<Referenced>] extends [Kind<Own>]
    ? true
    : false;
type Referenced<B> = B extends { readonly $references?: infer R }
  ? Exclude<R, undefined> extends () => infer C
    ? C
    : never
  : never;

type ValueOf<B> = [Referenced<B>] extends [never]
  ? TypeOf<B>
  : Joins<TypeOf<B>, TypeOf<Referenced<B>>> extends true
    ? TypeOf<B>
    : ReferencesAnotherType<TypeOf<B>, TypeOf<Referenced<B>>>;

type Nullable<B> = FlagsOf<B> extends { readonly notNull: true } ? ValueOf<B> : ValueOf<B> | null;
type IsGenerated<B> = FlagsOf<B> extends { readonly generated: true } ? true : false;
type IsRequired<B> =
  FlagsOf<B> extends {
    readonly notNull: true;
    readonly hasDefault: false;
    readonly generated: false;
  }
    ? true
    : false;

type Flatten<T> = { [K in keyof T]: T[K] };

/**
 * The type of a row: `Row<typeof users>` or `Row<Organisation>`. A foreign key to a column of another
 * type makes its column {@link ReferencesAnotherType}, which no value is.
 */
export type Row<X> = Flatten<{
  [K in ColumnKeys<ColumnsOf<X>> & string]: Nullable<ColumnsOf<X>[K]>;
}>;

/** The type of a row to insert: columns with a default may be left out, generated ones must. */
export type Insert<X> = Flatten<
  {
    [
      K in ColumnKeys<ColumnsOf<X>> & string as IsRequired<ColumnsOf<X>[K]> extends true ? K : never
    ]: Nullable<ColumnsOf<X>[K]>;
  } & {
    [
      K in ColumnKeys<ColumnsOf<X>> & string as IsRequired<ColumnsOf<X>[K]> extends true
        ? never
        : IsGenerated<ColumnsOf<X>[K]> extends true
          ? never
          : K
    ]?: Nullable<ColumnsOf<X>[K]>;
  }
>;
