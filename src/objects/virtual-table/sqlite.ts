import type { ObjectContext, ObjectDialect } from "../contract.ts";
import {
  isSymbol,
  isWord,
  nameOf,
  sourceOf,
  tokenize,
  type Token,
} from "../../dialects/sqlite/tokens.ts";
import { fold } from "../../dialects/sqlite/names.ts";
import type { Statement } from "../../dialects/contract.ts";
import { externalContent } from "../../schema/objects/virtual-table.ts";
import type { VirtualTable } from "../../schema/objects/types.ts";
import type { SkippedObject } from "../../schema/types.ts";

function create(object: VirtualTable, { dialect }: ObjectContext): readonly Statement[] {
  const { name, module, args } = object;
  const table = dialect.quote(name);
  const list = args === undefined ? "" : ` (${args.join(", ")})`;
  const sql = `CREATE VIRTUAL TABLE ${table} USING ${dialect.quote(module)}${list}`;
  // an index over rows that are elsewhere and may be there already
  return externalContent(object)
    ? [{ sql }, { sql: `INSERT INTO ${table} (${table}) VALUES ('rebuild')` }]
    : [{ sql }];
}

function splitArguments(sql: string, tokens: readonly Token[]): readonly string[] {
  const pieces: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isSymbol(token, "(")) depth += 1;
    if (isSymbol(token, ")")) depth -= 1;
    if (depth === 0 && isSymbol(token, ",")) pieces.push([]);
    else pieces.at(-1)?.push(token);
  }
  return pieces.map((piece) => sourceOf(sql, piece));
}

/** `CREATE VIRTUAL TABLE name USING module(arguments)`; undefined where it is not understood. */
function parse(sql: string): Pick<VirtualTable, "module" | "args"> | undefined {
  const tokens = tokenize(sql);
  const [using, module, open] = tokens.slice(4);
  if (module === undefined || !isWord(using, "USING")) return undefined;
  if (open === undefined || isSymbol(open, ";")) return { module: nameOf(module) };
  const close = tokens.findLastIndex((token) => isSymbol(token, ")"));
  if (!isSymbol(open, "(") || close < 6) return undefined;
  return { module: nameOf(module), args: splitArguments(sql, tokens.slice(7, close)) };
}

/** The tokens as they stand: what case and quotes mean is the module's. */
function keyOf({ module, args = [] }: Pick<VirtualTable, "module" | "args">): string {
  const given = args.length === 1 && args[0] === "" ? [] : args;
  return JSON.stringify([
    fold(module),
    given.map((argument) => tokenize(argument).map((token) => token.text)),
  ]);
}

const VIRTUAL =
  "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'create virtual%' ORDER BY rowid";

/** SQLite has the text as it was written. https://sqlite.org/lang_createvtab.html */
export const sqlite: ObjectDialect<VirtualTable> = {
  skippedAs: ["virtual table", "shadow table"],
  reflect: async (connection) => {
    const objects: VirtualTable[] = [];
    const skipped: SkippedObject[] = [];
    for (const row of await connection.query(VIRTUAL)) {
      const [name, sql] = [String(row["name"]), String(row["sql"])];
      const parsed = parse(sql);
      if (parsed === undefined) {
        const reason = "its definition is not understood";
        skipped.push({ kind: "virtual table", name, reason, definition: sql });
      } else objects.push({ kind: "virtualTable", name, ...parsed });
    }
    return { objects, skipped };
  },
  canonicalize: ({ database, models }) => {
    const live = new Map(database.map((table) => [table.name, table]));
    return Promise.resolve({
      database,
      models: models.map((model) => {
        const there = live.get(model.name);
        return there !== undefined && keyOf(there) === keyOf(model) ? there : model;
      }),
      skipped: [],
    });
  },
  create,
  drop: ({ name }, { dialect }) => [{ sql: `DROP TABLE ${dialect.quote(name)}` }],
  alter: ({ from, to }, context) => [
    { sql: `DROP TABLE ${context.dialect.quote(from.name)}` },
    ...create(to, context),
  ],
};
