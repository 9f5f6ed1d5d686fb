import {
  expression,
  isExpression,
  sql,
  type Expression,
  type SqlPart,
  type SqlValue,
} from "../schema/expression.ts";
import { RevlineError } from "../errors.ts";

/** Values for the places `:name` of a text. */
export type NamedValues = Readonly<Record<string, SqlValue>>;

/** Quotes, names in quotes, comments, dollar quotes and casts, in which `:name` is no place; then a place. */
const TOKEN =
  /'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|--[^\n]*|\/\*[\s\S]*?\*\/|(\$[\p{L}_]*\$)[\s\S]*?\1|::|:=|\\:|(?<![\w:]):([\p{L}_][\p{L}\p{N}_]*)/gu;

/**
 * Text of the user's own as an expression. With values, each `:name` outside quotes and comments is one, as in
 * SQLAlchemy's `text()`; `\:` is a colon.
 *
 * @throws RevlineError model-invalid where a place has no value, or a value no place
 */
export function expressionOf(statement: Expression | string, values?: NamedValues): Expression {
  if (isExpression(statement)) {
    if (values !== undefined) throw misplaced("stand in a tagged template themselves: ${value}");
    return statement;
  }
  return values === undefined ? sql.raw(statement) : filled(statement, values);
}

function filled(text: string, values: NamedValues): Expression {
  const parts: SqlPart[] = [];
  const used = new Set<string>();
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, , name] = match;
    if (token !== "\\:" && name === undefined) continue;
    parts.push(text.slice(from, match.index));
    from = match.index + token.length;
    if (name === undefined) {
      parts.push(":");
      continue;
    }
    const value = values[name];
    if (value === undefined) throw misplaced(`are given for every place, but none for :${name}`);
    used.add(name);
    parts.push({ value });
  }
  const spare = Object.keys(values).find((name) => !used.has(name));
  if (spare !== undefined)
    throw misplaced(`have a place each, but :${spare} does not stand in the text`);
  return expression([...parts, text.slice(from)]);
}

function misplaced(what: string): RevlineError {
  return new RevlineError("model-invalid", `The values of a statement ${what}.`, {
    hint: 'Write op.execute("UPDATE t SET a = :a", { a: 1 }), or op.execute(op.sql`UPDATE t SET a = ${1}`).',
  });
}
