/**
 * The databases. Each folder is one dialect, a value of the type in `contract.ts`; they know nothing of
 * one another and are named here alone. May import `schema`, `operations`, `errors`; never imports a
 * driver (that is `driver.ts` of a dialect, when a connection is opened) and never prints.
 */
import type { Dialect } from "./contract.ts";
import { mysql } from "./mysql/index.ts";
import { postgresql } from "./postgresql/index.ts";
import { sqlite } from "./sqlite/index.ts";
import { keepSecretsOfUrl, redactUrl, splitUrl } from "./url.ts";
import { RevlineError } from "../errors.ts";

export type * from "./contract.ts";
export { redactUrl } from "./url.ts";

/** Every dialect; a new one is a folder and a line here. */
export const dialects: readonly Dialect[] = [sqlite, postgresql, mysql];

/**
 * The dialect that a URL's scheme names.
 *
 * @throws RevlineError url-invalid
 */
export function dialectFor(url: string): Dialect {
  keepSecretsOfUrl(url);
  const { scheme } = splitUrl(url);
  const found = dialects.find((dialect) => dialect.schemes.includes(scheme));
  if (found !== undefined) return found;
  const known = dialects.flatMap((dialect) => dialect.schemes).join(", ");
  throw new RevlineError("url-invalid", `"${redactUrl(url)}" has the unknown scheme "${scheme}".`, {
    hint: `Use one of: ${known}; for instance sqlite:./app.db or postgresql://user@host/database.`,
  });
}
