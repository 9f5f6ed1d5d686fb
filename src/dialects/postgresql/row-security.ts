import { quoteTable } from "./spelling.ts";
import type { Options, TableName } from "../../schema/types.ts";

/** The options of a table that are no storage parameters, but whether policies count. */
const STATES = [
  ["rowSecurity", "ENABLE", "DISABLE"],
  ["forceRowSecurity", "FORCE", "NO FORCE"],
] as const;

/** The options that say something of row security. */
export function securityOf(options: Options = {}): Options {
  return Object.fromEntries(
    STATES.flatMap(([key]) => (options[key] === true ? [[key, true] as const] : [])),
  );
}

/** The options that say something else. */
export function withoutSecurity(options: Options): Options {
  const { rowSecurity: _enabled, forceRowSecurity: _forced, ...others } = options;
  return others;
}

/** `ALTER TABLE … ENABLE ROW LEVEL SECURITY` and the like, as far as it differs. */
export function setSecurity(
  table: TableName,
  from: Options | undefined,
  to: Options | undefined,
): readonly string[] {
  return STATES.flatMap(([key, on, off]) => {
    const [was, is] = [from?.[key] === true, to?.[key] === true];
    return was === is
      ? []
      : [`ALTER TABLE ${quoteTable(table)} ${is ? on : off} ROW LEVEL SECURITY`];
  });
}
