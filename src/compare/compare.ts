import { restoreDeclared } from "./declared.ts";
import { suspendDefaultPrivileges } from "./default-privileges.ts";
import { judgeColumns, type ColumnJudges, type Judged } from "./judge.ts";
import { matchByKey } from "./lists.ts";
import { moveColumns } from "./moves.ts";
import { nameItems, namesElsewhere } from "./names.ts";
import { placeColumns } from "./place.ts";
import {
  apart,
  depths,
  isMoved,
  moves,
  recast,
  serialDefaults,
  suspendedKeys,
} from "./parentage.ts";
import { ownedByRemade, publishingReplaced, standingOnReplaced } from "./replaced.ts";
import { withoutTakenAlong } from "./taken-along.ts";
import { applyRenames, caseRenames, type Rename } from "./renames.ts";
import { compareTable } from "./table.ts";
import type { Canonical, Dialect } from "../dialects/contract.ts";
import { applyOperations } from "../operations/apply.ts";
import type { Operation } from "../operations/operation.ts";
import { isObjectChange } from "../operations/order-objects.ts";
import { orderOperations } from "../operations/order.ts";
import { enumsOf, isOpen, objectKey, objectName } from "../schema/objects/declare.ts";
import { publishedBy } from "../schema/objects/published.ts";
import type { OpenObject } from "../schema/objects/types.ts";
import { nameOnly, tableKey } from "../schema/collect.ts";
import { adoptInherited } from "../schema/inherited.ts";
import type { FindTable } from "../schema/parents.ts";
import type { EnumType, MetaData, SkippedObject, Table, TableName } from "../schema/types.ts";
import { deepEqual } from "../util/equal.ts";

export interface CompareOptions {
  /** The database's own rules: names, capabilities. */
  readonly dialect: Pick<Dialect, "defaultName" | "nextValue" | "capabilities">;
  /** The models as they were declared: the operations then say it in their words. */
  readonly declared?: MetaData;
  /** Decisions about columns in place of the comparison's own. */
  readonly judges?: ColumnJudges;
  /** Decisions of a person. */
  readonly renames?: readonly Rename[];
}

export interface Comparison {
  /** In an order that the database accepts; empty when there is no difference. */
  readonly operations: readonly Operation[];
  /** What took no part, with the reason. */
  readonly skipped: readonly SkippedObject[];
  /** The models as they were compared: canonical, every constraint named. */
  readonly models: MetaData;
}

/**
 * The operations that make the database what the models say.
 *
 * @throws RevlineError usage when a rename does not fit
 */
export function compare(canonical: Canonical, options: CompareOptions): Comparison {
  const { dialect, renames = [] } = options;
  const asked = applyRenames(canonical.database, canonical.models, renames);
  const spelled = applyRenames(
    asked.database,
    canonical.models,
    caseRenames(asked.database, canonical.models, dialect.capabilities.caseInsensitive),
  );
  const { database } = spelled;
  const named = nameItems(database, canonical.models, dialect);
  const enums = compareEnums(enumsOf(database.objects), enumsOf(named.objects));
  // a changed enum changes the type of its columns by itself
  const retyped = applyOperations(
    database,
    enums.filter(({ kind }) => kind === "alterEnum"),
  );
  // a check of a parent has its name by now, and a column that is renamed its new one
  const adopted = adoptInherited(named.tables, database.tables);
  const judged = judgeColumns(retyped.tables, adopted, options.judges ?? {});
  const models = { ...named, tables: judged.tables };
  const [old, now] = [database.objects.filter(isOpen), models.objects.filter(isOpen)];
  const different = [
    ...asked.operations,
    ...spelled.operations,
    ...compareSchemas(database, models),
    ...enums,
    ...compareObjects(old, now),
    ...compareTables(retyped.tables, judged, dialect),
  ];
  const found = withoutTakenAlong(different, [database, models]);
  const operations = [
    ...found,
    ...standingOnReplaced(found, old, now),
    ...ownedByRemade(found, old, now),
    ...publishingReplaced(found, old, now),
  ];
  const ordered = orderOperations(suspendDefaultPrivileges(operations, canonical), {
    ...dialect.capabilities,
    depth: depths([...database.tables, ...models.tables]),
  });
  const placed = dialect.capabilities.columnOrder
    ? withMoves(placeColumns(ordered, canonical.database, models), canonical.database, models)
    : ordered;
  return {
    operations: options.declared === undefined ? placed : restoreDeclared(placed, options.declared),
    skipped: [...canonical.database.skipped, ...canonical.skipped],
    models,
  };
}

