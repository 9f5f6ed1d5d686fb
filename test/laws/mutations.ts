import fc from "fast-check";
import { loads, schemaCases } from "./corpora/cases.ts";
import { schemasOf } from "./corpora/scope.ts";
import { Flow } from "./flow.ts";
import { Choices } from "./generate/choices.ts";
import { edit } from "./generate/edits.ts";
import { editObject } from "./generate/object-edits.ts";
import type { Kind } from "./generate/index.ts";
import { isTable } from "./generate/repair.ts";
import { LawBroken, tryPair, type Court } from "./laws.ts";
import { openWorkplace } from "./workplace.ts";
import { namesMentioned } from "../../src/operations/mentions.ts";
import { isOpen, type Column, type MetaData, type Table } from "../../src/schema/index.ts";

export interface MutationOptions {
  readonly kind: Kind;
  /** The administrative URL of the server; SQLite needs none. */
  readonly serverUrl: string;
  readonly corpus: string;
  /** Schemas whose file has this in its name. */
  readonly wanted: string;
  /** How many changed states of each schema. */
  readonly runs: number;
  readonly seed: number;
  readonly say: (text: string) => void;
}

/** The edits that make one state from another. */
const lists = fc.noBias(
  fc.array(fc.noBias(fc.array(fc.nat({ max: 9999 }), { minLength: 70, maxLength: 70 })), {
    minLength: 1,
    maxLength: 8,
  }),
);

/** One edit in three is of what stands beside the tables. */
function editSome(
  metadata: MetaData,
  [which = 0, ...numbers]: readonly number[],
  kind: Kind,
): MetaData {
  if (which % 3 === 0) return editObject(new Choices(numbers), { kind, metadata }) ?? metadata;
  const edited = edit(metadata, numbers, kind);
  // a partition has the columns of its parent
  const columnsOf = (table: Table): readonly Column[] =>
    metadata.tables.find((other) => isTable(other, table))?.columns ?? table.columns;
  return {
    ...edited,
    tables: edited.tables.map((table) =>
      table.options?.postgresql?.["partitionOf"] === undefined
        ? table
        : { ...table, columns: columnsOf(table) },
    ),
  };
}

/** What may be spoken of: a column by its table's name and its own. No database tells all names apart by case. */
function names({ tables, objects }: MetaData): readonly (readonly string[])[] {
  const paths = [
    ...tables.flatMap(({ name, columns }) => [
      [name],
      ...columns.map((column) => [name, column.name]),
    ]),
    ...objects.map(({ name }) => [name]),
  ];
  return paths.map((path) => path.map((name) => name.toLowerCase()));
}

/** Models that number a column do not say a sequence of their own by the name that the column's has. */
function withoutCounters({ tables, objects, ...rest }: MetaData): MetaData {
  const names = new Set(
    tables.flatMap(({ name, columns }) =>
      columns
        .filter(({ identity }) => identity !== undefined)
        .map((column) => `${name}_${column.name}_seq`),
    ),
  );
  return {
    ...rest,
    tables,
    objects: objects.filter(({ kind, name }) => kind !== "sequence" || !names.has(name)),
  };
}

/** B without what speaks of names that are gone. */
function withoutBroken(before: MetaData, after: MetaData): MetaData {
  const kept = new Set(names(after).map((path) => JSON.stringify(path)));
  const gone = names(before).filter((path) => !kept.has(JSON.stringify(path)));
  const objects = after.objects.filter((object) => {
    if (!isOpen(object)) return true;
    const mentioned = new Set([...namesMentioned(object)].map((name) => name.toLowerCase()));
    return !gone.some((path) => path.every((name) => mentioned.has(name)));
  });
  const next = { ...after, objects };
  return objects.length === after.objects.length ? next : withoutBroken(before, next);
}

/** A schema of the corpus as plain data; undefined where it does not load. */
async function introspected(
  court: Court,
  files: readonly string[],
): Promise<{ readonly before: MetaData; readonly schemas: readonly string[] } | undefined> {
  if ((await loads([[court.place, files]])) !== undefined) return undefined;
  const schemas = await schemasOf(court.place);
  const flow = await Flow.open(court.place.url, schemas);
  try {
    return { before: { ...(await flow.reflect()), skipped: [] }, schemas };
  } finally {
    await flow.close();
  }
}

/**
 * Tries the laws on real schemas and what some edits make of them. An edit that the database itself does
 * not take (of a column that a view needs) makes no pair.
 *
 * @returns true where they held
 */
export async function runMutations(options: MutationOptions): Promise<boolean> {
  const { kind, serverUrl, corpus, wanted, runs, seed, say } = options;
  const court: Court = {
    kind,
    place: await openWorkplace(kind, serverUrl),
    reference: await openWorkplace(kind, serverUrl),
  };
  let isHeld = true;
  try {
    for (const { name, files } of schemaCases(corpus, kind)) {
      if (!name.includes(wanted)) continue;
      const found = await introspected(court, files);
      if (found === undefined) continue;
      const { before, schemas } = found;
      let [held, refused, failed, operations] = [0, 0, 0, 0];
      for (const [at, edits] of fc.sample(lists, { numRuns: runs, seed }).entries()) {
        const edited = edits.reduce((metadata, item) => editSome(metadata, item, kind), before);
        const after = withoutCounters(withoutBroken(before, edited));
        try {
          const trial = await tryPair(court, { before, after }, { schemas, withRows: false });
          held += 1;
          operations += trial.operations;
        } catch (error) {
          if (!(error instanceof LawBroken)) throw error;
          if (error.law.startsWith("making B directly")) {
            refused += 1;
            continue;
          }
          failed += 1;
          const lines = error.lines.slice(0, 250).map((line) => `  ${line.slice(0, 2000)}`);
          say(
            `${name}, state ${String(at)} of seed ${String(seed)}: ${error.law}\n${lines.join("\n")}\n`,
          );
        }
      }
      isHeld &&= failed === 0;
      say(
        `${kind} ${name}: ${String(held)} states hold, ${String(operations)} operations; ${String(failed)} fail, ${String(refused)} are none\n`,
      );
    }
  } finally {
    await court.place.drop();
    await court.reference.drop();
  }
  return isHeld;
}
