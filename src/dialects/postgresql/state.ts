import type { PlanContext, ReflectFilter } from "../contract.ts";
import { applyOperations } from "../../operations/apply.ts";
import { namesMentioned } from "../../operations/mentions.ts";
import type { Operation } from "../../operations/operation.ts";
import { isObjectChange } from "../../operations/order-objects.ts";
import { sameTable } from "../../schema/collect.ts";
import { isOpen, objectKey } from "../../schema/objects/declare.ts";
import type { OpenKind, OpenObject } from "../../schema/objects/types.ts";
import type { MetaData, SchemaObject, Table, TableName } from "../../schema/types.ts";

/** Types that other types may hold. */
const TYPES: ReadonlySet<OpenKind> = new Set<OpenKind>(["domain", "compositeType"]);

/** What may bear the name of another object, which stays when it goes. */
const NAMED_LIKE_OTHERS: ReadonlySet<OpenKind> = new Set<OpenKind>([
  "grants",
  "schemaComment",
  "defaultPrivileges",
  "publication",
]);

function isSame(a: OpenObject, b: SchemaObject): boolean {
  return objectKey(a.kind, a) === objectKey(b.kind, b);
}

/** The name that a table had before the operations. */
function earlierName(table: TableName, operations: readonly Operation[]): TableName {
  return operations
    .toReversed()
    .reduce<TableName>(
      (name, operation) =>
        operation.kind === "renameTable" && sameTable(operation.to, name) ? operation.from : name,
      table,
    );
}

/** The database between two operations of a plan: what was there at its start, and what the plan has done since. */
export class PlanState {
  readonly #context: PlanContext;
  readonly #done: readonly Operation[];

  constructor(context: PlanContext, done: readonly Operation[]) {
    this.#context = context;
    this.#done = done;
  }

  async reflect(filter: ReflectFilter): Promise<MetaData> {
    const { tables } = filter;
    const earlier = tables?.map((table) => earlierName(table, this.#done));
    const live = await this.#context.reflect(
      earlier === undefined ? filter : { ...filter, tables: earlier },
    );
    const now = this.#withObjects(applyOperations(live, this.#done));
    if (tables === undefined) return now;
    return {
      ...now,
      tables: now.tables.filter((table) => tables.some((wanted) => sameTable(wanted, table))),
    };
  }

  /** What the plan has dropped is gone; what it has altered is told as an object, and types no longer as they were defined. */
  #withObjects(metadata: MetaData): MetaData {
    const changes = this.#done.filter(isObjectChange);
    const altered = changes.flatMap((change) => (change.kind === "alterObject" ? [change.to] : []));
    const gone = [
      ...changes.flatMap((change) =>
        change.kind === "dropObject" && !NAMED_LIKE_OTHERS.has(change.type) ? [change.object] : [],
      ),
      ...altered.filter(({ kind }) => TYPES.has(kind)),
    ];
    const last = altered.filter(
      (object, at) => altered.findLastIndex((other) => isSame(other, object)) === at,
    );
    return {
      ...metadata,
      objects: [
        ...metadata.objects.filter((object) => !last.some((other) => isSame(other, object))),
        ...last,
      ],
      skipped: metadata.skipped.filter(
        ({ table, ...name }) =>
          table !== undefined || !gone.some((other) => sameTable(other, name)),
      ),
    };
  }

  /** One table as it is now, and whether something beside tables may hang on it. */
  async table(
    name: TableName,
  ): Promise<{ readonly table: Table | undefined; readonly hasDependents: boolean }> {
    const { tables, skipped, objects } = await this.reflect({ tables: [name] });
    const isNamed = (object: OpenObject): boolean => namesMentioned(object).has(name.name);
    return {
      table: tables.find((table) => sameTable(table, name)),
      hasDependents: skipped.length > 0 || objects.filter(isOpen).some(isNamed),
    };
  }

  /** For operations of open kinds, which plan for themselves. */
  context(operations: readonly Operation[]): PlanContext {
    return { ...this.#context, operations, reflect: (filter) => this.reflect(filter) };
  }
}
