import { fold, sameName } from "../../dialects/sqlite/names.ts";
import type { ObjectContext } from "../contract.ts";
import type { Statement } from "../../dialects/contract.ts";
import type { Operation } from "../../operations/operation.ts";
import type { Trigger } from "../../schema/objects/types.ts";

function triggerOf(
  operation: Operation,
): { readonly name: string; readonly now?: Trigger } | undefined {
  switch (operation.kind) {
    case "createObject":
      return operation.object.kind === "trigger"
        ? { name: operation.object.name, now: operation.object }
        : undefined;
    case "alterObject":
      return operation.to.kind === "trigger"
        ? { name: operation.to.name, now: operation.to }
        : undefined;
    case "dropObject":
      return operation.type === "trigger" ? { name: operation.object.name } : undefined;
    default:
      return undefined;
  }
}

/**
 * The triggers that a view has right before an operation, to be made again: SQLite drops them together
 * with the view.
 *
 * @param at the operation that makes the view anew
 */
export async function triggersOf(
  view: string,
  at: (operation: Operation) => boolean,
  { state }: ObjectContext,
): Promise<readonly Statement[]> {
  const { skipped } = await state.reflect({});
  const alive = new Map<string, string | Trigger>();
  for (const { kind, name, table, definition } of skipped) {
    if (kind === "trigger" && sameName(table ?? "", view) && definition !== undefined)
      alive.set(fold(name), definition);
  }
  const operations = state.operations ?? [];
  for (const operation of operations.slice(0, Math.max(operations.findIndex(at), 0))) {
    const trigger = triggerOf(operation);
    if (trigger === undefined) continue;
    if (trigger.now === undefined) alive.delete(fold(trigger.name));
    else if (sameName(trigger.now.table, view)) alive.set(fold(trigger.name), trigger.now);
  }
  const made: Statement[] = [];
  for (const trigger of alive.values()) {
    if (typeof trigger === "string") made.push({ sql: trigger });
    else {
      const operation = { kind: "createObject", object: trigger } as const;
      made.push(...(await state.compileObject(operation, state)));
    }
  }
  return made;
}
