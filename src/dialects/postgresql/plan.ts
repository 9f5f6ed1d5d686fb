import { alterColumns, type Altered } from "./alter-columns.ts";
import { alterColumn, changeOf, renameColumn } from "./alter-column.ts";
import { putAsideOnColumns, takeBackOn, type TouchedColumn } from "./aside.ts";
import { canonicalColumn, canonicalConstraint, canonicalTable } from "./canonical.ts";
import { addColumn, addConstraint, comment, createTable, inSchemaOf } from "./compile.ts";
import { keysToSuspend, resume, suspend, type Suspended } from "./foreign-keys.ts";
import { withCommits } from "./lock-budget.ts";
import { compileAmongNamesakes } from "./namesakes.ts";
import { sequenceName } from "./naming.ts";
import { dropIndex, indexStatements } from "./indexes.ts";
import { moveParents, moveTablespace, replicaIdentity } from "./parentage.ts";
import { keysOnReplaced, madeKey, standsOn, type Key } from "./replaced-keys.ts";
import { optionList, splitOptions, textOption } from "./options.ts";
import { aroundEnums, type Placed } from "./order.ts";
import { takeNames } from "./sequence-names.ts";
import { sequencePath, sharedSequences } from "./sequences.ts";
import { bulkInsert } from "./rows-in.ts";
import { quote, quoteTable, render, statement } from "./spelling.ts";
import { setSecurity } from "./row-security.ts";
import { PlanState } from "./state.ts";
import { createdAs } from "../ddl.ts";
import { nameDrops } from "../named-drops.ts";
import type { PlanContext, ServerInfo, Statement } from "../contract.ts";
import {
  dispatch,
  type AlterColumn,
  type DropConstraint,
  type Operation,
  type OperationTable,
  type RenameTable,
  type SetTableOptions,
} from "../../operations/operation.ts";
import { sameTable } from "../../schema/collect.ts";
import { heirsOf } from "../../schema/inherited.ts";
import type { Constraint, TableName } from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";
import { RevlineError } from "../../errors.ts";

/** What the compilation of one operation may ask. */
interface At {
  readonly server: ServerInfo;
  readonly state: PlanState;
  readonly context: PlanContext;
}

type Sql = string | Statement;

function defaultSchema({ server }: At): string {
  return server.defaultSchema ?? "public";
}

async function renameTable({ from, to }: RenameTable, at: At): Promise<readonly Sql[]> {
  const moves = from.schema !== to.schema;
  const schema = to.schema ?? defaultSchema(at);
  const moved = moves ? { schema, name: from.name } : from;
  const { table } = await at.state.table(from);
  const sequences = (table?.columns ?? []).filter(
    ({ identity, options }) => identity !== undefined && options?.["sequence"] === undefined,
  );
  return [
    ...(moves ? [`ALTER TABLE ${quoteTable(from)} SET SCHEMA ${quote(schema)}`] : []),
    ...(from.name === to.name
      ? []
      : [`ALTER TABLE ${quoteTable(moved)} RENAME TO ${quote(to.name)}`]),
    ...sequences.flatMap(({ name }) => {
      const [before, after] = [sequenceName(from.name, name), sequenceName(to.name, name)];
      return before === after
        ? []
        : [`ALTER SEQUENCE ${quoteTable(inSchemaOf(moved, before))} RENAME TO ${quote(after)}`];
    }),
  ];
}

function setTableOptions({
  table,
  dialect,
  from,
  to,
  detachedNames,
}: SetTableOptions): readonly Sql[] {
  if (dialect !== "postgresql") return [];
  const [{ own: old, storage: before }, { own: now, storage: after }] = [
    splitOptions(from),
    splitOptions(to),
  ];
  const { unlogged: was } = old;
  const { unlogged: is } = now;
  const removed = Object.keys(before).filter((key) => !(key in after));
  const alter = `ALTER TABLE ${quoteTable(table)}`;
  return [
    ...moveParents(table, old, now, detachedNames),
    ...moveTablespace(table, old, now),
    ...replicaIdentity(table, old, now),
    ...((was === true) === (is === true)
      ? []
      : [`${alter} SET ${is === true ? "UNLOGGED" : "LOGGED"}`]),
    ...(Object.keys(after).length === 0 ? [] : [`${alter} SET (${optionList(after)})`]),
    ...(removed.length === 0 ? [] : [`${alter} RESET (${removed.join(", ")})`]),
    ...setSecurity(table, from, to),
  ];
}

