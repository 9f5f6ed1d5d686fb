/**
 * The open kinds: objects beside tables, one folder each, named here alone. May import `schema`,
 * `operations`, `errors` and the contract of `dialects`; SQL stands only in the folders of the kinds.
 * Never opens a connection.
 */
import type { CanonicalContext, ObjectContext } from "./contract.ts";
import { compileInvoke, customKind } from "./custom/index.ts";
import type { Plugin } from "./plugin.ts";
import { enumKind } from "./enum/index.ts";
import { eventKind } from "./event/index.ts";
import { anyKind, type AnyKind, type AnyKindOn } from "./kinds.ts";
import { aggregateKind } from "./aggregate/index.ts";
import { functionKind } from "./function/index.ts";
import { grantsKind } from "./grants/index.ts";
import { defaultPrivilegesKind } from "./default-privileges/index.ts";
import { materializedViewKind } from "./materialized-view/index.ts";
import { procedureKind } from "./procedure/index.ts";
import { policyKind } from "./policy/index.ts";
import { ruleKind } from "./rule/index.ts";
import { eventTriggerKind } from "./event-trigger/index.ts";
import { publicationKind } from "./publication/index.ts";
import { triggerKind } from "./trigger/index.ts";
import { collationKind } from "./collation/index.ts";
import { compositeTypeKind } from "./composite-type/index.ts";
import { domainKind } from "./domain/index.ts";
import { rangeTypeKind } from "./range-type/index.ts";
import { extensionKind } from "./extension/index.ts";
import { sequenceKind } from "./sequence/index.ts";
import { schemaCommentKind } from "./schema-comment/index.ts";
import { statisticsKind } from "./statistics/index.ts";
import { castKind } from "./cast/index.ts";
import { operatorKind } from "./operator/index.ts";
import { textSearchConfigurationKind } from "./text-search-configuration/index.ts";
import { textSearchDictionaryKind } from "./text-search-dictionary/index.ts";
import { skippedObject } from "./skipped.ts";
import { viewKind } from "./view/index.ts";
import { virtualTableKind } from "./virtual-table/index.ts";
import type {
  Connection,
  Dialect,
  PlanContext,
  ReflectFilter,
  Statement,
} from "../dialects/contract.ts";
import { RevlineError } from "../errors.ts";
import { describeObject } from "../operations/object-words.ts";
import type { ObjectOperation } from "../operations/operation.ts";
import type { ObjectName, OpenKind, OpenObject } from "../schema/objects/types.ts";
import type { DialectName, MetaData, SkippedObject } from "../schema/types.ts";

export type {
  CanonicalContext,
  CanonicalObjects,
  ObjectContext,
  ObjectDialect,
  ObjectKind,
  ObjectSides,
  ReflectedObjects,
} from "./contract.ts";
export * from "./plugin.ts";

/** Every open kind of ours; a new one is a line here. */
const KINDS: { readonly [K in Exclude<OpenKind, "custom">]: AnyKind } = {
  extension: anyKind(extensionKind),
  sequence: anyKind(sequenceKind),
  domain: anyKind(domainKind),
  compositeType: anyKind(compositeTypeKind),
  rangeType: anyKind(rangeTypeKind),
  collation: anyKind(collationKind),
  view: anyKind(viewKind),
  virtualTable: anyKind(virtualTableKind),
  event: anyKind(eventKind),
  materializedView: anyKind(materializedViewKind),
  function: anyKind(functionKind),
  procedure: anyKind(procedureKind),
  aggregate: anyKind(aggregateKind),
  trigger: anyKind(triggerKind),
  eventTrigger: anyKind(eventTriggerKind),
  publication: anyKind(publicationKind),
  grants: anyKind(grantsKind),
  defaultPrivileges: anyKind(defaultPrivilegesKind),
  statistics: anyKind(statisticsKind),
  schemaComment: anyKind(schemaCommentKind),
  textSearchDictionary: anyKind(textSearchDictionaryKind),
  textSearchConfiguration: anyKind(textSearchConfigurationKind),
  operator: anyKind(operatorKind),
  cast: anyKind(castKind),
  rule: anyKind(ruleKind),
  policy: anyKind(policyKind),
};

function kindsOn(
  dialect: Dialect,
  database: DialectName,
  plugins: readonly Plugin[],
): readonly (readonly [OpenKind, AnyKindOn])[] {
  return [...Object.values(KINDS), customKind(plugins)].flatMap((kind) => {
    const on = kind.on(dialect, database);
    return on === undefined ? [] : [[kind.kind, on] as const];
  });
}

/** The kinds of ours that a database has. */
export function kindsOf(dialect: Dialect, database: DialectName): readonly OpenKind[] {
  return Object.values(KINDS)
    .filter((kind) => kind.on(dialect, database) !== undefined)
    .map(({ kind }) => kind);
}

/** For {@link PlanContext.compileObject}. */
export function objectCompiler(
  dialect: Dialect,
  plugins: readonly Plugin[] = [],
): PlanContext["compileObject"] {
  return (operation, state) => compileObject(dialect, operation, state, plugins);
}

