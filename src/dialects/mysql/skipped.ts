import { read, type SchemaRows } from "./catalog.ts";
import type { Row } from "../contract.ts";
import type { SkippedObject } from "../../schema/types.ts";

const REASONS: Readonly<Record<string, string>> = {
  view: "Views are not compared.",
  sequence: "Sequences of MariaDB are not compared.",
  trigger: "Triggers are not compared.",
  event: "Events are not compared.",
  procedure: "Stored procedures are not compared.",
  function: "Stored functions are not compared.",
};

function kindOf(row: Row): string | undefined {
  const type = (read(row, "type") ?? "").toUpperCase();
  if (type === "VIEW" || type === "SYSTEM VIEW") return "view";
  return type === "SEQUENCE" ? "sequence" : undefined;
}

/** What a schema holds beside tables, and what of its tables takes no part in the comparison. */
export function skippedOf(rows: SchemaRows): readonly SkippedObject[] {
  const located = rows.schema === undefined ? {} : { schema: rows.schema };
  const object = (kind: string, row: Row, more: Partial<SkippedObject> = {}): SkippedObject => ({
    kind,
    ...located,
    name: read(row, "name") ?? "",
    reason: REASONS[kind] ?? "It is not compared.",
    ...more,
  });
  return [
    ...rows.tables.flatMap((row) => {
      const kind = kindOf(row);
      return kind === undefined ? [] : [object(kind, row)];
    }),
    ...rows.triggers.map((row) =>
      object("trigger", row, {
        table: read(row, "table_name") ?? "",
        definition: `${read(row, "timing") ?? ""} ${read(row, "event") ?? ""}`,
      }),
    ),
    ...rows.routines.map((row) => object((read(row, "type") ?? "function").toLowerCase(), row)),
    ...rows.events.map((row) => object("event", row)),
  ];
}
