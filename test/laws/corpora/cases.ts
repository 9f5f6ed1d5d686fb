import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadModels } from "../../../src/models/index.ts";
import { renderModels } from "../../../src/render/index.ts";
import type { MetaData, SkippedObject } from "../../../src/schema/index.ts";
import { Flow } from "../flow.ts";
import type { Kind } from "../generate/kinds.ts";
import { isMysql } from "../generate/kinds.ts";
import { differences, type Snapshot } from "../judge/index.ts";
import type { Workplace } from "../workplace.ts";
import { loadSql } from "./load.ts";
import { modelled, schemasOf } from "./scope.ts";

export type Verdict =
  "exact" | "wrong" | "fails" | "does not load" | "skipped kind" | "blocked by a skipped kind";

export interface CaseResult {
  readonly name: string;
  readonly verdict: Verdict;
  /** The first differences, or the message. */
  readonly lines: readonly string[];
  /** How many things of which kind took no part. */
  readonly skipped: Readonly<Record<string, number>>;
}

class Wrong extends Error {
  readonly lines: readonly string[];

  constructor(what: string, lines: readonly string[]) {
    super(what);
    this.lines = lines;
  }
}

function demand(
  what: string,
  expected: Snapshot,
  got: Snapshot,
  skipped: readonly SkippedObject[],
): void {
  const lines = differences(modelled(expected, skipped), modelled(got, skipped));
  if (lines.length > 0) throw new Wrong(what, lines);
}

async function demandSilence(what: string, flow: Flow, models: MetaData): Promise<void> {
  const lines = await flow.check(models);
  if (lines.length > 0) throw new Wrong(what, lines);
}

/** A second introspection gives the same bytes, but for what only the first database has. */
function demandSameText(first: string, second: string): void {
  const lines = (text: string): readonly string[] =>
    text
      .split("\n")
      .filter((line) => !line.startsWith("//"))
      .join("\n")
      .trim()
      .split("\n");
  const [before, after] = [lines(first), lines(second)];
  const at = before.findIndex((line, index) => line !== after[index]);
  if (at >= 0) throw new Wrong("a second introspection", [before[at] ?? "", after[at] ?? ""]);
}

/** Introspects a database, writes the models as a file, and loads them back. */
async function introspect(
  place: Workplace,
  schemas: readonly string[],
): Promise<{ models: MetaData; text: string; skipped: readonly SkippedObject[] }> {
  const flow = await Flow.open(place.url, schemas);
  const folder = await mkdtemp(join(tmpdir(), "revline-law-models-"));
  try {
    const metadata = await flow.reflect();
    const text = renderModels(metadata);
    await writeFile(join(folder, "models.ts"), text);
    const models = await loadModels("models.ts", folder);
    await demandSilence("check of the database it was introspected from", flow, models);
    const { skipped } = await flow.difference(models);
    return { models, text, skipped: [...metadata.skipped, ...skipped] };
  } finally {
    await flow.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function counts(skipped: readonly SkippedObject[]): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { kind } of skipped) found[kind] = (found[kind] ?? 0) + 1;
  return found;
}

async function verdict(
  name: string,
  body: (skipped: SkippedObject[]) => Promise<Verdict>,
): Promise<CaseResult> {
  const skipped: SkippedObject[] = [];
  try {
    return { name, verdict: await body(skipped), lines: [], skipped: counts(skipped) };
  } catch (error) {
    if (error instanceof Wrong)
      return {
        name,
        verdict: "wrong",
        lines: [error.message, ...error.lines],
        skipped: counts(skipped),
      };
    const details =
      error instanceof Error && "details" in error && Array.isArray(error.details)
        ? error.details.map(String)
        : [];
    const stack =
      error instanceof Error && !("code" in error && "hint" in error) ? [error.stack ?? ""] : [];
    return {
      name,
      verdict: "fails",
      lines: [error instanceof Error ? error.message : String(error), ...details, ...stack],
      skipped: counts(skipped),
    };
  }
}

/** Roles belong to the server: they are made where a case needs them, and dropped with the last one. */
const roles = new Set<string>();
const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** What a case takes for granted, from the error that its absence gives; undefined where nothing can be done. */
function remedy(message: string): string | undefined {
  const role = /role "(.*)" does not exist/.exec(message)?.[1];
  if (role !== undefined && !roles.has(role)) {
    roles.add(role);
    return `CREATE ROLE ${quote(role)}`;
  }
  const schema = /schema "(.*)" does not exist/.exec(message)?.[1];
  return schema === undefined ? undefined : `CREATE SCHEMA ${quote(schema)}`;
}

/** Drops the roles that were made for the cases of a server. */
export async function dropRoles(places: readonly Workplace[]): Promise<void> {
  for (const role of roles) {
    for (const place of places) await place.run(`DROP OWNED BY ${quote(role)}`);
    await places[0]?.run(`DROP ROLE ${quote(role)}`);
  }
  roles.clear();
}

