import type { CanonicalObjects, ObjectSides } from "./contract.ts";
import { describeKind } from "../operations/object-words.ts";
import { objectKey } from "../schema/objects/declare.ts";
import type { OpenObject } from "../schema/objects/types.ts";
import type { SkippedObject } from "../schema/types.ts";

/** An object that takes no part, as it is told. */
export function skippedObject(object: OpenObject, reason: string): SkippedObject {
  const { schema, name, table, kind } = object;
  return {
    kind: describeKind(kind),
    ...(schema === undefined ? {} : { schema }),
    name,
    ...(table === undefined ? {} : { table }),
    reason,
  };
}

/** The sides without the objects that could not be decided. */
export function skipped<O extends OpenObject>(
  { database, models }: ObjectSides<O>,
  undecided: readonly { readonly object: O; readonly reason: string }[],
): CanonicalObjects<O> {
  const left = new Set(undecided.map(({ object }) => objectKey(object.kind, object)));
  const takesPart = (object: O): boolean => !left.has(objectKey(object.kind, object));
  return {
    database: database.filter(takesPart),
    models: models.filter(takesPart),
    skipped: undecided.map(({ object, reason }) => skippedObject(object, reason)),
  };
}
