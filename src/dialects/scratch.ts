import { serverOf, splitUrl } from "./url.ts";

/** The URL with another database's name; all else as it is. */
export function withDatabase(url: string, database: string): string {
  const { scheme, rest } = splitUrl(url);
  // a password may hold any sign, also unencoded: what counts is what stands behind the last @
  const { user } = serverOf(url);
  const start = user === undefined ? rest.indexOf("//") + 2 : rest.lastIndexOf("@") + 1;
  const [, host = "", query = ""] = /^([^/?]*)(?:\/[^?]*)?(\?.*)?$/s.exec(rest.slice(start)) ?? [];
  return `${scheme}:${rest.slice(0, start)}${host}/${encodeURIComponent(database)}${query}`;
}
