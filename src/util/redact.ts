/** What stands where a password stood. */
export const HIDDEN = "***";

/** Query parameters, object keys and variables whose value nobody may see. */
const SECRET_NAME = String.raw`(?:[\w-]*pass(?:word|wd|phrase|code)|pwd|[\w-]*secret[\w-]*|[\w-]*token|api_?key)`;

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // scheme://user:password@host, whatever is wrong with the rest of it, up to the last @ of the word; and
  // where the text was cut in front of the @, but not a port
  [
    /\b((?!file:)[a-z][a-z0-9+.-]*:\/+[^\s:/@'"]*):(?:\S*(?=@)|(?!\d*(?![^\s/?#'",;)]))[^\s'"]+)/gi,
    `$1:${HIDDEN}`,
  ],
  // …password=…, also as 'password' => "…" and "password": "…"
  [
    new RegExp(
      `(${SECRET_NAME}["'\`]?\\s*(?:=>?|:)\\s*)(["'\`])(?:\\\\.|(?!\\2)[^\\\\])*\\2`,
      "gi",
    ),
    `$1$2${HIDDEN}$2`,
  ],
  [new RegExp(`((?<![\\w-])${SECRET_NAME}=)[^\\s&;'"\`]+`, "gi"), `$1${HIDDEN}`],
  // SQL that makes users, also where it stands inside a literal itself
  [
    /\b((?:PASSWORD|IDENTIFIED(?:\s+(?:WITH|VIA)\s+\S+)?\s+(?:BY|AS|USING)(?:\s+PASSWORD)?)\s*\(?\s*)(?:\\'.*?\\'|''(?=[^\s,;)']).*?''|'(?:[^'\\]|''|\\.)*')/gis,
    `$1'${HIDDEN}'`,
  ],
];

/** Passwords that this process was given, by every spelling that a message may have of them. */
const known = new Set<string>();
const VARIABLES = ["PGPASSWORD", "MYSQL_PWD"] as const;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // a % that begins no escape: the text means itself
    return text;
  }
}

function spellings(secret: string): readonly string[] {
  const plain = decoded(secret);
  return [
    secret,
    plain,
    encodeURIComponent(plain),
    new URLSearchParams([["", plain]]).toString().slice(1),
  ].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    text.replaceAll("'", "''"),
    text.replaceAll("\\", "\\\\").replaceAll("'", "''"),
  ]);
}

/** Remembers a password, so that {@link redact} finds it in whatever a driver or a user's own code says. */
export function keepSecret(secret: string): void {
  for (const text of spellings(secret)) if (text !== "") known.add(text);
}

/**
 * Remembers the password that stands in a text such as a URL or an argument of the command line:
 * everything between the first `:` behind the user and the last `@`. A password that is the user's name
 * is as public as that.
 */
export function keepSecretsOf(text: string): void {
  const found = /^(?:-[^=]*=)?(?:[\w+. -]+:\/+)?([^:@/]*):(.*)@/s.exec(text);
  const [, user, password] = found ?? [];
  if (password !== undefined && password !== user) keepSecret(password);
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");
}

/** A server quotes the first characters of a statement's rest: a password may be cut off in the middle. */
const SHORTEST_BEGINNING = 6;

/** A password that is a word does not hide a part of another word. */
function wholePattern(secret: string): string {
  const before = /^\w/.test(secret) ? "(?<!\\w)" : "";
  return `${before}${escaped(secret)}${/\w$/.test(secret) ? "(?!\\w)" : ""}`;
}

function beginningPattern(secret: string): string {
  const rest = [...secret.slice(SHORTEST_BEGINNING, -1)].reduceRight(
    (longer, character) => `(?:${escaped(character)}${longer})?`,
    "",
  );
  const beginning = escaped(secret.slice(0, SHORTEST_BEGINNING));
  return `${/^\w/.test(secret) ? "(?<!\\w)" : ""}${beginning}${rest}(?=\\.\\.\\.|…|'|$)`;
}

function hide(text: string, patterns: readonly string[]): string {
  return patterns.length === 0 ? text : text.replace(new RegExp(patterns.join("|"), "g"), HIDDEN);
}

/**
 * Text without passwords: those this process was given, and whatever looks like one, in a URL, a
 * parameter, an object or a statement.
 *
 * @example
 * redact("no answer from postgres://scott:tiger@db/shop")   // "no answer from postgres://scott:***@db/shop"
 */
export function redact(text: string): string {
  const fromEnvironment = VARIABLES.flatMap((name) => {
    const value = process.env[name];
    return value === undefined || value === "" ? [] : spellings(value);
  });
  const secrets = [...new Set([...known, ...fromEnvironment])].toSorted(
    (a, b) => b.length - a.length,
  );
  const clean = PATTERNS.reduce(
    (done, [pattern, by]) => done.replace(pattern, by),
    hide(text, secrets.map(wholePattern)),
  );
  return hide(
    clean,
    secrets.filter(({ length }) => length > SHORTEST_BEGINNING).map(beginningPattern),
  );
}
