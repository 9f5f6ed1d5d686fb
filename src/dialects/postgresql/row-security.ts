import { quoteTable } from "./spelling.ts";
import type { Options, TableName } from "../../schema/types.ts";

/** The options of a table that are no storage parameters, but whether policies count. */
const STATES = [
  ["rowSecurity", "ENABLE", "DISABLE"],
  ["forceRowSecurity", "FORCE", "NO FORCE"],
] as const;

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
