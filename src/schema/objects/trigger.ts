import { declaring, type Declared } from "./declare.ts";
import type { Trigger } from "./types.ts";

/** What a trigger is beside its name. */
export type TriggerDefinition = Omit<Trigger, "kind" | "name" | "arguments">;

/** The data of a trigger. */
export function triggerOf(name: string, definition: TriggerDefinition): Trigger {
  return { kind: "trigger", name, ...definition };
}

/**
 * Declares a trigger.
 *
 * @example
 * export const usersTouched = trigger("users_touched", {
 *   table: "users",
 *   timing: "before",
 *   events: ["update"],
 *   execute: sql`touch()`,                                          // PostgreSQL
 *   // body: sql`UPDATE users SET touched = 1 WHERE id = NEW.id;`   // SQLite, MySQL
 * });
 */
export const trigger: (name: string, definition: TriggerDefinition) => Declared<Trigger> =
  declaring(triggerOf);
