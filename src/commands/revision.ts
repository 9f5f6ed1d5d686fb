import {
  answersText,
  compareWhole,
  composeRevision,
  editRevision,
  Environment,
  readSides,
  readVersionRows,
  renamesOf,
  NEW_DIRECTIVE,
  readAnswers,
  writeRevision,
  type Answers,
  type RevisionDirective,
  type EnvironmentOptions,
  type ModelComparison,
  type Sides,
} from "../config/index.ts";
import { findRename, likelyRenames, type LikelyRename, type Rename } from "../compare/index.ts";
import { RevlineError } from "../errors.ts";
import { describe, type Description } from "../operations/describe.ts";
import type { Operation } from "../operations/operation.ts";
import { reverseAll } from "../operations/reverse.ts";
import { checkRows } from "../revisions/plan.ts";
import type { ScriptDirectory } from "../revisions/script-directory.ts";
import type { SkippedObject } from "../schema/types.ts";

export interface RevisionOptions extends EnvironmentOptions {
  /** What the revision does; the first line of its doc comment, and its file's name. */
  readonly message?: string;
  /** Fill it with the difference between the database and the models. */
  readonly autogenerate?: boolean;
  /** With `autogenerate`: write nothing when there is no difference. */
  readonly skipEmpty?: boolean;
  /** Decisions: `old:new` for tables, `table.old:new` for columns. */
  readonly renames?: readonly string[];
  /** A file of decisions, relative to the working directory: `{ "renames": { "users:accounts": true } }`. */
  readonly answers?: string;
  /** Fail rather than take what looks like a rename for a drop and an add. */
  readonly strictRenames?: boolean;
  /** Asks whether a drop and an add are a rename; absent: nobody is there. */
  readonly decideRename?: (likely: LikelyRename) => Promise<boolean>;
  /** Return the text, write no file. */
  readonly dryRun?: boolean;
  /** The parent. Default: the one head. */
  readonly head?: string;
  readonly splice?: boolean;
  readonly branchLabels?: readonly string[];
  readonly dependsOn?: readonly string[];
  readonly revisionId?: string;
  readonly versionPath?: string;
}

export interface RevisionResult {
  /** Null: there was no difference, and `skipEmpty`. */
  readonly revision: string | null;
  readonly downRevisions: readonly string[];
  /** The file; null when none was written. */
  readonly path: string | null;
  /** The file's text; null when there is none. */
  readonly text: string | null;
  /** What `upgrade` does. */
  readonly operations: readonly Operation[];
  /** The same in words. */
  readonly differences: readonly Description[];
  readonly skipped: readonly SkippedObject[];
}

/**
 * Writes a new revision file: empty, or with `autogenerate` what makes the database the models.
 *
 * @throws RevlineError not-up-to-date, decision-missing, multiple-heads, revision-invalid,
 *   revision-duplicate, file-exists, and all of the models and the connection
 */
export async function revision(options: RevisionOptions = {}): Promise<RevisionResult> {
  const environment = await Environment.create(options);
  const scripts = await environment.scripts();
  const place: RevisionDirective = {
    ...NEW_DIRECTIVE,
    heads: [options.head ?? "head"],
    ...(options.message === undefined ? {} : { message: options.message }),
    ...(options.splice === undefined ? {} : { splice: options.splice }),
    ...(options.branchLabels === undefined ? {} : { branchLabels: options.branchLabels }),
    ...(options.dependsOn === undefined ? {} : { dependsOn: options.dependsOn }),
    ...(options.revisionId === undefined ? {} : { revisionId: options.revisionId }),
    ...(options.versionPath === undefined ? {} : { versionPath: options.versionPath }),
  };
  // what is wrong with the place is said before a database is asked
  composeRevision(environment, scripts, place);
  const isAutomatic = options.autogenerate === true;
  const { members } = environment;
  const { directive, skipped } =
    members === undefined
      ? await generate(environment, scripts, place, options)
      : await generateEach(members, scripts, place, options);
  const operations = [
    ...(directive?.upgrade ?? []),
    ...(directive?.databases ?? []).flatMap(({ upgrade }) => upgrade),
  ];
  const isEmpty = isAutomatic && options.skipEmpty === true && operations.length === 0;
  if (directive === null || isEmpty) {
    return {
      revision: null,
      downRevisions: [],
      path: null,
      text: null,
      operations: [],
      differences: [],
      skipped,
    };
  }
  const made = composeRevision(environment, scripts, directive);
  const result = { ...made, operations, differences: operations.map(describe), skipped };
  if (options.dryRun === true) return { ...result, path: null };
  await writeRevision(environment, made);
  return result;
}

const NOTHING: Pick<ModelComparison, "operations" | "skipped"> = { operations: [], skipped: [] };

interface Generated {
  /** Null: nothing is to be written. */
  readonly directive: RevisionDirective | null;
  readonly skipped: readonly SkippedObject[];
}

async function generate(
  environment: Environment,
  scripts: ScriptDirectory,
  place: RevisionDirective,
  options: RevisionOptions,
): Promise<Generated> {
  const isAutomatic = options.autogenerate === true;
  const found = isAutomatic ? await autogenerate(environment, scripts, options) : NOTHING;
  const directive = editRevision(
    environment,
    { ...place, upgrade: found.operations, downgrade: reverseAll(found.operations) },
    { autogenerate: isAutomatic, writes: true },
  );
  return { directive, skipped: found.skipped };
}

