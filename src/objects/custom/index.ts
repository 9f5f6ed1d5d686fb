/**
 * Objects and operations of the project's own: the plugins of the config. Their data is compared, rendered
 * and reversed as all other; the SQL is theirs.
 */
import type {
  CanonicalContext,
  CanonicalObjects,
  ObjectContext,
  ObjectSides,
} from "../contract.ts";
import type { AnyKind, AnyKindOn, ObjectOperationOf } from "../kinds.ts";
import type {
  CustomContext,
  CustomKind,
  CustomOperation,
  CustomQuery,
  CustomSql,
  Plugin,
} from "../plugin.ts";
import { renderExpression } from "../../dialects/ddl.ts";
import type { Connection, Dialect, ServerInfo, Statement } from "../../dialects/contract.ts";
import { RevlineError } from "../../errors.ts";
import type { Invoke } from "../../operations/operation.ts";
import { suggest } from "../../util/suggest.ts";
import { customObjectOf } from "../../schema/objects/custom.ts";
import type { CustomObject, OpenObject } from "../../schema/objects/types.ts";

function isKind(plugin: Plugin): plugin is CustomKind {
  return "kind" in plugin;
}

function contextOf(dialect: Dialect, server: ServerInfo): CustomContext {
  return {
    dialect: server.dialect,
    server,
    quote: (...names) => dialect.quote(...names),
    literal: (value) => dialect.literal(value, server),
  };
}

function queryOf(dialect: Dialect, connection: Connection): CustomQuery {
  return {
    ...contextOf(dialect, connection.server),
    query: (sql, params) => connection.query(sql, params),
  };
}

function statements(given: readonly CustomSql[], context: CustomContext): readonly Statement[] {
  return given.map((sql) => ({
    sql: typeof sql === "string" ? sql : renderExpression(sql, context.dialect, context),
  }));
}

function unknown(what: string, name: string, known: readonly string[]): RevlineError {
  const near = suggest(name, known);
  return new RevlineError("unsupported", `No plugin of the config defines the ${what} "${name}".`, {
    hint: near === undefined ? "Add it to `plugins` of the config." : `Did you mean "${near}"?`,
  });
}

/** SQL of `op.invoke`. @throws RevlineError unsupported */
export function compileInvoke(
  { name, data }: Invoke,
  plugins: readonly Plugin[],
  { dialect, state }: ObjectContext,
): readonly Statement[] {
  const operations = plugins.filter((plugin): plugin is CustomOperation => !isKind(plugin));
  const found = operations.find(({ operation }) => operation === name);
  if (found === undefined)
    throw unknown(
      "operation",
      name,
      operations.map(({ operation }) => operation),
    );
  const context = contextOf(dialect, state.server);
  return statements(found.compile(data, context), context);
}

/** All kinds of the plugins as one of ours. */
export function customKind(plugins: readonly Plugin[]): AnyKind {
  const kinds = plugins.filter(isKind);
  return {
    kind: "custom",
    on: (dialect) => onDialect(kinds, dialect),
  };
}

function isCustom(object: OpenObject): object is CustomObject {
  return object.kind === "custom";
}

function onDialect(kinds: readonly CustomKind[], dialect: Dialect): AnyKindOn {
  const has = ({ dialects }: CustomKind, server: ServerInfo): boolean =>
    dialects?.includes(server.dialect) ?? true;
  const kindOf = (type: string): CustomKind => {
    const found = kinds.find(({ kind }) => kind === type);
    if (found === undefined)
      throw unknown(
        "kind",
        type,
        kinds.map(({ kind }) => kind),
      );
    return found;
  };
  return {
    skippedAs: [],
    reflect: async (connection) => {
      const database = queryOf(dialect, connection);
      const objects: CustomObject[] = [];
      for (const plugin of kinds.filter((kind) => has(kind, connection.server))) {
        for (const { definition, name, ...where } of await plugin.reflect(database))
          objects.push(customObjectOf(plugin.kind, name, definition, where));
      }
      return { objects, skipped: [] };
    },
    canonicalize: (sides, context) => canonicalize(sides, context, kindOf),
    compile: async (operation, { state }) => {
      const context = contextOf(dialect, state.server);
      return statements(compile(operation, kindOf, context), context);
    },
  };
}

async function canonicalize(
  { database, models }: ObjectSides<OpenObject>,
  { dialect, connection }: CanonicalContext,
  kindOf: (type: string) => CustomKind,
): Promise<CanonicalObjects<OpenObject>> {
  const asker = queryOf(dialect, connection);
  const side = async (objects: readonly OpenObject[]): Promise<readonly CustomObject[]> => {
    const canonical: CustomObject[] = [];
    for (const object of objects.filter(isCustom)) {
      const { canonicalize: spell } = kindOf(object.type);
      const definition = (await spell?.(object.definition, asker)) ?? object.definition;
      canonical.push({ ...object, definition });
    }
    return canonical;
  };
  return { database: await side(database), models: await side(models), skipped: [] };
}

function compile(
  operation: ObjectOperationOf,
  kindOf: (type: string) => CustomKind,
  context: CustomContext,
): readonly CustomSql[] {
  if (operation.kind === "dropObject")
    return kindOf(operation.object.type ?? "").drop(operation.object, context);
  if (operation.kind === "createObject")
    return isCustom(operation.object)
      ? kindOf(operation.object.type).create(operation.object, context)
      : [];
  const { from, to } = operation;
  if (!isCustom(from) || !isCustom(to)) return [];
  const kind = kindOf(to.type);
  return (
    kind.alter?.({ from, to }, context) ?? [
      ...kind.drop(from, context),
      ...kind.create(to, context),
    ]
  );
}
