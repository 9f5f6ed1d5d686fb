import type { ObjectDialect } from "../contract.ts";
import { skipped } from "../skipped.ts";
import { functionOfRow, reflectRoutines } from "../../dialects/postgresql/routine-rows.ts";
import {
  alterRoutine,
  canonicalRoutines,
  createRoutine,
  dropRoutine,
} from "../../dialects/postgresql/routines.ts";
import type { SqlFunction } from "../../schema/objects/types.ts";

/** Several of one name differ by the types of what they take in. */
export const postgresql: ObjectDialect<SqlFunction> = {
  skippedAs: ["function"],
  reflect: (connection, filter) => reflectRoutines(connection, filter, "function", functionOfRow),
  canonicalize: async (sides, { connection }) => {
    const { models, undecided } = await canonicalRoutines(sides, connection, functionOfRow);
    return skipped({ database: sides.database, models }, undecided);
  },
  create: (routine, { state }) => createRoutine(routine, state),
  drop: (routine, { state }) => dropRoutine("function", routine, state),
  alter: (change, { state }) => alterRoutine(change, state),
};
