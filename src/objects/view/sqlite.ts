import type { ObjectContext, ObjectDialect } from "../contract.ts";
import { triggersOf } from "./sqlite-triggers.ts";
import { renderExpression } from "../../dialects/ddl.ts";
import { sameName } from "../../dialects/sqlite/names.ts";
import {
  closingOf,
  expressionKey,
  isSymbol,
  isWord,
  nameOf,
  tokenize,
  type Token,
} from "../../dialects/sqlite/tokens.ts";
import type { Statement } from "../../dialects/contract.ts";
import type { Operation } from "../../operations/operation.ts";
import { text, type Expression } from "../../schema/expression.ts";
import type { View } from "../../schema/objects/types.ts";
import type { SkippedObject } from "../../schema/types.ts";
import { omit } from "../../util/equal.ts";

function queryText(query: Expression, { dialect }: Pick<ObjectContext, "dialect">): string {
  return renderExpression(query, "sqlite", {
    quote: (...names) => dialect.quote(...names),
    literal: (value) => dialect.literal(value),
  });
}

function create({ name, columns, query }: View, context: ObjectContext): readonly Statement[] {
  const { quote } = context.dialect;
  const named =
    columns === undefined ? "" : ` (${columns.map((column) => quote(column)).join(", ")})`;
  return [{ sql: `CREATE VIEW ${quote(name)}${named} AS ${queryText(query, context)}` }];
}

/**
 * `CREATE VIEW name (a, b) AS SELECT …`: the columns and the query, as it was written but for what comments
 * stand behind it. SQLite leaves TEMP, IF NOT EXISTS and the schema out of what it keeps.
 */
function parse(sql: string): Pick<View, "columns" | "query"> | undefined {
  const tokens = tokenize(sql);
  const hasColumns = isSymbol(tokens[3], "(");
  const end = hasColumns ? closingOf(tokens, 3) : 2;
  const as = tokens[end + 1];
  const last = withoutSemicolon(tokens).at(-1);
  if (end < 0 || as === undefined || last === undefined || !isWord(as, "AS")) return undefined;
  const query = text(sql.slice(as.end, last.end).trim());
  if (!hasColumns) return { query };
  const columns = tokens
    .slice(4, end)
    .filter((token) => !isSymbol(token, ","))
    .map(nameOf);
  return { columns, query };
}

function withoutSemicolon(tokens: readonly Token[]): readonly Token[] {
  return isSymbol(tokens.at(-1), ";") ? withoutSemicolon(tokens.slice(0, -1)) : tokens;
}

const VIEWS =
  "SELECT name, sql FROM sqlite_schema WHERE type = 'view' AND sql IS NOT NULL ORDER BY rowid";

/** SQLite has the text of a view as it was written. https://sqlite.org/lang_createview.html */
export const sqlite: ObjectDialect<View> = {
  skippedAs: ["view"],
  reflect: async (connection) => {
    const objects: View[] = [];
    const skipped: SkippedObject[] = [];
    for (const row of await connection.query(VIEWS)) {
      const [name, sql] = [String(row["name"]), String(row["sql"])];
      const parsed = parse(sql);
      if (parsed === undefined) {
        const reason = "its definition is not understood";
        skipped.push({ kind: "view", name, reason, definition: sql });
      } else objects.push({ kind: "view", name, ...parsed });
    }
    return { objects, skipped };
  },
  canonicalize: async ({ database, models }, context) => {
    const live = new Map(database.map((view) => [view.name, view]));
    return {
      database,
      models: models.map((model) => {
        const view = omit(model, "options", "comment");
        const [now, there] = [queryText(view.query, context), live.get(view.name)?.query];
        const same =
          there !== undefined && expressionKey(queryText(there, context)) === expressionKey(now);
        return { ...view, query: same ? there : text(now) };
      }),
      skipped: [],
    };
  },
  create: async (view, context) => {
    const operations = context.state.operations ?? [];
    const isDrop = (operation: Operation): boolean =>
      operation.kind === "dropObject" &&
      operation.type === "view" &&
      sameName(operation.object.name, view.name);
    const at = operations.findIndex(
      (operation) => operation.kind === "createObject" && operation.object === view,
    );
    const isAnew = operations.slice(0, Math.max(at, 0)).some(isDrop);
    return [
      ...create(view, context),
      ...(isAnew ? await triggersOf(view.name, isDrop, context) : []),
    ];
  },
  drop: ({ name }, { dialect }) => [{ sql: `DROP VIEW ${dialect.quote(name)}` }],
  alter: async ({ from, to }, context) => [
    { sql: `DROP VIEW ${context.dialect.quote(from.name)}` },
    ...create(to, context),
    ...(await triggersOf(
      from.name,
      (operation) => operation.kind === "alterObject" && operation.to === to,
      context,
    )),
  ],
};
