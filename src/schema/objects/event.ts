import { declaring, type Declared } from "./declare.ts";
import type { ScheduledEvent } from "./types.ts";

/** What an event is beside its name. */
export type EventDefinition = Omit<
  ScheduledEvent,
  "kind" | "name" | "table" | "arguments" | "type"
>;

/** The data of an event. */
export function eventOf(name: string, definition: EventDefinition): ScheduledEvent {
  return { kind: "event", name, ...definition };
}

/**
 * Declares an event of MySQL or MariaDB: a statement that the server runs by a schedule.
 *
 * @example
 * export const purgeSessions = event("purge_sessions", {
 *   every: "1 DAY",
 *   starts: sql`'2026-01-01 03:00:00'`,
 *   preserve: true,
 *   body: sql`DELETE FROM sessions WHERE expires_at < NOW()`,
 * });
 */
export const event: (name: string, definition: EventDefinition) => Declared<ScheduledEvent> =
  declaring(eventOf);
