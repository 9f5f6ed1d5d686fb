import { statements } from "../ddl.ts";
import { replaceOrRemake, type Root } from "./aside.ts";
import { attempt, FORBIDDEN } from "./ask.ts";
import { afterCreate, dropOrPutAside, isLastMade } from "./remaking.ts";
import { routineColumns, type Routine } from "./routine-rows.ts";
import { routineComment, routineDefinition, routinePath, settingValue } from "./routine-text.ts";
import { text as textOf } from "./rows.ts";
import { inspect } from "./session.ts";
import { quote, render } from "./spelling.ts";
import type { Connection, PlanContext, Row, Statement } from "../contract.ts";
import { text } from "../../schema/expression.ts";
import { objectKey } from "../../schema/objects/declare.ts";
import type { ObjectName, RoutineParameter } from "../../schema/objects/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

/** The attributes that may have to go. */
interface Loose {
  parameters?: readonly RoutineParameter[];
  language?: string;
  security?: Routine["security"];
  set?: Routine["set"];
  options?: Routine["options"];
  comment?: string;
  definer?: string;
  deterministic?: boolean;
  dataAccess?: Routine["dataAccess"];
}

/** A model's routine without what says nothing here. */
function tidy<R extends Routine>(routine: R): R {
  const { language, security, set = {}, options, comment, parameters = [] } = routine;
  const library = options?.postgresql?.["library"];
  const settings = Object.entries(set).map(
    ([name, value]) => [name.toLowerCase(), settingValue(name.toLowerCase(), value)] as const,
  );
  const said: R & Loose = {
    ...routine,
    body: text(render(routine.body)),
    parameters: parameters.map((parameter) =>
      parameter.default === undefined
        ? parameter
        : { ...parameter, default: text(render(parameter.default)) },
    ),
    set: Object.fromEntries(settings),
  };
  if (parameters.length === 0) delete said.parameters;
  if (language === undefined || language.toLowerCase() === "sql") delete said.language;
  else said.language = language.toLowerCase();
  if (security !== "definer") delete said.security;
  if (settings.length === 0) delete said.set;
  if (library === undefined) delete said.options;
  else said.options = { postgresql: { library } };
  if (comment === undefined || comment === "") delete said.comment;
  delete said.definer;
  delete said.deterministic;
  delete said.dataAccess;
  return said;
}

type Asked = { readonly row?: Row; readonly reason?: string };

/** What the server makes of routines, in the temporary schema of a transaction that is rolled back. */
async function ask(
  connection: Connection,
  routines: readonly Routine[],
): Promise<readonly Asked[]> {
  if (routines.length === 0) return [];
  return inspect(connection, async () => {
    const reasons = new Map<number, string>();
    for (const [at, routine] of routines.entries()) {
      const path = quote("pg_temp", `revline_routine_${String(at)}`);
      const outcome = await attempt(connection, [`CREATE ${routineDefinition(routine, path)}`]);
      if (outcome !== "done" && FORBIDDEN.has(outcome.code)) reasons.set(at, outcome.message);
    }
    const rows = await connection.query(
      `SELECT NULL AS schema, ${routineColumns(connection.server.versionNumber)} FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace = (SELECT pg_my_temp_schema())`,
    );
    const made = new Map(rows.map((row) => [textOf(row, "name"), row]));
    return routines.map((_, at): Asked => {
      const row = made.get(`revline_routine_${String(at)}`);
      const reason = reasons.get(at);
      return {
        ...(row === undefined ? {} : { row }),
        ...(reason === undefined ? {} : { reason }),
      };
    });
  });
}

export interface CanonicalRoutines<R> {
  readonly models: readonly R[];
  readonly undecided: readonly { readonly object: R; readonly reason: string }[];
}

/**
 * The models' routines as the catalog has them. One that the server does not take now needs what is not
 * there yet: it is another one.
 */
export async function canonicalRoutines<R extends Routine>(
  sides: { readonly database: readonly R[]; readonly models: readonly R[] },
  connection: Connection,
  read: (row: Row) => R,
): Promise<CanonicalRoutines<R>> {
  const live = new Map(sides.database.map((object) => [objectKey(object.kind, object), object]));
  const tidied = sides.models.map((model) => tidy(model));
  const doubtful = tidied.filter(
    (model) => !deepEqual(live.get(objectKey(model.kind, model)), model),
  );
  const answers = await ask(connection, doubtful);
  const undecided: { readonly object: R; readonly reason: string }[] = [];
  const models = tidied.flatMap((model): readonly R[] => {
    const { row, reason } = answers[doubtful.indexOf(model)] ?? {};
    if (reason !== undefined) {
      undecided.push({ object: model, reason });
      return [];
    }
    return [row === undefined ? model : named(read(row), model)];
  });
  return { models, undecided };
}

/** What was read of the temporary routine, under the model's name. */
function named<R extends Routine>(read: R, { schema, name, comment }: Routine): R {
  const said: R & { schema?: string; name: string; comment?: string } = { ...read, name };
  if (schema !== undefined) said.schema = schema;
  if (comment !== undefined) said.comment = comment;
  return said;
}

/** Names and types of what comes in and goes out: the server replaces none of it in place. */
function signature(routine: Routine): unknown {
  const shape = ({ name, type, mode, default: value }: RoutineParameter): unknown => [
    name ?? "",
    type,
    mode ?? "in",
    value !== undefined,
  ];
  return [
    (routine.parameters ?? []).map(shape),
    routine.kind === "function" ? (routine.returns ?? "") : "",
  ];
}

/** The bodies speak of what the same plan may not have made yet. */
function unchecked({ operations = [] }: PlanContext): readonly string[] {
  return operations.length > 1 ? ["SET LOCAL check_function_bodies = off"] : [];
}

export function createRoutine(routine: Routine, state: PlanContext): readonly Statement[] {
  return statements([
    ...unchecked(state),
    `CREATE ${routineDefinition(routine)}`,
    ...routineComment(undefined, routine, state.server),
    ...afterCreate(routine, state),
  ]);
}

function rootOf(routine: ObjectName, { server }: PlanContext): Root {
  return {
    catalog: "pg_proc",
    path: routinePath(routine, server),
  };
}

export function dropRoutine(
  kind: Routine["kind"],
  routine: ObjectName,
  state: PlanContext,
): readonly Statement[] {
  const drop = `DROP ${kind.toUpperCase()} ${routinePath(routine, state.server)}`;
  return statements([
    ...unchecked(state),
    ...dropOrPutAside(
      { type: kind, object: routine },
      { root: rootOf(routine, state), drop },
      state,
    ),
  ]);
}

export function alterRoutine(
  { from, to }: { readonly from: Routine; readonly to: Routine },
  state: PlanContext,
): readonly Statement[] {
  const definition = routineDefinition(to);
  if (deepEqual(omit(from, "comment"), omit(to, "comment")))
    return statements(routineComment(from, to, state.server));
  const replace = `CREATE OR REPLACE ${definition}`;
  if (deepEqual(signature(from), signature(to)))
    return statements([...unchecked(state), replace, ...routineComment(from, to, state.server)]);
  return statements([
    ...unchecked(state),
    replaceOrRemake(rootOf(from, state), {
      replace,
      create: `CREATE ${definition}`,
      isLast: isLastMade(to, state),
    }),
    // made anew it has none
    ...(to.comment === undefined && from.comment === undefined
      ? []
      : routineComment(to.comment === undefined ? from : undefined, to, state.server)),
  ]);
}
