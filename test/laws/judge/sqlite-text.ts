/**
 * SQLite keeps a schema as the text it was told. This reads that text into tokens and a CREATE TABLE
 * into its parts, so that two spellings of one table are equal to the judge: case, white space, quotes
 * around names, a constraint at its column or behind the columns.
 */
export interface Token {
  /** Lower case for words and names; as it stands for strings and numbers. */
  readonly text: string;
  readonly kind: "word" | "name" | "string" | "number" | "sign";
  /** What stands in the quotes of a name, in its own case. */
  readonly quoted?: string;
}

const PATTERN =
  /(?<skip>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>[xX]?'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<number>0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>[\w$\u0080-\uffff]+)|(?<sign>\|\||->>?|<<|>>|<=|>=|<>|!=|==|[\s\S])/gu;

export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const { groups = {} } of sql.matchAll(PATTERN)) {
    if (groups["string"] !== undefined) tokens.push({ kind: "string", text: groups["string"] });
    else if (groups["name"] !== undefined) {
      const quoted = unquote(groups["name"]);
      tokens.push({ kind: "name", text: quoted.toLowerCase(), quoted });
    }
    if (groups["number"] !== undefined)
      tokens.push({ kind: "number", text: groups["number"].toLowerCase() });
    else if (groups["word"] !== undefined)
      tokens.push({ kind: "word", text: groups["word"].toLowerCase() });
    else if (groups["sign"] !== undefined) tokens.push({ kind: "sign", text: groups["sign"] });
  }
  return tokens;
}

function unquote(name: string): string {
  const inner = name.slice(1, -1);
  if (name.startsWith('"')) return inner.replaceAll('""', '"');
  return name.startsWith("`") ? inner.replaceAll("``", "`") : inner;
}

const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token !== undefined && token.kind === "word" && words.includes(token.text);
const isSign = (token: Token | undefined, sign: string): boolean =>
  token !== undefined && token.kind === "sign" && token.text === sign;

/** Tokens as one line; a name that needs quotes and the same name without them are equal. */
export function printed(tokens: readonly Token[]): string {
  return tokens
    .map((token) =>
      token.kind === "name" && !/^[\w$\u0080-\uffff]+$/.test(token.text)
        ? JSON.stringify(token.text)
        : token.text,
    )
    .join(" ");
}

/** The whole text in a form without case, white space and quotes of names. */
export function canonicalText(sql: string): string {
  const tokens = tokenize(sql).filter((token) => !isWord(token, "asc"));
  return printed(tokens).replace(
    /^create (temp |temporary )?(unique )?(table|index|view|trigger) if not exists /,
    "create $1$2$3 ",
  );
}

/** A trigger without what is so when nothing is said: BEFORE, FOR EACH ROW. */
export function canonicalTrigger(sql: string): string {
  const name = /^create trigger (?:"(?:[^"\\]|\\.)*"|\S+)/;
  const full = canonicalText(sql);
  const head = name.exec(full)?.[0] ?? "";
  const rest = full
    .slice(head.length)
    .replace(/^ before(?= (?:insert|update|delete) )/, "")
    .replace(/^(.*? on (?:"(?:[^"\\]|\\.)*"|\S+)) for each row/, "$1");
  return head + rest;
}

/** Where the group that opens at `from` ends (the place behind its `)`). */
function groupEnd(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    if (isSign(tokens[at], "(")) depth += 1;
    if (isSign(tokens[at], ")")) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}

function splitByComma(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const pieces: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isSign(token, "(")) depth += 1;
    if (isSign(token, ")")) depth -= 1;
    if (depth === 0 && isSign(token, ",")) pieces.push([]);
    else pieces.at(-1)?.push(token);
  }
  return pieces;
}

/** SQLite takes a string for a name where only a name can stand. */
function asName(token: Token): Token {
  if (token.kind !== "string" || !token.text.startsWith("'")) return token;
  const quoted = token.text.slice(1, -1).replaceAll("''", "'");
  return { kind: "name", text: quoted.toLowerCase(), quoted };
}

