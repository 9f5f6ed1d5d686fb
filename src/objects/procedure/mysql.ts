import type { ObjectDialect } from "../contract.ts";
import {
  alterRoutine,
  canonicalRoutine,
  createRoutine,
  dropRoutine,
  readRoutines,
} from "../../dialects/mysql/routines.ts";
import { objectKey } from "../../schema/objects/declare.ts";
import type { SqlProcedure } from "../../schema/objects/types.ts";
import { omit } from "../../util/equal.ts";

const keyOf = (routine: SqlProcedure): string => objectKey("procedure", omit(routine, "arguments"));

/** The server has the text of a procedure as it was written. https://dev.mysql.com/doc/refman/8.4/en/create-procedure.html */
export const mysql: ObjectDialect<SqlProcedure> = {
  skippedAs: ["procedure"],
  reflect: async (connection, filter) => {
    const { found, skipped } = await readRoutines(connection, filter, "PROCEDURE");
    return {
      objects: found.map(({ common }) => ({ kind: "procedure", ...common })),
      skipped,
    };
  },
  canonicalize: ({ database, models }, { connection }) => {
    const live = new Map(database.map((routine) => [keyOf(routine), routine]));
    return Promise.resolve({
      database,
      models: models.map((model): SqlProcedure => ({
        kind: "procedure",
        ...canonicalRoutine(model, live.get(keyOf(model)), connection.server),
      })),
      skipped: [],
    });
  },
  create: (routine, { state }) => createRoutine(routine, state.server),
  drop: (routine) => dropRoutine(routine, "PROCEDURE"),
  alter: ({ from, to }, { state }) => alterRoutine(from, to, state.server),
};