/** The name of a constraint that is known by what it says alone. */
async function constraintName(operation: DropConstraint, at: At): Promise<string> {
  if (operation.name !== undefined) return operation.name;
  const { dropped, table: name, type } = operation;
  const { table } = await at.state.table(name);
  const same = (constraint: Constraint): boolean =>
    constraint.kind === type &&
    (type === "primaryKey" ||
      (dropped !== undefined &&
        deepEqual(
          omit(constraint, "name"),
          omit(canonicalConstraint(dropped, defaultSchema(at)), "name"),
        )));
  const found = table?.constraints.find(same)?.name;
  if (found !== undefined) return found;
  throw new RevlineError(
    "model-invalid",
    `A constraint of table "${name.name}" is to be dropped, but which one is not said.`,
    {
      hint: "Give its name: op.dropConstraint(name, table, type).",
    },
  );
}

async function hasHeirs(name: TableName, { state }: At): Promise<boolean> {
  const { tables } = await state.reflect({ allSchemas: true });
  return heirsOf(name, tables).length > 0;
}

const COMPILE: OperationTable<readonly Sql[] | Promise<readonly Sql[]>, [At]> = {
  createTable: async (operation, at) => {
    const { table, ifNotExists } = operation;
    // what else belongs to the table would be made a second time
    if (ifNotExists === true && (await at.state.table(table)).table !== undefined) return [];
    const [create = "", ...rest] = createTable(canonicalTable(table, defaultSchema(at)), at.server);
    return [createdAs(create, operation, render), ...rest];
  },
  dropTable: ({ table, ifExists, partitionOf, dropped }) => {
    const parent = partitionOf ?? textOption(dropped?.options?.postgresql ?? {}, "partitionOf");
    return [
      ...(parent === undefined ? [] : moveParents(table, { partitionOf: parent }, {})),
      `DROP TABLE ${ifExists === true ? "IF EXISTS " : ""}${quoteTable(table)}`,
    ];
  },
  renameTable,
  addColumn: async ({ table, column, ifNotExists = false }, at) => {
    const { server } = at;
    const added = canonicalColumn(column);
    const isHanded = added.identity === undefined || added.identity.serial === true;
    if (isHanded || !(await hasHeirs(table, at)))
      return addColumn(table, added, server, ifNotExists);
    // the server hands no identity down, and adds no column with one to a parent (42P16)
    const bare = omit(added, "identity");
    return [
      ...addColumn(table, bare, server, ifNotExists),
      ...alterColumn(changeOf(table, { from: bare, to: added }, server)),
    ];
  },
  dropColumn: ({ table, name, ifExists }) => [
    `ALTER TABLE ${quoteTable(table)} DROP COLUMN ${ifExists === true ? "IF EXISTS " : ""}${quote(name)}`,
  ],
  alterColumn: async (operation, at) => (await alterRun([operation], at)).parts.flat(),
  renameColumn: async ({ table: name, from, to }, { state }) => {
    const { table } = await state.table(name);
    const column = table?.columns.find((known) => known.name === from) ?? {
      name: from,
      type: { name: "text" },
      nullable: true,
    };
    return renameColumn(name, column, { ...column, name: to });
  },
  addConstraint: ({ table, constraint }, at) =>
    addConstraint(table, canonicalConstraint(constraint, defaultSchema(at)), at.server),
  dropConstraint: async (operation, at) => [
    `ALTER TABLE ${quoteTable(operation.table)} DROP CONSTRAINT ${operation.ifExists === true ? "IF EXISTS " : ""}${quote(await constraintName(operation, at))}`,
  ],
  renameConstraint: ({ table, from, to }) => [
    `ALTER TABLE ${quoteTable(table)} RENAME CONSTRAINT ${quote(from)} TO ${quote(to)}`,
  ],
  createIndex: (operation, { server, state }) => indexStatements(operation, server, state),
  dropIndex: (operation) => [dropIndex(inSchemaOf(operation.table, operation.name), operation)],
  renameIndex: ({ table, from, to }) => [
    `ALTER INDEX ${quoteTable(inSchemaOf(table, from))} RENAME TO ${quote(to)}`,
  ],
  setTableComment: ({ table, to }) => [comment(`TABLE ${quoteTable(table)}`, to)],
  setTableOptions,
  createSchema: ({ name }) => [`CREATE SCHEMA ${quote(name)}`],
  dropSchema: ({ name }) => [`DROP SCHEMA ${quote(name)}`],
  execute: ({ sql }) => [statement(sql)],
  bulkInsert,
  createObject: (operation, { context }) => compileAmongNamesakes(operation, context),
  dropObject: (operation, { context }) => compileAmongNamesakes(operation, context),
  alterObject: (operation, { context }) => context.compileObject(operation, context),
  invoke: (operation, { context }) => context.compileObject(operation, context),
  createEnum: (operation, { context }) => compileAmongNamesakes(operation, context),
  dropEnum: (operation, { context }) => compileAmongNamesakes(operation, context),
  alterEnum: (operation, { context }) => context.compileObject(operation, context),
  renameEnumValue: (operation, { context }) => context.compileObject(operation, context),
};

