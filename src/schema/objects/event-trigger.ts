import { declaring, type Declared } from "./declare.ts";
import type { EventTrigger } from "./types.ts";

/** All that stands beside the name. */
export type EventTriggerDefinition = Omit<
  EventTrigger,
  "kind" | "name" | "schema" | "table" | "arguments"
>;

/** The data, from the name and what stands beside it. */
export function eventTriggerOf(name: string, definition: EventTriggerDefinition): EventTrigger {
  return { kind: "eventTrigger", name, ...definition };
}

/**
 * Declares an event trigger (PostgreSQL).
 *
 * @example
 * export const noteDrops = eventTrigger("note_drops", { event: "sql_drop", execute: sql`note_drop()` });
 */
export const eventTrigger: (
  name: string,
  definition: EventTriggerDefinition,
) => Declared<EventTrigger> = declaring(eventTriggerOf);
