import { RevlineError } from "../errors.ts";
import { HIDDEN, keepSecret, keepSecretsOf } from "../util/redact.ts";

/** A database URL with its scheme apart; `sqlalchemy`-style `+driver` is cut off. */
export interface SchemedUrl {
  /** In lower case, without `:`. */
  readonly scheme: string;
  /** What follows `scheme:`. */
  readonly rest: string;
}

/** A URL of a database server, its parts decoded. */
export interface ServerUrl {
  readonly scheme: string;
  readonly user?: string;
  readonly password?: string;
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly params: ReadonlyMap<string, string>;
}

/** An SQLite file and what the URL says about opening it. */
export interface FileUrl {
  /** A path, or `:memory:`. */
  readonly path: string;
  readonly params: ReadonlyMap<string, string>;
}

const SECRET = /pass(?:word|wd|phrase|code)?$|^pwd$|secret|token|^sslkey$|^key$/i;
/** A file's path may hold any sign; there is no password in such a URL. */
const FILE = /^\s*(?:sqlite[23]?|file)(?:\+[\w.-]+)?:/i;

/** @throws RevlineError url-invalid when there is no scheme */
export function splitUrl(url: string): SchemedUrl {
  const match = /^\s*([a-z][a-z0-9]*)(?:\+[a-z0-9_.-]+)?:(.*?)\s*$/is.exec(url);
  const [, scheme, rest] = match ?? [];
  if (scheme === undefined || rest === undefined) {
    throw new RevlineError("url-invalid", `"${redactUrl(url)}" is not a database URL.`, {
      hint: "Write it as scheme:…, for instance sqlite:./app.db or postgresql://user@host/database.",
    });
  }
  return { scheme: scheme.toLowerCase(), rest };
}

/** The URL with `dialect+driver` shortened to `dialect`. */
export function withoutDriver(url: string): string {
  const { scheme, rest } = splitUrl(url);
  return `${scheme}:${rest}`;
}

/** Percent-decoding that leaves text alone which is not encoded. */
function decode(value: string): string {
  return /%(?![0-9a-f]{2})/i.test(value) ? value : decodeURIComponent(value);
}

function paramsOf(query: string | undefined): ReadonlyMap<string, string> {
  return new Map(new URLSearchParams(query ?? ""));
}

/**
 * The file of an SQLite URL: `sqlite:./app.db`, `sqlite::memory:`, and SQLAlchemy's `sqlite:///relative`,
 * `sqlite:////absolute`, `sqlite://` (memory). With `file:`, three slashes are an absolute path.
 */
export function fileOf(url: string): FileUrl {
  const { scheme, rest } = splitUrl(url);
  const mark = rest.indexOf("?");
  const params = paramsOf(mark < 0 ? undefined : rest.slice(mark + 1));
  const place = decode(mark < 0 ? rest : rest.slice(0, mark));
  const path = place.startsWith("//") ? pathBehindSlashes(place.slice(2), scheme) : place;
  return { path: path === "" ? ":memory:" : path, params };
}

function pathBehindSlashes(place: string, scheme: string): string {
  const isDrive = /^\/[a-z]:[\\/]/i.test(place);
  return place.startsWith("/") && (isDrive || scheme !== "file") ? place.slice(1) : place;
}

/**
 * The parts of a server's URL. A password may hold `@`, `:` or `/` unencoded as long as host and
 * path can still be told.
 *
 * @throws RevlineError url-invalid
 */
export function serverOf(url: string): ServerUrl {
  const { scheme, rest } = splitUrl(url);
  const match = /^\/\/(?:(?<credentials>.*)@)?(?<place>[^?#@]*)(?:\?(?<query>[^#]*))?/s.exec(rest);
  const { credentials, place = "", query } = match?.groups ?? {};
  const address =
    /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:/]*))(?::(?<port>\d+))?(?:\/(?<database>.*))?$/s.exec(
      place,
    )?.groups;
  if (match === null || address === undefined) {
    throw new RevlineError(
      "url-invalid",
      `"${redactUrl(url)}" is not a URL of a database server.`,
      {
        hint: `Write it as ${scheme}://user:password@host:port/database, with special characters percent-encoded.`,
      },
    );
  }
  const colon = credentials?.indexOf(":") ?? -1;
  const user = colon < 0 ? credentials : credentials?.slice(0, colon);
  const password = colon < 0 ? undefined : credentials?.slice(colon + 1);
  const host = address["v6"] ?? address["name"];
  const { port, database } = address;
  return {
    scheme,
    ...(user ? { user: decode(user) } : {}),
    ...(password === undefined ? {} : { password: decode(password) }),
    ...(host ? { host: decode(host) } : {}),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(database ? { database: decode(database) } : {}),
    params: paramsOf(query),
  };
}

/**
 * The URL without its driver, and with user and password encoded as every parser of URLs needs them.
 *
 * @throws RevlineError url-invalid
 */
export function encodedUrl(url: string): string {
  const { user, password } = serverOf(url);
  const { scheme, rest } = splitUrl(url);
  if (user === undefined && password === undefined) return `${scheme}:${rest}`;
  const words = [user ?? "", ...(password === undefined ? [] : [password])];
  const behind = rest.slice(rest.lastIndexOf("@") + 1);
  return `${scheme}://${words.map(encodeURIComponent).join(":")}@${behind}`;
}

/** Hides `:password@`, also where the password is not encoded as it should be, or slashes are missing. */
function redactCredentials(url: string): string {
  const start = url.indexOf("://");
  if (start < 0) return url.replace(/^([^:@]*:).*@/s, `$1${HIDDEN}@`);
  const rest = url.slice(start + 3);
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? "";
  const beforeQuery = /^[^?]*/.exec(rest)?.[0] ?? "";
  const colon = authority.indexOf(":");
  if (colon < 0) return url;
  const isPort = /^(?:\[[^\]]*\]|[^:[\]]*):\d*$/.test(authority);
  // a raw "/", "?" or "#" in the password cuts the authority short: then everything up to the last @ is hidden
  const reach = authority.includes("@") || isPort ? beforeQuery : rest;
  const at = reach.lastIndexOf("@");
  if (at < colon) return url;
  return `${url.slice(0, start + 3)}${rest.slice(0, colon)}:${HIDDEN}${rest.slice(at)}`;
}

/** The URL for people: passwords are hidden, in the credentials and in query parameters. */
export function redactUrl(url: string): string {
  const clean = FILE.test(url) ? url : redactCredentials(url);
  return clean.replace(/([?&;])([^=&;]+)=([^&;#]*)/g, (whole, mark: string, key: string, value) =>
    // options of TLS as JSON may hold keys and pass phrases
    SECRET.test(decode(key)) || /^\s*(?:\{|%7b)/i.test(String(value))
      ? `${mark}${key}=${HIDDEN}`
      : whole,
  );
}

/** Remembers the passwords of a URL, so that no message shows them, whoever words it. */
export function keepSecretsOfUrl(url: string): void {
  if (!FILE.test(url)) keepSecretsOf(url);
  const query = url.includes("?") ? url.slice(url.indexOf("?") + 1) : "";
  for (const [key, value] of new URLSearchParams(query)) if (SECRET.test(key)) keepSecret(value);
}
