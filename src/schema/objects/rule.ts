import { declaring, type Declared } from "./declare.ts";
import type { Rule } from "./types.ts";

/** All that stands beside the name. */
export type RuleDefinition = Omit<Rule, "kind" | "name" | "arguments">;

/** The data, from the name and what stands beside it. */
export function ruleOf(name: string, definition: RuleDefinition): Rule {
  return { kind: "rule", name, ...definition };
}

/**
 * Declares a rewrite rule (PostgreSQL).
 *
 * @example
 * export const keepLog = rule("keep_log", { table: "log", event: "delete", definition: sql`DO INSTEAD NOTHING` });
 */
export const rule: (name: string, definition: RuleDefinition) => Declared<Rule> = declaring(ruleOf);
