import type { Operation } from "./operation.ts";
import type { ObjectBuilder } from "../schema/objects/declare.ts";
import type { ObjectName, OpenKind, OpenObject } from "../schema/objects/types.ts";
import { viewOf, type ViewDefinition } from "../schema/objects/view.ts";

type Create<Definition> = (name: string, definition: Definition) => void;
type Drop = (name: string, where?: Omit<ObjectName, "name">) => void;
/** The whole object before and after. */
type Alter<Definition> = (
  name: string,
  change: { readonly from: Definition; readonly to: Definition },
) => void;

/** The methods of `op` for objects beside tables: three for each kind. */
export interface ObjectMethods {
  readonly createView: Create<ViewDefinition>;
  readonly dropView: Drop;
  readonly alterView: Alter<ViewDefinition>;
}

/** Makes the methods that record. */
export function objectMethods(record: (operation: Operation) => void): ObjectMethods {
  const create =
    <Definition>(build: ObjectBuilder<Definition, OpenObject>): Create<Definition> =>
    (name, definition) =>
      record({ kind: "createObject", object: build(name, definition) });
  const drop =
    (type: OpenKind): Drop =>
    (name, where = {}) =>
      record({ kind: "dropObject", type, object: { name, ...where } });
  const alter =
    <Definition>(build: ObjectBuilder<Definition, OpenObject>): Alter<Definition> =>
    (name, { from, to }) =>
      record({ kind: "alterObject", from: build(name, from), to: build(name, to) });
  return {
    createView: create(viewOf),
    dropView: drop("view"),
    alterView: alter(viewOf),
  };
}
