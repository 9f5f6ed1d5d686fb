import type { EnumType } from "../types.ts";
import type { ObjectName, OpenObject, SchemaObject } from "./types.ts";

/** Key of a declared object's content. */
export const OBJECT: unique symbol = Symbol.for("revline.object");

/** A declaration of an object beside tables, for models to export. */
export interface Declared<O extends OpenObject> {
  readonly [OBJECT]: O;
}

/** Makes the data of an object from its name and what it is; used by models and revisions alike. */
export type ObjectBuilder<Definition, O extends OpenObject> = (
  name: string,
  definition: Definition,
) => O;

/** The builder for models of a builder of data. */
export function declaring<Definition, O extends OpenObject>(
  build: ObjectBuilder<Definition, O>,
): (name: string, definition: Definition) => Declared<O> {
  return (name, definition) => ({ [OBJECT]: build(name, definition) });
}

/** True for a declared object, of any copy of the package. */
export function isDeclaredObject(value: unknown): value is Declared<OpenObject> {
  return (
    (typeof value === "object" || typeof value === "function") && value !== null && OBJECT in value
  );
}

/** The name of an object without all else it holds. */
export function objectName(object: ObjectName): ObjectName {
  const { schema, name, table, arguments: types, type, on, role } = object;
  return {
    ...(type === undefined ? {} : { type }),
    ...(schema === undefined ? {} : { schema }),
    name,
    ...(table === undefined ? {} : { table }),
    ...(types === undefined ? {} : { arguments: types }),
    ...(on === undefined ? {} : { on }),
    ...(role === undefined ? {} : { role }),
  };
}

/** A key that no two objects of a database share. */
export function objectKey(kind: SchemaObject["kind"], object: ObjectName): string {
  const { name, table, arguments: types, type, on, role } = object;
  // where an extension is installed is no part of its name
  const schema = kind === "extension" ? undefined : object.schema;
  return JSON.stringify([
    type ?? kind,
    schema ?? null,
    name,
    table ?? null,
    types ?? null,
    on ?? null,
    role ?? null,
  ]);
}

/** True for the kinds that have no operations of their own. */
export function isOpen(object: SchemaObject): object is OpenObject {
  return object.kind !== "enum";
}

/** The enums among the objects. */
export function enumsOf(objects: readonly SchemaObject[]): readonly EnumType[] {
  return objects.filter((object) => object.kind === "enum");
}
