import type {
  CanonicalContext,
  CanonicalObjects,
  ObjectContext,
  ObjectDialect,
  ObjectKind,
  ObjectSides,
  ReflectedObjects,
} from "./contract.ts";
import type { Connection, Dialect, ReflectFilter, Statement } from "../dialects/contract.ts";
import { RevlineError } from "../errors.ts";
import type { AlterObject, CreateObject, DropObject } from "../operations/operation.ts";
import { describeKind } from "../operations/object-words.ts";
import type { OpenKind, OpenObject } from "../schema/objects/types.ts";
import type { DialectName } from "../schema/types.ts";

export type ObjectOperationOf = CreateObject | DropObject | AlterObject;

/** A kind whose objects are known as {@link OpenObject} alone: all kinds in one table. */
export interface AnyKind {
  readonly kind: OpenKind;
  /** Absent where the database does not have the kind. `database`: which of those that share the dialect. */
  on(dialect: Dialect, database: DialectName): AnyKindOn | undefined;
}

export interface AnyKindOn {
  readonly skippedAs: readonly string[];
  reflect(connection: Connection, filter: ReflectFilter): Promise<ReflectedObjects<OpenObject>>;
  canonicalize(
    sides: ObjectSides<OpenObject>,
    context: CanonicalContext,
  ): Promise<CanonicalObjects<OpenObject>>;
  compile(operation: ObjectOperationOf, context: ObjectContext): Promise<readonly Statement[]>;
}

/** Takes the type of a kind's objects away; what is handed back is checked to be of the kind. */
export function anyKind<O extends OpenObject>(kind: ObjectKind<O>): AnyKind {
  return {
    kind: kind.kind,
    on: (dialect, database) => {
      if (kind.lacking?.includes(database) === true) return undefined;
      const found = kind.dialects[dialect.name];
      return found === undefined ? undefined : onDialect(kind, found);
    },
  };
}

function onDialect<O extends OpenObject>(
  kind: ObjectKind<O>,
  dialect: ObjectDialect<O>,
): AnyKindOn {
  const own = (object: OpenObject): O => {
    if (kind.is(object)) return object;
    throw new RevlineError(
      "internal",
      `A ${describeKind(object.kind)} was taken for a ${describeKind(kind.kind)}.`,
    );
  };
  return {
    skippedAs: dialect.skippedAs,
    reflect: (connection, filter) => dialect.reflect(connection, filter),
    canonicalize: ({ database, models }, context) =>
      dialect.canonicalize(
        { database: database.filter(kind.is), models: models.filter(kind.is) },
        context,
      ),
    compile: async (operation, context) => {
      switch (operation.kind) {
        case "createObject":
          return dialect.create(own(operation.object), context);
        case "dropObject":
          return dialect.drop(
            operation.object,
            context,
            operation.dropped === undefined ? undefined : own(operation.dropped),
          );
        case "alterObject":
          return dialect.alter({ from: own(operation.from), to: own(operation.to) }, context);
      }
    },
  };
}