/** Before the objects that come last: a view of `SELECT *` keeps the order that it is made in. */
function withMoves(
  operations: readonly Operation[],
  database: MetaData,
  models: MetaData,
): readonly Operation[] {
  const last = operations.findLastIndex((operation) => !isObjectChange(operation));
  const comesNext = ["createObject", "alterObject"];
  const next = operations.findIndex(({ kind }, place) => place > last && comesNext.includes(kind));
  const at = next < 0 ? operations.length : next;
  const moved = moveColumns(applyOperations(database, operations), models);
  return [...operations.slice(0, at), ...moved, ...operations.slice(at)];
}

function compareTables(
  before: readonly Table[],
  { tables: after, isDifferent }: Judged,
  dialect: CompareOptions["dialect"],
): readonly Operation[] {
  const { removed, added, both } = matchByKey(before, after, tableKey);
  const isRecast = recast(both);
  const finder = (tables: readonly Table[]): FindTable => {
    const byKey = new Map(tables.map((table) => [tableKey(table), table]));
    return (name) => byKey.get(tableKey(name));
  };
  const find = [finder(before), finder(after)] as const;
  const isGiven = namesElsewhere(
    both.map(([from]) => from),
    dialect.capabilities,
  );
  const isTaken = namesElsewhere(
    both.map(([, to]) => to),
    dialect.capabilities,
  );
  const changesHands = (table: TableName, from: string, to: string): boolean =>
    isGiven(table, to) || isTaken(table, from);
  const beyond = { isDifferent, changesHands };
  return [
    ...suspendedKeys(both, isRecast),
    ...removed.map((table): Operation => ({
      kind: "dropTable",
      table: nameOnly(table),
      dropped: table,
    })),
    ...added.map((table): Operation => ({ kind: "createTable", table })),
    ...both.flatMap(([from, to]): readonly Operation[] => {
      if (isRecast(from, to))
        return [
          { kind: "dropTable", table: nameOnly(from), dropped: from },
          { kind: "createTable", table: to },
        ];
      if (!isMoved(from, to)) return compareTable(from, to, beyond);
      const { tables, names } = apart(from, to, find, dialect);
      return [
        ...moves(from, to, names),
        ...compareTable(...tables, beyond),
        ...serialDefaults(from, to, find, dialect),
      ];
    }),
  ];
}

function compareSchemas(before: MetaData, after: MetaData): readonly Operation[] {
  const occupied = new Set(before.skipped.flatMap(({ schema }) => schema ?? []));
  // an empty schema is nobody's here: models say a schema by what stands in it
  const published = new Set(
    after.objects.flatMap((object) =>
      object.kind === "publication" ? publishedBy(object).schemas : [],
    ),
  );
  const isKept = (name: string): boolean => occupied.has(name) || published.has(name);
  const ours = new Set([...before.tables, ...before.objects].flatMap(({ schema }) => schema ?? []));
  return [
    ...after.schemas
      .filter((name) => !before.schemas.includes(name))
      .map((name): Operation => ({ kind: "createSchema", name })),
    ...before.schemas
      .filter((name) => !after.schemas.includes(name) && ours.has(name) && !isKept(name))
      .map((name): Operation => ({ kind: "dropSchema", name })),
  ];
}

function compareObjects(
  before: readonly OpenObject[],
  after: readonly OpenObject[],
): readonly Operation[] {
  const { removed, added, both } = matchByKey(before, after, (object) =>
    objectKey(object.kind, object),
  );
  return [
    ...removed.map((dropped): Operation => ({
      kind: "dropObject",
      type: dropped.kind,
      object: objectName(dropped),
      dropped,
    })),
    ...added.map((object): Operation => ({ kind: "createObject", object })),
    ...both
      .filter(([from, to]) => !deepEqual(from, to))
      .map(([from, to]): Operation => ({ kind: "alterObject", from, to })),
  ];
}

function compareEnums(
  before: readonly EnumType[],
  after: readonly EnumType[],
): readonly Operation[] {
  const { removed, added, both } = matchByKey(before, after, tableKey);
  return [
    ...removed.map((dropped): Operation => ({
      kind: "dropEnum",
      enum: nameOnly(dropped),
      dropped,
    })),
    ...added.map((type): Operation => ({ kind: "createEnum", enum: type })),
    ...both
      .filter(([from, to]) => !deepEqual(from, to))
      .map(([from, to]): Operation => ({ kind: "alterEnum", from, to })),
  ];
}
