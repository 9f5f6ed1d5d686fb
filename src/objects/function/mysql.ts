import type { ObjectDialect } from "../contract.ts";
import {
  alterRoutine,
  canonicalRoutine,
  createRoutine,
  dropRoutine,
  readRoutines,
  sameType,
} from "../../dialects/mysql/routines.ts";
import { objectKey } from "../../schema/objects/declare.ts";
import type { SqlFunction } from "../../schema/objects/types.ts";
import { omit } from "../../util/equal.ts";

const keyOf = (routine: SqlFunction): string => objectKey("function", omit(routine, "arguments"));

/** The server has the text of a function as it was written. https://dev.mysql.com/doc/refman/8.4/en/create-procedure.html */
export const mysql: ObjectDialect<SqlFunction> = {
  skippedAs: ["function"],
  reflect: async (connection, filter) => {
    const { found, skipped } = await readRoutines(connection, filter, "FUNCTION");
    return {
      objects: found.map(({ common, returns }) => ({ kind: "function", ...common, returns })),
      skipped,
    };
  },
  canonicalize: ({ database, models }, { connection }) => {
    const live = new Map(database.map((routine) => [keyOf(routine), routine]));
    return Promise.resolve({
      database,
      models: models.map((model): SqlFunction => {
        const [there, { server }] = [live.get(keyOf(model)), connection];
        const { returns = "" } = model;
        return {
          kind: "function",
          ...canonicalRoutine(model, there, server),
          returns: sameType(returns, there?.returns, server),
        };
      }),
      skipped: [],
    });
  },
  create: (routine, { state }) => createRoutine(routine, state.server),
  drop: (routine) => dropRoutine(routine, "FUNCTION"),
  alter: ({ from, to }, { state }) => alterRoutine(from, to, state.server),
};