/** Neighbouring changes of one table's columns. */
function alterRun(operations: readonly AlterColumn[], at: At): Promise<Altered> {
  const [first] = operations;
  const shared = sharedSequences(at.context.operations ?? []);
  const changes = operations.map((operation) => {
    const change = changeOf(operation.table, operation, at.server);
    const { table, from, to } = change;
    const owner = from.identity?.serial === true ? from : to;
    return { ...change, sharesSequence: shared.has(sequencePath(table, owner)) };
  });
  return alterColumns(first?.table ?? { name: "" }, changes, at.state, at.server);
}

/** The operations, with neighbouring changes of one table's columns taken together. */
function runs(placed: readonly Placed[]): readonly (readonly Placed[])[] {
  const groups: Placed[][] = [];
  for (const item of placed) {
    const group = groups.at(-1);
    const last = group?.at(-1)?.operation;
    const { operation } = item;
    const joins =
      last?.kind === "alterColumn" &&
      operation.kind === "alterColumn" &&
      sameTable(last.table, operation.table);
    if (joins) group?.push(item);
    else groups.push([item]);
  }
  return groups;
}

function isAlter(operation: Operation): operation is AlterColumn {
  return operation.kind === "alterColumn";
}

/** What one group of operations becomes, and what has to step aside meanwhile. */
interface Compiled {
  readonly statements: readonly Statement[];
  readonly touched: readonly TouchedColumn[];
  readonly keys: readonly Suspended[];
  /** Keys that it makes: what stands on them comes back no earlier. */
  readonly made?: readonly Key[];
  readonly place: number;
}

async function compileGroup(group: readonly Placed[], at: At): Promise<Compiled> {
  const place = group[0]?.place ?? 0;
  const { operations = [] } = at.context;
  const alters = group.map(({ operation }) => operation).filter(isAlter);
  if (alters.length > 0) {
    const { parts, touched, remade } = await alterRun(alters, at);
    const changes = alters.map((operation) => changeOf(operation.table, operation, at.server));
    const statements = group.flatMap((item, index) => {
      const { before, after } = takeNames(item.operation, operations);
      const all = [...before, ...(parts[index] ?? []), ...after];
      return all.map((sql) => ({ sql, operation: item.place }));
    });
    return { statements, touched, keys: await keysToSuspend(changes, remade, at.state), place };
  }
  const compiled = await Promise.all(
    group.map(async ({ operation }) => [
      ...takeNames(operation, operations).before,
      ...(await dispatch(COMPILE, operation, at)),
    ]),
  );
  const statements = compiled
    .flat()
    .map((sql): Statement =>
      typeof sql === "string" ? { sql, operation: place } : { ...sql, operation: place },
    );
  const keys = await Promise.all(
    group.map(({ operation, place: own }) =>
      keysOnReplaced(operation, operations.slice(own + 1), at.state),
    ),
  );
  const made = group.flatMap(({ operation }) => madeKey(operation) ?? []);
  return { statements, touched: [], keys: keys.flat(), made, place };
}

