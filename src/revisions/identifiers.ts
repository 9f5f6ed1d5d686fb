import type { RevisionMap } from "./revision-map.ts";
import { RevlineError } from "../errors.ts";

/** `[branch "@"] symbol`; an empty branch is none. */
export interface Identifier {
  readonly branch?: string;
  readonly symbol: string;
}

export function parseIdentifier(text: string): Identifier {
  const at = text.indexOf("@");
  if (at < 0) return { symbol: text };
  return at === 0
    ? { symbol: text.slice(1) }
    : { branch: text.slice(0, at), symbol: text.slice(at + 1) };
}

function multipleHeads(argument: string, heads: readonly string[]): RevlineError {
  const narrowed = argument.includes("@") ? "a revision's own id" : `<branch>@${argument}`;
  return new RevlineError(
    "multiple-heads",
    `"${argument}" means ${heads.length} revisions: ${heads.join(", ")}.`,
    {
      hint: `Say which one, with ${narrowed}, or "heads" for all of them, or join them with \`migrate merge heads\`.`,
      details: heads,
    },
  );
}

/** The symbolic words as ids; anything else as it stands, still to be looked up. `base` is no revision at all. */
export function expand(map: RevisionMap, text: string): readonly string[] {
  const { branch, symbol } = parseIdentifier(text);
  if (symbol === "base") return [];
  if (symbol === "heads")
    return branch === undefined ? map.realHeads : onLineage(map, map.heads, branch);
  if (symbol !== "head") return [symbol];
  const heads = branch === undefined ? map.heads : onLineage(map, map.heads, branch);
  if (heads.length > 1) throw multipleHeads(text, heads);
  return heads;
}

/**
 * Looks a full id, a label or the beginning of one up. `branch` must share its lineage.
 *
 * @throws RevlineError revision-not-found, revision-ambiguous
 */
export function find(map: RevisionMap, symbol: string, branch?: string): string {
  const trunk = branch === undefined ? undefined : findBranch(map, branch);
  const id = map.names.get(symbol) ?? findPrefix(map, symbol, trunk);
  if (trunk !== undefined && !sharesLineage(map, id, [trunk])) {
    throw new RevlineError(
      "revision-not-found",
      `Revision "${id}" is not on the branch "${branch}".`,
      {
        hint: "See `migrate history` for the branches.",
      },
    );
  }
  return id;
}

/** A branch is named by its label, or by any of its revisions. */
export function findBranch(map: RevisionMap, branch: string): string {
  return map.names.get(branch) ?? findPrefix(map, branch);
}

/** Shorter names are not abbreviated. */
const SHORTEST_ABBREVIATED = 4;

function findPrefix(map: RevisionMap, prefix: string, trunk?: string): string {
  const names =
    prefix === ""
      ? []
      : [...map.names].filter(
          ([name]) => name.length >= SHORTEST_ABBREVIATED && name.startsWith(prefix),
        );
  const candidates =
    trunk === undefined ? names : names.filter(([, id]) => sharesLineage(map, id, [trunk]));
  const [only, second] = candidates;
  if (only === undefined) {
    throw new RevlineError("revision-not-found", `There is no revision or branch "${prefix}".`, {
      hint: "See `migrate history` for what there is.",
    });
  }
  if (second !== undefined) {
    const list = candidates.map(([name]) => name);
    throw new RevlineError(
      "revision-ambiguous",
      `"${prefix}" is the beginning of ${list.length} names: ${list.slice(0, 5).join(", ")}${list.length > 5 ? ", …" : ""}.`,
      {
        hint: "Write more of it.",
        details: list,
      },
    );
  }
  return only[1];
}

/** Whether one of `others` is an ancestor or a descendant. */
function sharesLineage(
  map: RevisionMap,
  id: string,
  others: readonly string[],
  ways: "down" | "all" = "down",
): boolean {
  const above = map.descendants([id], ways);
  const below = map.ancestors([id], ways);
  return others.some((other) => above.has(other) || below.has(other));
}

/** The ids that are on the lineage of an identifier; of `base`, all are. */
export function onLineage(
  map: RevisionMap,
  ids: readonly string[],
  identifier: string,
  ways: "down" | "all" = "down",
): readonly string[] {
  const { branch } = parseIdentifier(identifier);
  const symbols = [...(branch === undefined ? [] : [branch]), ...expand(map, identifier)];
  if (symbols.length === 0 || ids.length === 0) return ids;
  const against = symbols.map((symbol) => find(map, symbol));
  return ids.filter((id) => sharesLineage(map, id, against, ways));
}

/**
 * The one revision that an identifier means; undefined for `base`.
 *
 * @throws RevlineError revision-not-found, revision-ambiguous, multiple-heads
 */
export function resolveOne(map: RevisionMap, text: string): string | undefined {
  const { branch } = parseIdentifier(text);
  const [first, second, ...rest] = expand(map, text);
  if (first !== undefined && second !== undefined)
    throw multipleHeads(text, [first, second, ...rest]);
  if (first === undefined && branch !== undefined) findBranch(map, branch);
  return first === undefined ? undefined : find(map, first, branch);
}
