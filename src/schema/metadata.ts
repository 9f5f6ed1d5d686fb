import { collect } from "./collect.ts";
import { ENUM, isEnumValue, type EnumValue } from "./enum.ts";
import { isDeclaredObject, OBJECT } from "./objects/declare.ts";
import { declaresTable, type DeclaresTable } from "./table.ts";
import type { MetaData, NamingConvention } from "./types.ts";

/** Key of a declared metadata's content. */
export const METADATA: unique symbol = Symbol.for("revline.metadata");

export interface MetaDataOptions {
  /** How constraints and indexes without a name are called. */
  readonly naming?: NamingConvention;
}

/** What may be given to a metadata: tables, model classes, enums; other values are passed over. */
export type Declarations = Readonly<Record<string, unknown>> | readonly unknown[];

/** A set of declarations, as SQLAlchemy's `MetaData` is. */
export interface MetaDataValue {
  readonly [METADATA]: { readonly options: MetaDataOptions; readonly values: readonly unknown[] };
}

/** True for a declared metadata, of any copy of the package. */
export function isMetaDataValue(value: unknown): value is MetaDataValue {
  return typeof value === "object" && value !== null && METADATA in value;
}

/** Everything declared in the given values, each once, as plain data. */
export function metaDataOf(values: readonly unknown[], options: MetaDataOptions = {}): MetaData {
  const holders = values.filter(isMetaDataValue).map((value) => value[METADATA]);
  const all = [...new Set([...values, ...holders.flatMap((holder) => holder.values)])];
  const naming =
    holders.find((holder) => holder.options.naming !== undefined)?.options.naming ?? options.naming;
  const tables: readonly DeclaresTable[] = all.filter(declaresTable);
  const enums: readonly EnumValue<readonly string[]>[] = all.filter(isEnumValue);
  return collect(
    tables,
    enums.map((value) => value[ENUM]),
    naming,
    all.filter(isDeclaredObject).map((value) => value[OBJECT]),
  );
}