/** An index without the parentheses that an element or the condition may have around it and mean the same. */
export function canonicalIndex(sql: string): string {
  const tokens = tokenize(sql).filter((token) => !isWord(token, "asc"));
  const open = tokens.findIndex((token) => isSign(token, "("));
  const end = groupEnd(tokens, open);
  const elements = splitByComma(tokens.slice(open + 1, end - 1)).map((piece) => {
    const order = isWord(piece.at(-1), "desc") ? " desc" : "";
    const inner = withoutParentheses(order === "" ? piece : piece.slice(0, -1));
    return `${printed(inner.length === 1 ? inner.map(asName) : inner)}${order}`;
  });
  const head = canonicalText(printed(tokens.slice(0, open).map(asName)));
  const where =
    end < tokens.length ? ` where ${printed(withoutParentheses(tokens.slice(end + 1)))}` : "";
  return `${head} (${elements.join(", ")})${where}`;
}

function withoutParentheses(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens;
  while (isSign(inner[0], "(") && groupEnd(inner, 0) === inner.length) inner = inner.slice(1, -1);
  return inner;
}

export interface ParsedColumn {
  readonly name: string;
  readonly type: string;
  readonly attributes: Record<string, string | boolean>;
}
export interface ParsedTable {
  readonly columns: readonly ParsedColumn[];
  readonly constraints: readonly { readonly name: string | undefined; readonly text: string }[];
}

const COLUMN_CLAUSES = [
  "constraint",
  "primary",
  "not",
  "null",
  "unique",
  "check",
  "default",
  "collate",
  "references",
  "generated",
  "as",
];
const TABLE_CLAUSES = ["constraint", "primary", "unique", "check", "foreign"];

/** Reads clauses one after the other. */
class Cursor {
  at = 0;
  readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  get now(): Token | undefined {
    return this.tokens[this.at];
  }

  take(): Token {
    const token = this.tokens[this.at];
    this.at += 1;
    return token ?? { kind: "sign", text: "" };
  }

  skip(...words: readonly string[]): boolean {
    const all = words.every((word, index) => isWord(this.tokens[this.at + index], word));
    if (all) this.at += words.length;
    return all;
  }

  group(): readonly Token[] {
    const end = groupEnd(this.tokens, this.at);
    const inner = this.tokens.slice(this.at + 1, end - 1);
    this.at = end;
    return inner;
  }
}

function names(tokens: readonly Token[]): string {
  return splitByComma(tokens)
    .map((piece) => printed(piece.filter((token) => !isWord(token, "asc"))))
    .join(", ");
}

function conflict(cursor: Cursor): string {
  return cursor.skip("on", "conflict") ? ` on conflict ${cursor.take().text}` : "";
}

function reference(cursor: Cursor, columns: string): string {
  const table = printed([cursor.take()]);
  const targets = isSign(cursor.now, "(") ? names(cursor.group()) : "";
  const actions: string[] = [];
  let deferred = "";
  for (;;) {
    if (cursor.skip("on")) {
      const event = cursor.take().text;
      const first = cursor.take().text;
      const action = ["set", "no"].includes(first) ? `${first} ${cursor.take().text}` : first;
      if (action !== "no action") actions.push(`on ${event} ${action}`);
    } else if (cursor.skip("match")) actions.push(`match ${cursor.take().text}`);
    else if (cursor.skip("not", "deferrable")) deferred = "";
    else if (cursor.skip("deferrable")) deferred = "";
    else if (cursor.skip("initially", "deferred")) deferred = " initially deferred";
    else if (cursor.skip("initially", "immediate")) deferred = "";
    else break;
  }
  return `foreign key (${columns}) references ${table} (${targets}) ${actions.toSorted().join(" ")}${deferred}`.trimEnd();
}

