import type { ObjectDialect } from "../contract.ts";
import { skipped } from "../skipped.ts";
import { procedureOfRow, reflectRoutines } from "../../dialects/postgresql/routine-rows.ts";
import {
  alterRoutine,
  canonicalRoutines,
  createRoutine,
  dropRoutine,
} from "../../dialects/postgresql/routines.ts";
import type { SqlProcedure } from "../../schema/objects/types.ts";

/** Several of one name differ by the types of what they take in. */
export const postgresql: ObjectDialect<SqlProcedure> = {
  skippedAs: ["procedure"],
  reflect: (connection, filter) => reflectRoutines(connection, filter, "procedure", procedureOfRow),
  canonicalize: async (sides, { connection }) => {
    const { models, undecided } = await canonicalRoutines(sides, connection, procedureOfRow);
    return skipped({ database: sides.database, models }, undecided);
  },
  create: (routine, { state }) => createRoutine(routine, state),
  drop: (routine, { state }) => dropRoutine("procedure", routine, state),
  alter: (change, { state }) => alterRoutine(change, state),
};
