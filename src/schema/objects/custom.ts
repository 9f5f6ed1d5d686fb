import { OBJECT, type Declared } from "./declare.ts";
import type { CustomData, CustomObject, ObjectName } from "./types.ts";

/** The data of an object of a kind of the project's own. */
export function customObjectOf(
  type: string,
  name: string,
  definition: CustomData,
  where: Pick<ObjectName, "schema" | "table"> = {},
): CustomObject {
  return { kind: "custom", type, name, ...where, definition };
}

/**
 * Declares an object of a kind of the project's own, see `defineObjectKind`.
 *
 * @param type the kind's name
 * @example
 * export const audit = customObject("audit", "users_audit", { columns: ["email"] }, { table: "users" });
 */
export function customObject(
  type: string,
  name: string,
  definition: CustomData,
  where: Pick<ObjectName, "schema" | "table"> = {},
): Declared<CustomObject> {
  return { [OBJECT]: customObjectOf(type, name, definition, where) };
}
