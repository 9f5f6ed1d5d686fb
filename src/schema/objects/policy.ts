import { declaring, type Declared } from "./declare.ts";
import type { Policy } from "./types.ts";

/** All that stands beside the name. */
export type PolicyDefinition = Omit<Policy, "kind" | "name" | "arguments">;

/** The data, from the name and what stands beside it. */
export function policyOf(name: string, definition: PolicyDefinition): Policy {
  return { kind: "policy", name, ...definition };
}

/**
 * Declares a row security policy (PostgreSQL); the table says `postgresql: { rowSecurity: true }`.
 *
 * @example
 * export const ownPosts = policy("own_posts", {
 *   table: "posts",
 *   roles: ["app"],
 *   using: sql`author = current_user`,
 * });
 */
export const policy: (name: string, definition: PolicyDefinition) => Declared<Policy> =
  declaring(policyOf);
