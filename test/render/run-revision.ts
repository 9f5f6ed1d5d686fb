import { runInThisContext } from "node:vm";
import { transformSync } from "esbuild";
import { createRecorder } from "../../src/operations/recorder.ts";
import type { Operation } from "../../src/operations/operation.ts";
import { CONTEXT } from "../support/migration-context.ts";
import type { Operations } from "../../src/operations/operations.ts";

interface RevisionModule {
  readonly revision?: unknown;
  readonly downRevision?: unknown;
  readonly branchLabels?: unknown;
  readonly dependsOn?: unknown;
  readonly upgrade?: (op: Operations) => Promise<void>;
  readonly downgrade?: (op: Operations) => Promise<void>;
}

/** Executes the text of a TypeScript module that imports nothing but types. */
export function evaluate(source: string): RevisionModule {
  const { code } = transformSync(source, { loader: "ts", format: "cjs" });
  const module: { exports: RevisionModule } = { exports: {} };
  const run: (module: object) => void = runInThisContext(`(module) => {\n${code}\n}`);
  run(module);
  return module.exports;
}

/** What the functions of a revision's text record. */
export async function recorded(
  source: string,
): Promise<{ upgrade: readonly Operation[]; downgrade: readonly Operation[] }> {
  const { upgrade, downgrade } = evaluate(source);
  const run = async (body: RevisionModule["upgrade"]): Promise<readonly Operation[]> => {
    const recorder = createRecorder({
      context: CONTEXT,
      connect: () => Promise.resolve(undefined),
      answer: () => Promise.resolve([]),
    });
    await body?.(recorder.op);
    return recorder.take().map(({ operation }) => operation);
  };
  return { upgrade: await run(upgrade), downgrade: await run(downgrade) };
}

/** The operation with a table's constraints and indexes in one order, whichever place they were declared at. */
export function arranged(operation: Operation): Operation {
  if (operation.kind !== "createTable") return operation;
  const { table } = operation;
  return {
    kind: "createTable",
    table: { ...table, constraints: sorted(table.constraints), indexes: sorted(table.indexes) },
  };
}

/** Any plain data in one order. */
export function sorted<T>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "bigint"
      ? `${part}n`
      : part && typeof part === "object" && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : part,
  );
}
