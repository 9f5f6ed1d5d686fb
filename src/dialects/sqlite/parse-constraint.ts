import { Cursor, splitByComma } from "./cursor.ts";
import { isReserved } from "./tokens.ts";
import { quote } from "./spelling.ts";
import { text } from "../../schema/expression.ts";
import type { Constraint, ForeignKey, Options, ReferentialAction } from "../../schema/types.ts";

/** `ON CONFLICT …` as an option; the default, ABORT, is none. */
export function parseConflict(cursor: Cursor): Options {
  if (!cursor.accept("ON", "CONFLICT")) return {};
  const word = cursor.oneOf("ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE");
  return word === "ABORT" ? {} : { onConflict: word.toLowerCase() };
}

/** `CONSTRAINT name`, once or several times: the last one counts. */
export function parseName(cursor: Cursor): { readonly name?: string } {
  let found: { readonly name?: string } = {};
  while (cursor.accept("CONSTRAINT")) found = { name: cursor.name() };
  return found;
}

/** `{ options }` only where there are any. */
export function withOptions(options: Options): { readonly options?: Options } {
  return Object.keys(options).length === 0 ? {} : { options };
}

interface Keys {
  readonly columns: readonly string[];
  readonly options: Options;
  readonly autoincrement: boolean;
}

/** The columns of a key. What stands behind them (COLLATE, DESC) has no place in the model and is kept as text. */
function parseKeys(cursor: Cursor): Keys {
  let autoincrement = false;
  let plain = true;
  const parts = splitByComma(cursor.inner()).map((tokens) => {
    const part = new Cursor(cursor.sql, tokens);
    const name = part.name();
    let tail = "";
    if (part.accept("COLLATE")) tail += ` COLLATE ${collationText(part.name())}`;
    if (part.accept("DESC")) tail += " DESC";
    else part.accept("ASC");
    if (part.accept("AUTOINCREMENT")) autoincrement = true;
    if (part.token !== undefined) part.fail();
    plain &&= tail === "";
    return { name, tail };
  });
  const elements = parts.map(({ name, tail }) => `${quote(name)}${tail}`).join(", ");
  return {
    columns: parts.map(({ name }) => name),
    options: plain ? {} : { elements },
    autoincrement,
  };
}

function collationText(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !isReserved(name) ? name : quote(name);
}

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  RESTRICT: "restrict",
  CASCADE: "cascade",
  NULL: "set null",
  DEFAULT: "set default",
};

function parseAction(cursor: Cursor): ReferentialAction | undefined {
  if (cursor.accept("NO", "ACTION")) return undefined;
  if (cursor.accept("SET")) return ACTIONS[cursor.oneOf("NULL", "DEFAULT")];
  return ACTIONS[cursor.oneOf("RESTRICT", "CASCADE")];
}

/** Only DEFERRABLE INITIALLY DEFERRED defers in SQLite; NOT DEFERRABLE is the default. */
function parseDeferrability(cursor: Cursor): { deferrable?: true; initiallyDeferred?: true } {
  const not = cursor.accept("NOT", "DEFERRABLE");
  if (!not && !cursor.accept("DEFERRABLE")) return {};
  const deferred =
    cursor.accept("INITIALLY") && cursor.oneOf("DEFERRED", "IMMEDIATE") === "DEFERRED";
  if (not) return {};
  return deferred ? { deferrable: true, initiallyDeferred: true } : { deferrable: true };
}

/** REFERENCES and what follows. Without a list of columns, `columns` is empty: the parent's primary key. */
export function parseReferences(
  cursor: Cursor,
  columns: readonly string[],
  name: { readonly name?: string },
): ForeignKey {
  cursor.expect("REFERENCES");
  const table = cursor.name();
  const targets = cursor.isSymbol("(") ? cursor.names() : [];
  let onDelete: ReferentialAction | undefined;
  let onUpdate: ReferentialAction | undefined;
  let match: string | undefined;
  for (;;) {
    if (cursor.accept("ON", "DELETE")) onDelete = parseAction(cursor);
    else if (cursor.accept("ON", "UPDATE")) onUpdate = parseAction(cursor);
    else if (cursor.accept("MATCH")) match = cursor.name().toLowerCase();
    else break;
  }
  const known: Pick<ForeignKey, "match"> = match === "full" || match === "partial" ? { match } : {};
  const options: Options =
    match === undefined || match === "simple" || known.match !== undefined ? {} : { match };
  return {
    kind: "foreignKey",
    ...name,
    columns,
    references: { name: table, columns: targets },
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
    ...known,
    ...parseDeferrability(cursor),
    ...withOptions(options),
  };
}

/** CHECK and its condition. A conflict clause may stand behind it and means nothing. */
export function parseCheck(cursor: Cursor, name: { readonly name?: string }): Constraint {
  cursor.expect("CHECK");
  const expression = text(cursor.parenthesized());
  parseConflict(cursor);
  return { kind: "check", ...name, expression };
}

/** One constraint that stands for itself in CREATE TABLE. */
export function parseTableConstraint(cursor: Cursor): {
  readonly constraint: Constraint;
  readonly autoincrement: boolean;
} {
  const name = parseName(cursor);
  if (cursor.accept("PRIMARY", "KEY")) {
    const { columns, options, autoincrement } = parseKeys(cursor);
    const all = { ...options, ...parseConflict(cursor) };
    return {
      constraint: { kind: "primaryKey", ...name, columns, ...withOptions(all) },
      autoincrement,
    };
  }
  if (cursor.accept("UNIQUE")) {
    const { columns, options } = parseKeys(cursor);
    const all = { ...options, ...parseConflict(cursor) };
    return {
      constraint: { kind: "unique", ...name, columns, ...withOptions(all) },
      autoincrement: false,
    };
  }
  if (cursor.isWord("CHECK")) return { constraint: parseCheck(cursor, name), autoincrement: false };
  cursor.expect("FOREIGN", "KEY");
  const columns = cursor.names();
  return { constraint: parseReferences(cursor, columns, name), autoincrement: false };
}
