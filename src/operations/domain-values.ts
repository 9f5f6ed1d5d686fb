import type { Operation } from "./operation.ts";
import { lostValues, usesValue } from "./used-values.ts";
import type { Domain } from "../schema/objects/types.ts";
import { omit } from "../util/equal.ts";

/** The domain without the checks and the default that name one of the values. */
function namingNone(domain: Domain, values: readonly string[]): Domain {
  const names = (part: unknown): boolean => values.some((value) => usesValue(part, value));
  const checks = domain.checks?.filter(({ expression }) => !names(expression));
  return {
    ...(names(domain.default) ? omit(domain, "default") : domain),
    ...(checks === undefined ? {} : { checks }),
  };
}

/**
 * A domain that names a value which an enum loses, and then one that the enum gets, changes in two steps: what
 * names the old value goes before the enum changes, and what names the new one comes after it.
 */
export function domainsAroundEnums(operations: readonly Operation[]): readonly Operation[] {
  const enums = operations.filter((operation) => operation.kind === "alterEnum");
  const lost = enums.flatMap(({ from, to }) => lostValues(from, to));
  const gained = enums.flatMap(({ from, to }) => lostValues(to, from));
  const uses = (domain: Domain, values: readonly string[]): boolean =>
    values.some((value) => usesValue(domain, value));
  return operations.flatMap((operation): readonly Operation[] => {
    if (operation.kind !== "alterObject") return [operation];
    const { from, to } = operation;
    if (from.kind !== "domain" || to.kind !== "domain") return [operation];
    if (!uses(from, lost) || !uses(to, gained)) return [operation];
    const between = namingNone(from, lost);
    return [
      { kind: "alterObject", from, to: between },
      { kind: "alterObject", from: between, to },
    ];
  });
}
