import type { CreateObject, DropObject } from "./operation.ts";
import { objectName } from "../schema/objects/declare.ts";
import type { OpenObject } from "../schema/objects/types.ts";

/** An object that goes, and comes again as it then is. */
export function madeAnew(from: OpenObject, to: OpenObject): readonly [DropObject, CreateObject] {
  return [
    { kind: "dropObject", type: from.kind, object: objectName(from), dropped: from },
    { kind: "createObject", object: to },
  ];
}
