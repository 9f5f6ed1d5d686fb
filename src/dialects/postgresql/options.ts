import type { Options } from "../../schema/types.ts";

/** One spelling for what the catalog keeps as it was typed: `off`, `false`, `70`. */
export function optionValue(value: string): string | number | boolean {
  if (/^(on|true)$/i.test(value)) return true;
  if (/^(off|false)$/i.test(value)) return false;
  return /^-?\d+(\.\d+)?$/.test(value) && String(Number(value)) === value ? Number(value) : value;
}

/** `reloptions`: a list of `name=value`. */
export function optionsOf(reloptions: readonly string[]): Options {
  return canonicalOptions(
    Object.fromEntries(
      reloptions.map((option) => {
        const at = option.indexOf("=");
        return [option.slice(0, at), option.slice(at + 1)] as const;
      }),
    ),
  );
}

/** Keys in order, in lower case; values in one spelling. */
export function canonicalOptions(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options)
      .map(([key, value]) => [key.toLowerCase(), optionValue(String(value))] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The inside of `WITH (…)` or `SET (…)`. */
export function optionList(options: Options): string {
  return Object.entries(options)
    .map(
      ([key, value]) =>
        `${key} = ${typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value)}`,
    )
    .join(", ");
}
