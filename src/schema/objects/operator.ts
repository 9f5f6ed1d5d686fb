import { declaring, type Declared } from "./declare.ts";
import type { Operator } from "./types.ts";

/** What an operator is beside its name; what tells it from others of that name follows from its operands. */
export type OperatorDefinition = Omit<
  Operator,
  "kind" | "name" | "table" | "arguments" | "type" | "on"
>;

/** The operands as the server takes them: `integer, integer`, `NONE, integer`. */
export function operandTypes(left: string | undefined, right: string): string {
  return `${left ?? "NONE"}, ${right}`;
}

/** The data of an operator. */
export function operatorOf(name: string, definition: OperatorDefinition): Operator {
  const { left, right } = definition;
  return { kind: "operator", name, arguments: operandTypes(left, right), ...definition };
}

/**
 * Declares an operator (PostgreSQL). A commutator and a negator are declared too, and name this one in turn.
 *
 * @example
 * export const samePoint = operator("===", {
 *   left: "point",
 *   right: "point",
 *   function: "same_point",
 *   commutator: "===",
 *   restrict: "eqsel",
 *   join: "eqjoinsel",
 * });
 */
export const operator: (name: string, definition: OperatorDefinition) => Declared<Operator> =
  declaring(operatorOf);