/** `multidb`: one revision with functions for each database; what is said of it beside them, the last one says. */
async function generateEach(
  members: ReadonlyMap<string, Environment>,
  scripts: ScriptDirectory,
  place: RevisionDirective,
  options: RevisionOptions,
): Promise<Generated> {
  let whole: Generated = { directive: null, skipped: [] };
  for (const [name, environment] of members) {
    const { directive, skipped } = await generate(environment, scripts, place, options);
    if (directive === null) continue;
    const { upgrade, downgrade } = directive;
    const before = whole.directive?.databases ?? [];
    whole = {
      directive: {
        ...directive,
        upgrade: [],
        downgrade: [],
        databases: [...before, { name, upgrade, downgrade }],
      },
      skipped: [...whole.skipped, ...skipped],
    };
  }
  return whole;
}

async function autogenerate(
  environment: Environment,
  scripts: ScriptDirectory,
  options: RevisionOptions,
): Promise<Pick<ModelComparison, "operations" | "skipped">> {
  return environment.inspect(async (connection) => {
    requireUpToDate(scripts, await readVersionRows(environment, connection));
    const sides = await readSides(environment, connection);
    const given = renamesOf(options.renames ?? [], sides);
    const renames = await decideRenames(given, options, environment, sides);
    return compareWhole(environment, sides, renames, { declared: true });
  });
}

/** A difference to a database that is behind would be made of revisions that exist already. */
function requireUpToDate({ map }: ScriptDirectory, rows: readonly string[]): void {
  checkRows(map, rows);
  const missing = map.realHeads.filter((head) => !rows.includes(head));
  if (missing.length === 0) return;
  throw new RevlineError(
    "not-up-to-date",
    `The database is not up to date: it is at ${rows.join(", ") || "no revision"}, the revisions go to ${map.realHeads.join(", ")}.`,
    {
      hint: `Run \`migrate upgrade ${map.realHeads.length > 1 ? "heads" : "head"}\` first.`,
    },
  );
}

/** Asks about each likely rename once: tables first, for their columns can be told only then. */
async function decideRenames(
  given: readonly Rename[],
  { answers: file, decideRename, strictRenames = false }: RevisionOptions,
  environment: Environment,
  sides: Sides,
): Promise<readonly Rename[]> {
  const answers: Answers = file === undefined ? new Map() : readAnswers(file, environment.cwd);
  const decided = [...given];
  const asked = new Set<string>();
  for (;;) {
    const open = likelyRenames(compareWhole(environment, sides, decided).operations).filter(
      ({ name }) => !asked.has(name),
    );
    const question = open.find(({ name }) => typeof answers.get(name) === "boolean") ?? open[0];
    const answer = question === undefined ? undefined : answers.get(question.name);
    if (question === undefined || (typeof answer !== "boolean" && decideRename === undefined)) {
      const unused = [...answers.keys()].filter(
        (name) => !asked.has(name) && !open.some((other) => other.name === name),
      );
      // of several databases, another one may ask it
      if (unused.length > 0 && environment.databases === undefined) {
        decided.push(...unused.map((name) => unasked(name, answers, sides)));
        for (const name of unused) asked.add(name);
        continue;
      }
      if (open.length > 0) leaveOpen(open, strictRenames, environment);
      return decided;
    }
    asked.add(question.name);
    const isRename = typeof answer === "boolean" ? answer : await decideRename?.(question);
    if (isRename === true) decided.push(question.rename);
  }
}

/** What nobody would ask about may be a rename all the same. @throws RevlineError usage */
function unasked(
  name: string,
  answers: Answers,
  { canonical: { database, models } }: Sides,
): Rename {
  const rename = answers.get(name) === true ? findRename(name, database, models) : undefined;
  if (rename !== undefined) return rename;
  throw new RevlineError("usage", `The answers name what is no question: ${name}.`, {
    hint: "Take it out of the file, or correct it: old:new for a table, table.old:new for a column, a constraint or an index, enum.old:new for a value.",
  });
}

/** @throws RevlineError decision-missing */
function leaveOpen(
  open: readonly LikelyRename[],
  isStrict: boolean,
  { reporter }: Environment,
): void {
  if (isStrict) throw decisionMissing(open);
  for (const { flag, rename } of open) {
    const danger =
      rename.kind === "enumValue"
        ? "the upgrade fails where rows hold it"
        : "its data would be lost";
    reporter.warn(
      `${sayRename(rename)} may be a rename, and is taken for a drop and an add: ${danger}. If it is a rename: ${flag}`,
    );
  }
}

function decisionMissing(open: readonly LikelyRename[]): RevlineError {
  const what = open.map(({ rename }) => sayRename(rename)).join("; ");
  return new RevlineError(
    "decision-missing",
    `It must be decided whether this is a rename: ${what}.`,
    {
      hint: `If it is: ${open.map(({ flag }) => flag).join(" ")}; or put true or false (a drop and an add) for each null into a file with the lines above, and give it with --answers FILE.`,
      details: [answersText(open.map(({ name }) => name))],
    },
  );
}

function sayRename(rename: Rename): string {
  if (rename.kind === "table") return `table ${rename.from.name} → ${rename.to.name}`;
  if (rename.kind === "enumValue") return `value ${rename.enum.name}.${rename.from} → ${rename.to}`;
  return `${rename.kind} ${rename.table.name}.${rename.from} → ${rename.to}`;
}
