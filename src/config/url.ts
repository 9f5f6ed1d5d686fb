import { resolve } from "node:path";
import { dialectFor } from "../dialects/index.ts";
import { fileOf } from "../dialects/url.ts";

/**
 * The same URL with an SQLite file's path made absolute; every other URL as it is.
 *
 * @param base the folder that a relative path is relative to
 * @throws RevlineError url-invalid
 */
export function absoluteUrl(url: string, base: string): string {
  if (dialectFor(url).name !== "sqlite") return url;
  const { path } = fileOf(url);
  if (path === ":memory:") return url;
  const query = url.includes("?") ? url.slice(url.indexOf("?")) : "";
  return `sqlite:${resolve(base, path).replace(/[%?]/g, encodeURIComponent)}${query}`;
}

/** The file of an SQLite URL; undefined for memory and for other databases. */
export function databaseFile(url: string): string | undefined {
  if (dialectFor(url).name !== "sqlite") return undefined;
  const { path } = fileOf(url);
  return path === ":memory:" ? undefined : path;
}

/** SQLite has no lock beside its own: waiting for a deployer is waiting for the writer. */
export function withTimeout(url: string, milliseconds: number): string {
  if (dialectFor(url).name !== "sqlite" || fileOf(url).params.has("timeout")) return url;
  return `${url}${url.includes("?") ? "&" : "?"}timeout=${Math.round(milliseconds)}`;
}
