import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  dropRoles,
  pairCases,
  schemaCases,
  tryPair,
  trySchema,
  type CaseResult,
} from "./corpora/cases.ts";
import type { Kind } from "./generate/kinds.ts";
import { runMutations } from "./mutations.ts";
import { runRandom } from "./random.ts";
import { openWorkplace } from "./workplace.ts";

const USAGE = `npm run laws -- --corpus DIR [--database sqlite,postgresql,mariadb,mysql] [--case TEXT] [--verbose]
npm run laws -- --corpus DIR --mutate [--runs 20] [--seed 20260822] [--case TEXT] [--database …]
npm run laws -- --random [--runs 2000] [--seed 20260822] [--database sqlite,postgresql,mariadb,mysql]
`;
const SERVERS: Readonly<Record<Kind, string | undefined>> = {
  sqlite: "",
  postgresql: process.env["REVLINE_TEST_POSTGRESQL_URL"],
  mariadb: process.env["REVLINE_TEST_MARIADB_URL"],
  mysql: process.env["REVLINE_TEST_MYSQL_URL"],
};
const KINDS: readonly Kind[] = ["sqlite", "postgresql", "mariadb", "mysql"];

function tally(results: readonly CaseResult[]): string {
  const found = new Map<string, number>();
  for (const { verdict } of results) found.set(verdict, (found.get(verdict) ?? 0) + 1);
  return [...found].map(([verdict, count]) => `${verdict} ${String(count)}`).join(", ");
}

function line(kind: Kind, { name, verdict, lines, skipped }: CaseResult, most: number): string {
  const aside = Object.entries(skipped)
    .map(([what, count]) => `${String(count)} ${what}`)
    .join(", ");
  const head = `${verdict === "wrong" || verdict === "fails" ? "✗" : "·"} ${kind.padEnd(10)} ${name}: ${verdict}${aside === "" ? "" : ` (skipped: ${aside})`}`;
  return [head, ...lines.slice(0, most).map((text) => `      ${text.slice(0, 600)}`)].join("\n");
}

/** The server's URL; undefined, and said, where there is none. */
function serverOf(kind: Kind): string | undefined {
  const server = SERVERS[kind];
  if (server === undefined)
    process.stdout.write(`· ${kind}: skipped, REVLINE_TEST_${kind.toUpperCase()}_URL is not set\n`);
  return server;
}

async function runKind(
  kind: Kind,
  corpus: string,
  wanted: string,
  most: number,
): Promise<readonly CaseResult[]> {
  const server = serverOf(kind);
  if (server === undefined) return [];
  const places = [await openWorkplace(kind, server), await openWorkplace(kind, server)] as const;
  const results: CaseResult[] = [];
  const report = (result: CaseResult): void => {
    results.push(result);
    if (result.verdict !== "exact" || most > 4)
      process.stdout.write(
        `${line(kind, result, result.verdict === "does not load" ? 1 : most)}\n`,
      );
  };
  try {
    for (const { name, files } of schemaCases(corpus, kind))
      if (name.includes(wanted)) report(await trySchema(name, files, places));
    const schemas = results.length;
    process.stdout.write(`${kind}: ${String(schemas)} schemas: ${tally(results)}\n`);
    for (const { name, folder } of pairCases(corpus, kind))
      if (name.includes(wanted)) report(await tryPair(name, folder, places));
    process.stdout.write(
      `${kind}: ${String(results.length - schemas)} pairs: ${tally(results.slice(schemas))}\n`,
    );
  } finally {
    await dropRoles(places);
    for (const place of places) await place.drop();
  }
  return results;
}

async function runCorpus(corpus: string, kinds: readonly Kind[]): Promise<boolean> {
  const results: CaseResult[] = [];
  for (const kind of kinds)
    results.push(
      ...(await runKind(kind, corpus, values.case ?? "", values.verbose === true ? 30 : 4)),
    );
  process.stdout.write(`all: ${String(results.length)} cases: ${tally(results)}\n`);
  return !results.some(({ verdict }) => verdict === "wrong" || verdict === "fails");
}

async function runPairs(kinds: readonly Kind[]): Promise<boolean> {
  let isHeld = true;
  for (const kind of kinds) {
    const serverUrl = serverOf(kind);
    if (serverUrl === undefined) continue;
    const [runs, seed] = [Number(values.runs ?? "2000"), Number(values.seed)];
    const held = await runRandom({
      ...{ kind, serverUrl, runs, seed },
      say: (text) => process.stdout.write(text),
      progress: (text) => process.stderr.write(text),
    });
    isHeld &&= held;
  }
  return isHeld;
}

async function runMutated(corpus: string, kinds: readonly Kind[]): Promise<boolean> {
  let isHeld = true;
  for (const kind of kinds) {
    const serverUrl = serverOf(kind);
    if (serverUrl === undefined) continue;
    const held = await runMutations({
      ...{ kind, serverUrl, corpus, wanted: values.case ?? "" },
      ...{ runs: Number(values.runs ?? "20"), seed: Number(values.seed) },
      say: (text) => process.stdout.write(text),
    });
    isHeld &&= held;
  }
  return isHeld;
}

const { values } = parseArgs({
  options: {
    corpus: { type: "string" },
    random: { type: "boolean" },
    mutate: { type: "boolean" },
    runs: { type: "string" },
    seed: { type: "string", default: "20260822" },
    database: { type: "string" },
    case: { type: "string" },
    verbose: { type: "boolean" },
  },
});
const { corpus } = values;
const chosen = values.database?.split(",") ?? KINDS;
const kinds = KINDS.filter((kind) => chosen.includes(kind));
if (values.random === true) {
  process.exitCode = (await runPairs(kinds)) ? 0 : 1;
} else if (corpus === undefined || !existsSync(corpus)) {
  process.stderr.write(corpus === undefined ? USAGE : `${corpus} does not exist.\n${USAGE}`);
  process.exitCode = 1;
} else if (values.mutate === true) {
  process.exitCode = (await runMutated(corpus, kinds)) ? 0 : 1;
} else {
  process.exitCode = (await runCorpus(corpus, kinds)) ? 0 : 1;
}