/** SQL of an operation of an open kind. @throws RevlineError unsupported: the database has no such objects */
export async function compileObject(
  dialect: Dialect,
  operation: ObjectOperation,
  state: PlanContext,
  plugins: readonly Plugin[] = [],
): Promise<readonly Statement[]> {
  const context: ObjectContext = { dialect, state };
  const kindOf = (kind: OpenKind, object: ObjectName): AnyKindOn =>
    found(kind === "custom" ? customKind(plugins) : KINDS[kind], object, context);
  switch (operation.kind) {
    case "invoke":
      return compileInvoke(operation, plugins, context);
    case "createEnum":
      return (await enumKind.compile[dialect.name]?.createEnum(operation, context)) ?? [];
    case "dropEnum":
      return (await enumKind.compile[dialect.name]?.dropEnum(operation, context)) ?? [];
    case "alterEnum":
      return (await enumKind.compile[dialect.name]?.alterEnum(operation, context)) ?? [];
    case "renameEnumValue":
      return (await enumKind.compile[dialect.name]?.renameEnumValue(operation, context)) ?? [];
    case "createObject":
      return kindOf(operation.object.kind, operation.object).compile(operation, context);
    case "dropObject":
      return kindOf(operation.type, operation.object).compile(operation, context);
    case "alterObject":
      return kindOf(operation.to.kind, operation.to).compile(operation, context);
  }
}

function found(kind: AnyKind, object: ObjectName, { dialect, state }: ObjectContext): AnyKindOn {
  const on = kind.on(dialect, state.server.dialect);
  if (on !== undefined) return on;
  throw new RevlineError(
    "unsupported",
    `There is no ${describeObject(kind.kind, object)} on this database: it has no objects of that kind.`,
    { hint: "Leave the operation out where the revision runs on this database." },
  );
}

/**
 * Adds the objects beside tables to what a dialect has read; what is now an object is no longer told as
 * skipped.
 */
export async function reflectObjects(
  dialect: Dialect,
  connection: Connection,
  filter: ReflectFilter,
  database: MetaData,
  plugins: readonly Plugin[] = [],
): Promise<MetaData> {
  const objects: OpenObject[] = [];
  const skipped: SkippedObject[] = [];
  const told = new Set<string>();
  for (const [, kind] of kindsOn(dialect, connection.server.dialect, plugins)) {
    const read = await kind.reflect(connection, filter);
    objects.push(...read.objects.toSorted(byName));
    skipped.push(...read.skipped);
    for (const word of kind.skippedAs) told.add(word);
  }
  return {
    ...database,
    objects: [...database.objects, ...objects],
    skipped: [...database.skipped.filter(({ kind }) => !told.has(kind)), ...skipped],
  };
}

/** The order in which models tell them: the same whatever the order in which they were made. */
function byName(a: OpenObject, b: OpenObject): number {
  const [left, right] = [a, b].map(({ schema, name, table, arguments: types }) =>
    JSON.stringify([schema ?? "", name, table ?? "", types ?? ""]),
  );
  return left === right ? 0 : (left ?? "") < (right ?? "") ? -1 : 1;
}

/** The objects of both sides in canonical form, and what of them takes no part. */
export async function canonicalizeObjects(
  context: CanonicalContext,
  plugins: readonly Plugin[] = [],
): Promise<{
  readonly database: readonly OpenObject[];
  readonly models: readonly OpenObject[];
  readonly skipped: readonly SkippedObject[];
}> {
  const { dialect, connection } = context;
  const on = new Map(kindsOn(dialect, connection.server.dialect, plugins));
  const of = (metadata: MetaData): readonly OpenObject[] =>
    metadata.objects
      .filter((object) => object.kind !== "enum")
      .map((object) => inDefault(object, connection.server.defaultSchema));
  const [inDatabase, inModels] = [of(context.database), of(context.models)];
  const database: OpenObject[] = [];
  const models: OpenObject[] = [];
  const skipped: SkippedObject[] = inModels
    .filter(({ kind }) => !on.has(kind))
    .map((object) => skippedObject(object, "this database has no objects of this kind"));
  for (const [kind, { canonicalize }] of on) {
    const sides = {
      database: inDatabase.filter((object) => object.kind === kind),
      models: inModels.filter((object) => object.kind === kind),
    };
    if (sides.database.length === 0 && sides.models.length === 0) continue;
    const canonical = await canonicalize(sides, context);
    database.push(...canonical.database);
    models.push(...canonical.models);
    skipped.push(...canonical.skipped);
  }
  return { database, models, skipped };
}

/** The same name whether the default schema was written out or not; default privileges without one are for all schemas. */
function inDefault<O extends OpenObject>(object: O, defaultSchema: string | undefined): O {
  if (object.schema === undefined || object.schema !== defaultSchema) return object;
  if (object.kind === "defaultPrivileges") return object;
  const copy: O & { schema?: string } = { ...object };
  delete copy.schema;
  return copy;
}
