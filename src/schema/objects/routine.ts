import { declaring, type Declared } from "./declare.ts";
import type { RoutineParameter, SqlFunction, SqlProcedure } from "./types.ts";

/** What a function is beside its name; what tells it from others of that name follows from its parameters. */
export type FunctionDefinition = Omit<SqlFunction, "kind" | "name" | "table" | "arguments">;

/** What a procedure is beside its name. */
export type ProcedureDefinition = Omit<SqlProcedure, "kind" | "name" | "table" | "arguments">;

/** The types of the parameters that tell a routine from others of its name: those that take something in. */
export function argumentTypes(parameters: readonly RoutineParameter[] = []): string {
  return parameters
    .filter(({ mode }) => mode !== "out")
    .map(({ type }) => type)
    .join(", ");
}

/** The data of a function. */
export function functionOf(name: string, definition: FunctionDefinition): SqlFunction {
  return {
    kind: "function",
    name,
    arguments: argumentTypes(definition.parameters),
    ...definition,
  };
}

/** The data of a procedure. */
export function procedureOf(name: string, definition: ProcedureDefinition): SqlProcedure {
  return {
    kind: "procedure",
    name,
    arguments: argumentTypes(definition.parameters),
    ...definition,
  };
}

/**
 * Declares a stored function.
 *
 * @example
 * export const addTax = sqlFunction("add_tax", {
 *   parameters: [{ name: "net", type: "numeric" }],
 *   returns: "numeric",
 *   body: sql`SELECT net * 1.19`,
 *   volatility: "immutable",
 * });
 */
export const sqlFunction: (name: string, definition: FunctionDefinition) => Declared<SqlFunction> =
  declaring(functionOf);

/**
 * Declares a stored procedure.
 *
 * @example
 * export const purge = sqlProcedure("purge", {
 *   parameters: [{ name: "days", type: "integer" }],
 *   body: sql`DELETE FROM events WHERE age > days`,
 * });
 */
export const sqlProcedure: (
  name: string,
  definition: ProcedureDefinition,
) => Declared<SqlProcedure> = declaring(procedureOf);
