import { declaring, type Declared } from "./declare.ts";
import { argumentTypes } from "./routine.ts";
import type { Aggregate } from "./types.ts";

/** What an aggregate is beside its name; what tells it from others of that name follows from its parameters. */
export type AggregateDefinition = Omit<Aggregate, "kind" | "name" | "table" | "arguments">;

/** The data of an aggregate. */
export function aggregateOf(name: string, definition: AggregateDefinition): Aggregate {
  const { parameters = [], orderBy = [] } = definition;
  return {
    kind: "aggregate",
    name,
    arguments: argumentTypes([...parameters, ...orderBy]),
    ...definition,
  };
}

/**
 * Declares an aggregate function (PostgreSQL).
 *
 * @example
 * export const product = aggregate("product", {
 *   parameters: [{ type: "numeric" }],
 *   definition: { sfunc: "numeric_mul", stype: "numeric", initcond: "1" },
 * });
 */
export const aggregate: (name: string, definition: AggregateDefinition) => Declared<Aggregate> =
  declaring(aggregateOf);