function parseColumn(
  tokens: readonly Token[],
  constraints: { name: string | undefined; text: string }[],
): ParsedColumn {
  const cursor = new Cursor(tokens);
  const name = printed([cursor.take()]);
  const typeTokens: Token[] = [];
  while (cursor.now !== undefined && !isWord(cursor.now, ...COLUMN_CLAUSES))
    typeTokens.push(cursor.take());
  const attributes: Record<string, string | boolean> = {};
  let constraintName: string | undefined;
  const add = (text: string): void => {
    constraints.push({ name: constraintName, text });
    constraintName = undefined;
  };
  while (cursor.now !== undefined) {
    if (cursor.skip("constraint")) constraintName = cursor.take().text;
    else if (cursor.skip("primary", "key")) {
      const order = cursor.skip("desc") ? " desc" : "";
      cursor.skip("asc");
      add(`primary key (${name}${order})${conflict(cursor)}`);
      if (cursor.skip("autoincrement")) attributes["autoincrement"] = true;
    } else if (cursor.skip("not", "null")) attributes["notNull"] = `yes${conflict(cursor)}`;
    else if (cursor.skip("null")) conflict(cursor);
    else if (cursor.skip("unique")) add(`unique (${name})${conflict(cursor)}`);
    else if (cursor.skip("check")) add(`check (${printed(withoutParentheses(cursor.group()))})`);
    else if (cursor.skip("default")) {
      const value = defaultText(cursor);
      // NULL is what a column has without a word
      if (value !== "null") attributes["default"] = value;
    } else if (cursor.skip("collate", "binary")) delete attributes["collate"];
    else if (cursor.skip("collate")) attributes["collate"] = cursor.take().text;
    else if (cursor.skip("references")) add(reference(cursor, name));
    else if (cursor.skip("generated", "always", "as") || cursor.skip("as")) {
      attributes["generated"] = printed(withoutParentheses(cursor.group()));
      attributes["stored"] = cursor.skip("stored");
      cursor.skip("virtual");
    } else attributes["unread"] = `${String(attributes["unread"] ?? "")} ${cursor.take().text}`;
  }
  // SQLite makes a primary key of a word behind it without a comma only in the type, so the text is enough
  return {
    name,
    type: printed(typeTokens).replaceAll(" ( ", "(").replaceAll(" )", ")").replaceAll(" , ", ","),
    attributes,
  };
}

function defaultText(cursor: Cursor): string {
  if (isSign(cursor.now, "(")) return printed(withoutParentheses(cursor.group()));
  const sign = isSign(cursor.now, "-") || isSign(cursor.now, "+") ? cursor.take().text : "";
  const { text, quoted } = cursor.take();
  // in quotes of a name it is a text all the same
  return `${sign === "+" ? "" : sign}${quoted === undefined ? text : `'${quoted.replaceAll("'", "''")}'`}`;
}

function parseConstraint(
  tokens: readonly Token[],
  constraints: { name: string | undefined; text: string }[],
  columns: readonly ParsedColumn[],
): void {
  const cursor = new Cursor(tokens);
  const name = cursor.skip("constraint") ? cursor.take().text : undefined;
  if (cursor.skip("primary", "key")) {
    const key = cursor.group();
    const column = columns.find(
      (item) => item.name === printed(key.filter((token) => !isWord(token, "autoincrement"))),
    );
    if (column !== undefined && isWord(key.at(-1), "autoincrement"))
      column.attributes["autoincrement"] = true;
    constraints.push({
      name,
      text: `primary key (${names(key.filter((token) => !isWord(token, "autoincrement")))})${conflict(cursor)}`,
    });
  } else if (cursor.skip("unique"))
    constraints.push({ name, text: `unique (${names(cursor.group())})${conflict(cursor)}` });
  else if (cursor.skip("check")) {
    constraints.push({ name, text: `check (${printed(withoutParentheses(cursor.group()))})` });
    // SQLite takes it there and does nothing with it
    conflict(cursor);
  } else if (cursor.skip("foreign", "key")) {
    const own = names(cursor.group());
    cursor.skip("references");
    constraints.push({ name, text: reference(cursor, own) });
  } else {
    constraints.push({ name, text: printed(tokens) });
    return;
  }
  if (cursor.now !== undefined) parseConstraint(tokens.slice(cursor.at), constraints, columns);
}

/** The parts of a CREATE TABLE statement. */
export function parseCreateTable(sql: string): ParsedTable {
  const tokens = tokenize(sql);
  const open = tokens.findIndex((token) => isSign(token, "("));
  const columns: ParsedColumn[] = [];
  const constraints: { name: string | undefined; text: string }[] = [];
  for (const piece of splitByComma(tokens.slice(open + 1, groupEnd(tokens, open) - 1))) {
    if (isWord(piece[0], ...TABLE_CLAUSES)) parseConstraint(piece, constraints, columns);
    else columns.push(parseColumn(piece, constraints));
  }
  return { columns, constraints };
}
