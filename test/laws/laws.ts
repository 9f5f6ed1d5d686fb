import type { MetaData } from "../../src/schema/index.ts";
import { NAMELESS, pairOf, type Kind, type Pair, type Seeds } from "./generate/index.ts";
import { withViews } from "./generate/views.ts";
import { renamed, type RenamedPair } from "./generate/renamed.ts";
import { Flow } from "./flow.ts";
import { differences, type RowSnapshot, type Snapshot } from "./judge/index.ts";
import { insertRows, lostRows, tablesWithRows } from "./rows.ts";
import type { Workplace } from "./workplace.ts";

/** A law that does not hold, with all that shows it. */
export class LawBroken extends Error {
  readonly law: string;
  readonly lines: readonly string[];

  constructor(law: string, lines: readonly string[]) {
    super(`${law}: ${lines[0] ?? ""}`);
    this.law = law;
    this.lines = lines;
  }
}

/** The two databases that the laws are tried in. */
export interface Court {
  readonly kind: Kind;
  /** Where A becomes B. */
  readonly place: Workplace;
  /** Where B is made directly. */
  readonly reference: Workplace;
}

export interface Trial {
  /** How many rows lived through it. */
  readonly rows: number;
  readonly operations: number;
}

function demandEqual(law: string, expected: Snapshot, got: Snapshot): void {
  const lines = differences(expected, got);
  if (lines.length > 0) throw new LawBroken(law, lines);
}

async function step<T>(name: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof LawBroken || !(error instanceof Error)) throw error;
    const details =
      "details" in error && Array.isArray(error.details) ? error.details.map(String) : [];
    throw new LawBroken(`${name} fails`, [error.message, ...details, error.stack ?? ""]);
  }
}

async function demandSilence(law: string, flow: Flow, models: MetaData): Promise<void> {
  const lines = await step(`${law} (check)`, () => flow.check(models));
  if (lines.length > 0) throw new LawBroken(law, lines);
}

interface Made {
  readonly catalog: Snapshot;
  readonly script: readonly string[];
}

/** The catalog of a database that is made from the models alone. */
async function direct(
  place: Workplace,
  models: MetaData,
  schemas: readonly string[],
): Promise<Made> {
  await place.reset();
  const flow = await Flow.open(place.url, schemas);
  try {
    await step("making B directly", () => flow.autogenerate(models));
    await step("making B directly", () => flow.upgrade());
    const { script } = flow;
    await demandSilence("Law 2: check after making B directly", flow, models);
    return { catalog: await place.judge(), script };
  } catch (error) {
    throw withTexts(error, flow, {});
  } finally {
    await flow.close();
  }
}

/** A failure with the pair as SQL, the revisions, and what was run last. */
function withTexts(
  error: unknown,
  flow: Flow,
  scripts: Readonly<Record<string, readonly string[]>>,
): unknown {
  if (!(error instanceof LawBroken)) return error;
  return new LawBroken(error.law, [
    ...error.lines,
    ...Object.entries({ ...scripts, "Run last": flow.script }).flatMap(([title, script]) => [
      "",
      `-- ${title}:`,
      ...script,
    ]),
    "",
    ...flow.texts,
  ]);
}

async function rowsKept(law: string, court: Court, pair: Pair, old: RowSnapshot): Promise<void> {
  const lines = lostRows(court.kind, pair.before, pair.after, old, await court.place.rows());
  if (lines.length > 0) throw new LawBroken(law, lines);
}

/** What may be said of a trial beside its pair. */
export interface TrialOptions extends Partial<Pick<RenamedPair, "after" | "renames">> {
  /** Those beside the default one that take part. */
  readonly schemas?: readonly string[];
  /** False: the tables stay empty. */
  readonly withRows?: boolean;
}

/**
 * Tries laws 1 to 4 on one pair. With `renames`, what a person says of B, its names are those of the other
 * `after`, and not those of the pair.
 *
 * @throws LawBroken
 */
export async function tryPair(
  court: Court,
  pair: Pair,
  { after = pair.after, renames = [], schemas = ["other"], withRows = true }: TrialOptions = {},
): Promise<Trial> {
  const { place } = court;
  const { before } = pair;
  const { catalog: expected, script } = await direct(court.reference, after, schemas);
  let making: readonly string[] = [];
  await place.reset();
  const flow = await Flow.open(place.url, schemas);
  try {
    await step("making A", () => flow.autogenerate(before));
    await step("making A", () => flow.upgrade());
    making = flow.script;
    await demandSilence("Law 2: check after making A", flow, before);
    const a = await place.judge();
    const full = withRows ? tablesWithRows(before, pair.after) : [];
    await step("the test's own insert", () => insertRows(place, full));
    const rows = await place.rows();
    await place.release();
    const { operations } = await step("autogenerate", () => flow.autogenerate(after, renames));
    await step("upgrade", () => flow.upgrade());
    demandEqual("Law 1: the catalog after the upgrade is not B's", expected, await place.judge());
    await demandSilence("Law 2: check after the upgrade", flow, after);
    // under other names they are looked at when they are back
    if (renames.length === 0) await rowsKept("Law 4: rows after the upgrade", court, pair, rows);
    await place.release();
    await step("downgrade", () => flow.downgrade());
    demandEqual("Law 3: the catalog after the downgrade is not A's", a, await place.judge());
    await demandSilence("Law 2: check after the downgrade", flow, before);
    await rowsKept("Law 4: rows after the downgrade", court, pair, rows);
    await place.release();
    await step("upgrade again", () => flow.upgrade());
    demandEqual(
      "Law 3: the catalog after the second upgrade is not B's",
      expected,
      await place.judge(),
    );
    return { rows: Object.values(rows).flat().length, operations: operations.length };
  } catch (error) {
    throw withTexts(error, flow, { A: making, B: script });
  } finally {
    await flow.close();
    await place.release();
  }
}

export function trySeeds(court: Court, given: Seeds): Promise<Trial> {
  return tryPair(court, pairOf(given, court.kind));
}

/** The same with new names in B. */
export function tryRenamed(court: Court, given: Seeds): Promise<Trial> {
  const pair = pairOf({ ...given, views: [] }, court.kind, NAMELESS);
  const numbers = given.tables.flatMap(({ table }) => table);
  const other = renamed(pair, numbers, court.kind);
  const known = { before: other.before, after: pair.after };
  // a view of SQLite, MySQL or MariaDB goes and comes where a table below it has another name
  const named =
    court.kind === "postgresql" ? withViews(known, given.views, court.kind, other) : other;
  return tryPair(court, { ...known, before: named.before }, { ...other, after: named.after });
}
