import { collation } from "./compile.ts";
import { literal, quote } from "./spelling.ts";
import { compileType } from "./types.ts";
import { plainQuotes, typePath, visibleType } from "./type-names.ts";
import type { ServerInfo } from "../contract.ts";
import type { Column, ColumnType, EnumType } from "../../schema/types.ts";

/** Enums that are not there as the models have them stand in the temporary schema for the time of the questions. */
export class EnumStandIns {
  readonly #present: ReadonlyMap<string, readonly string[]>;
  readonly #made = new Map<
    string,
    { readonly name: string; readonly type: Extract<ColumnType, { name: "enum" }> }
  >();

  readonly #server: ServerInfo;

  constructor(enums: readonly EnumType[], server: ServerInfo) {
    this.#server = server;
    this.#present = new Map(enums.map((type) => [typePath(type, server), type.values]));
  }

  /** The type to use in a temporary table. */
  typeText(type: ColumnType): string {
    if (type.name === "array") return `${this.typeText(type.element)}[]`;
    if (type.name !== "enum" || type.enumName === undefined) return compileType(type);
    const path = compileType(visibleType(type, this.#server));
    if (this.#present.get(path)?.join("\0") === type.values.join("\0")) return path;
    // in the default schema the name is seen first in pg_temp, so that casts in expressions find it too
    const name =
      path === quote(type.enumName) ? type.enumName : `revline_enum_${String(this.#made.size)}`;
    const made = this.#made.get(path) ?? { name, type };
    this.#made.set(path, made);
    return quote("pg_temp", made.name);
  }

  get names(): readonly string[] {
    return [...this.#made.values()].map(({ name }) => name);
  }

  get create(): readonly string[] {
    return [...this.#made.values()].map(
      ({ name, type }) =>
        `CREATE TYPE ${quote("pg_temp", name)} AS ENUM (${type.values.map((value) => literal(value)).join(", ")})`,
    );
  }

  /** The catalog's text with the real names of the enums. */
  restore(sql: string): string {
    return [...this.#made].reduce(
      (words, [path, { name }]) =>
        name.startsWith("revline_enum_")
          ? words.replaceAll(new RegExp(`\\b${name}\\b`, "g"), plainQuotes(path))
          : words,
      sql,
    );
  }
}

/** A column of a temporary table: its name, type and collation. */
export function columnText(column: Column, standIns: EnumStandIns): string {
  const collated = column.collation === undefined ? "" : ` COLLATE ${collation(column.collation)}`;
  return `${quote(column.name)} ${standIns.typeText(column.type)}${collated}`;
}
