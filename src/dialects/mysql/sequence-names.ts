import { quoteName } from "./quote.ts";

/**
 * MariaDB puts the database's name before a sequence in a default: ``nextval(`shop`.`numbers`)``. Models are
 * for databases of all names, so the connection's own is left out.
 */
export function withoutDatabase<T extends string | undefined>(
  sql: T,
  database: string,
): T | string {
  return (
    sql?.replaceAll(
      new RegExp(`\\b((?:next|last|set)val\\()${escaped(quoteName(database))}\\.`, "gi"),
      "$1",
    ) ?? sql
  );
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