function sameKey(a: Suspended, b: Suspended): boolean {
  return sameTable(a.table, b.table) && a.key.name === b.key.name;
}

/**
 * Operations to SQL. From the first to the last change of a column's type, the views, triggers, policies
 * and routines on such columns are away, and the foreign keys whose two sides change one after the other,
 * or that stand on a key which is made again.
 */
export async function plan(
  recorded: readonly Operation[],
  context: PlanContext,
): Promise<readonly Statement[]> {
  const operations = await nameDrops(recorded, context);
  const compiled: Compiled[] = [];
  const done: Operation[] = [];
  const placed = aroundEnums(operations);
  for (const group of runs(placed)) {
    const state = new PlanState(context, [...done]);
    const ahead = placed.slice(done.length + group.length).map(({ operation }) => operation);
    compiled.push(
      await compileGroup(group, {
        server: context.server,
        state,
        context: { ...state.context(operations), ahead },
      }),
    );
    done.push(...group.map(({ operation }) => operation));
  }
  const settled = segmentsOf(compiled).map((segment) => settle(segment, context));
  // what has stepped aside comes back in the same transaction
  const places = new Set(settled.flatMap(({ together }) => together));
  return withCommits(
    settled.flatMap(({ statements }) => statements),
    operations,
    context.server,
    ({ operation }) => places.has(operation ?? 0),
  );
}

/** What stands between statements that run in no transaction: nothing may be away while those run. */
function segmentsOf(compiled: readonly Compiled[]): readonly (readonly Compiled[])[] {
  const segments: Compiled[][] = [];
  let isOpen = false;
  for (const part of compiled) {
    const isAlone = part.statements.some(({ autocommit }) => autocommit === true);
    if (isOpen && !isAlone) segments.at(-1)?.push(part);
    else segments.push([part]);
    isOpen = !isAlone;
  }
  return segments;
}

/** The statements of a segment, and the operations that must not be parted from those before them. */
interface Settled {
  readonly statements: readonly Statement[];
  readonly together: readonly number[];
}

function settle(compiled: readonly Compiled[], context: PlanContext): Settled {
  const touched = compiled.flatMap((part) => part.touched);
  const keys = compiled.flatMap((part) => part.keys);
  const away = keys.filter((key, at) => keys.findIndex((other) => sameKey(other, key)) === at);
  const isInvasive = (part: Compiled): boolean => part.touched.length > 0 || part.keys.length > 0;
  const first = compiled.findIndex(isInvasive);
  const last = compiled.findLastIndex(
    (part) =>
      isInvasive(part) || part.made?.some((made) => away.some(({ key }) => standsOn(key, made))),
  );
  const statements = compiled.flatMap((part, at): readonly Statement[] => {
    const place = (sql: string): Statement => ({ sql, operation: part.place });
    const before =
      at === first
        ? [...(touched.length === 0 ? [] : [putAsideOnColumns(touched)]), ...away.map(suspend)]
        : [];
    const after =
      at === last
        ? [
            ...away.flatMap((key) => resume(key, context.server)),
            ...(touched.length === 0 ? [] : [takeBackOn("columns")]),
          ]
        : [];
    return [...before.map(place), ...part.statements, ...after.map(place)];
  });
  return { statements, together: compiled.slice(first + 1, last + 1).map(({ place }) => place) };
}