/** Makes databases by files of SQL, with the roles and schemas they take for granted; what went wrong, if anything did. */
export async function loads(
  places: readonly (readonly [Workplace, readonly string[]])[],
): Promise<string | undefined> {
  const schemas = new Set<string>();
  for (;;) {
    try {
      for (const [place, files] of places) {
        await place.reset();
        for (const sql of schemas) await place.run(sql);
        await loadSql(place, ...files);
      }
      return undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const [first] = places;
      const help = first?.[0].kind === "postgresql" ? remedy(message) : undefined;
      if (help === undefined || schemas.has(help)) return message;
      if (help.startsWith("CREATE ROLE")) await first?.[0].run(help);
      else schemas.add(help);
    }
  }
}

/** A schema by its own SQL, and the same made from its models. */
export async function trySchema(
  name: string,
  files: readonly string[],
  [x, y]: readonly [Workplace, Workplace],
): Promise<CaseResult> {
  const failure = await loads([
    [x, files],
    [y, []],
  ]);
  if (failure !== undefined)
    return { name, verdict: "does not load", lines: [failure], skipped: {} };
  return verdict(name, async (found) => {
    const schemas = await schemasOf(x);
    const expected = await x.judge();
    const { models, text, skipped } = await introspect(x, schemas);
    found.push(...skipped);
    demand("introspection changed the database", expected, await x.judge(), skipped);
    const empty = await y.judge();
    await y.release();
    const flow = await Flow.open(y.url, schemas);
    try {
      await flow.autogenerate(models);
      await flow.upgrade();
      demand("made from the models", expected, await y.judge(), skipped);
      await demandSilence("check after making it from the models", flow, models);
      demandSameText(text, renderModels(await flow.reflect()));
      await y.release();
      await flow.downgrade();
      demand("after the downgrade", empty, await y.judge(), []);
    } finally {
      await flow.close();
    }
    return "exact";
  });
}

/** State a becomes state b, goes back, and becomes b again. */
export async function tryPair(
  name: string,
  folder: string,
  [x, y]: readonly [Workplace, Workplace],
): Promise<CaseResult> {
  const failure = await loads([
    [x, [join(folder, "a.sql")]],
    [y, [join(folder, "b.sql")]],
  ]);
  if (failure !== undefined)
    return { name, verdict: "does not load", lines: [failure], skipped: {} };
  const [a, b] = [await x.judge(), await y.judge()];
  const isSame = (left: Snapshot, right: Snapshot): boolean =>
    differences(left, right).length === 0;
  const outside = (snapshot: Snapshot): Snapshot => {
    const known = modelled(snapshot, []);
    return Object.fromEntries(
      Object.entries(snapshot).map(([kind, things]) => [
        kind,
        Object.fromEntries(
          Object.entries(things).filter(([thing]) => known[kind]?.[thing] === undefined),
        ),
      ]),
    );
  };
  const result = await verdict(name, async (found) => {
    const schemas = await schemasOf(x, y);
    const { models, skipped } = await introspect(y, schemas);
    const { models: before, skipped: skippedBefore } = await introspect(x, schemas);
    const all = [...skipped, ...skippedBefore];
    found.push(...all);
    await Promise.all([x.release(), y.release()]);
    const flow = await Flow.open(x.url, schemas);
    try {
      await flow.autogenerate(models);
      await flow.upgrade();
      demand("after the upgrade", b, await x.judge(), all);
      await demandSilence("check after the upgrade", flow, models);
      await x.release();
      await flow.downgrade();
      demand("after the downgrade", a, await x.judge(), all);
      await demandSilence("check after the downgrade", flow, before);
      await x.release();
      await flow.upgrade();
      demand("after the second upgrade", b, await x.judge(), all);
    } finally {
      await flow.close();
    }
    return isSame(modelled(a, all), modelled(b, all)) && !isSame(a, b) ? "skipped kind" : "exact";
  });
  return result.verdict === "fails" && !isSame(outside(a), outside(b))
    ? { ...result, verdict: "blocked by a skipped kind" }
    : result;
}

const folderOf = (kind: Kind): string => (isMysql(kind) ? "mysql" : kind);
const AFTER: Readonly<Record<string, string>> = { "employees-objects.sql": "employees.sql" };

/** The schemas of a corpus for a database, each with the files that make it. */
export function schemaCases(
  corpus: string,
  kind: Kind,
): readonly { readonly name: string; readonly files: readonly string[] }[] {
  const folder = join(corpus, "schemas", folderOf(kind));
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .toSorted()
    .map((file) => ({
      name: file,
      files: [
        ...(AFTER[file] === undefined ? [] : [join(folder, AFTER[file])]),
        join(folder, file),
      ],
    }));
}

/** The pairs of a corpus for a database. */
export function pairCases(
  corpus: string,
  kind: Kind,
): readonly { readonly name: string; readonly folder: string }[] {
  const root = join(corpus, "pairs", folderOf(kind));
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .toSorted()
    .flatMap((source) =>
      readdirSync(join(root, source))
        .toSorted()
        .map((name) => ({ name: `${source}/${name}`, folder: join(root, source, name) })),
    );
}
