import { closingOf, isSymbol, isWord, nameOf, sourceOf, tokenize, type Token } from "./tokens.ts";

/** What the parsers throw, and nobody outside sees: the text is not understood at a place. */
export class NotUnderstood extends Error {}

/** A place in SQL text that moves forward, token by token. */
export class Cursor {
  readonly sql: string;
  readonly tokens: readonly Token[];
  at = 0;

  constructor(sql: string, tokens: readonly Token[] = tokenize(sql)) {
    this.sql = sql;
    this.tokens = tokens;
  }

  get token(): Token | undefined {
    return this.tokens[this.at];
  }

  fail(): never {
    const found = this.token === undefined ? "its end" : `"${this.token.text}"`;
    throw new NotUnderstood(`the definition is not understood at ${found}`);
  }

  isWord(...words: readonly string[]): boolean {
    return isWord(this.token, ...words);
  }

  isSymbol(symbol: string): boolean {
    return isSymbol(this.token, symbol);
  }

  /** Steps over a run of words if it stands here. */
  accept(...words: readonly string[]): boolean {
    if (!words.every((word, offset) => isWord(this.tokens[this.at + offset], word))) return false;
    this.at += words.length;
    return true;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.at += 1;
    return true;
  }

  expect(...words: readonly string[]): void {
    if (!this.accept(...words)) this.fail();
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) this.fail();
  }

  /** One of the words, in upper case. */
  oneOf(...words: readonly string[]): string {
    const word = this.token;
    if (word === undefined || !isWord(word, ...words)) return this.fail();
    this.at += 1;
    return word.text.toUpperCase();
  }

  name(): string {
    const { token } = this;
    if (token === undefined || !["word", "quoted", "string"].includes(token.kind))
      return this.fail();
    this.at += 1;
    return nameOf(token);
  }

  /** The source inside the parentheses that open here. */
  parenthesized(): string {
    return sourceOf(this.sql, this.inner());
  }

  /** The tokens inside the parentheses that open here. */
  inner(): readonly Token[] {
    const close = this.isSymbol("(") ? closingOf(this.tokens, this.at) : -1;
    if (close < 0) return this.fail();
    const inside = this.tokens.slice(this.at + 1, close);
    this.at = close + 1;
    return inside;
  }

  /** A list of plain names in parentheses. */
  names(): readonly string[] {
    return splitByComma(this.inner()).map((tokens) => {
      const [only] = tokens;
      return only === undefined || tokens.length > 1 ? this.fail() : nameOf(only);
    });
  }

  /** The source from a place up to here. */
  since(start: number): string {
    return sourceOf(this.sql, this.tokens.slice(start, this.at));
  }
}

/** Splits at the commas that stand in no parentheses. */
export function splitByComma(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const pieces: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isSymbol(token, "(")) depth += 1;
    if (isSymbol(token, ")")) depth -= 1;
    if (depth === 0 && isSymbol(token, ",")) pieces.push([]);
    else pieces.at(-1)?.push(token);
  }
  return pieces;
}
