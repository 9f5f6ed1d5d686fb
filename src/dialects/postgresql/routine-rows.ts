import { commentOf, nameOfRow, objectRows, ours, SCHEMA, words } from "./object-rows.ts";
import { flag, maybeText, objects, text as textOf, texts } from "./rows.ts";
import type { Connection, ReflectFilter, Row } from "../contract.ts";
import { text } from "../../schema/expression.ts";
import { argumentTypes } from "../../schema/objects/routine.ts";
import type { RoutineParameter, SqlFunction, SqlProcedure } from "../../schema/objects/types.ts";
import type { SkippedObject } from "../../schema/types.ts";

export type Routine = SqlFunction | SqlProcedure;

/** What is read of routines, from `pg_proc p` and `pg_namespace n`. */
export function routineColumns(version: number): string {
  return `p.prokind = 'p' AS is_procedure, p.oid::text AS oid, p.proname::text AS name, l.lanname::text AS language, p.prosrc AS source, p.probin AS library,
  ${version >= 140000 ? "pg_get_function_sqlbody(p.oid)" : "NULL"} AS sql_body, pg_get_function_result(p.oid) AS result, p.proretset AS returns_set,
  p.prokind = 'w' AS "window", p.provolatile::text AS volatility, p.proisstrict AS strict, p.prosecdef AS definer, p.proleakproof AS leakproof,
  p.proparallel::text AS parallel, p.procost::text AS cost, p.prorows::text AS rows, CASE WHEN p.prosupport <> 0 THEN p.prosupport::regproc::text END AS support,
  p.proconfig AS settings, p.protrftypes IS NOT NULL AS transforms, ${commentOf("pg_proc", "p.oid")},
  (SELECT coalesce(json_agg(json_build_object('name', NULLIF(p.proargnames[a.n], ''), 'type', format_type(a.type, NULL), 'mode', coalesce(p.proargmodes[a.n]::text, 'i'),
      'default', pg_get_function_arg_default(p.oid, a.n::integer)) ORDER BY a.n), '[]')
    FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY a(type, n)) AS parameters`;
}

function routinesQuery(version: number, kinds: string): string {
  return `SELECT ${SCHEMA}, ${routineColumns(version)}
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE p.prokind IN (${kinds}) AND ${ours("pg_proc", "p.oid")}
  AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')
ORDER BY n.nspname, p.proname, p.proargtypes::text`;
}

const MODES: Readonly<Record<string, RoutineParameter["mode"]>> = {
  o: "out",
  b: "inout",
  v: "variadic",
};

function parameterOf(row: Row): readonly RoutineParameter[] {
  const mode = textOf(row, "mode");
  // the columns of a result that is a table stand in the type of the result
  if (mode === "t") return [];
  const [name, value, word] = [maybeText(row, "name"), maybeText(row, "default"), MODES[mode]];
  return [
    {
      ...(name === undefined ? {} : { name }),
      type: textOf(row, "type"),
      ...(word === undefined ? {} : { mode: word }),
      ...(value === undefined ? {} : { default: text(value) }),
    },
  ];
}

function settingsOf(row: Row): Routine["set"] {
  const settings = texts(row, "settings");
  if (settings.length === 0) return undefined;
  return Object.fromEntries(
    settings.map((setting) => {
      const at = setting.indexOf("=");
      return [setting.slice(0, at), setting.slice(at + 1)] as const;
    }),
  );
}

/** Attributes that only functions have. */
function ofFunction(row: Row, parameters: readonly RoutineParameter[]): Partial<SqlFunction> {
  const volatility = textOf(row, "volatility");
  const parallel = textOf(row, "parallel");
  const language = textOf(row, "language");
  const [cost, rows] = [Number(textOf(row, "cost")), Number(textOf(row, "rows"))];
  const usualCost = language === "internal" || language === "c" ? 1 : 100;
  const support = maybeText(row, "support");
  const result = maybeText(row, "result");
  const isSaid = parameters.some(({ mode }) => mode === "out" || mode === "inout");
  return {
    ...(result === undefined || (isSaid && !flag(row, "returns_set")) ? {} : { returns: result }),
    ...(volatility === "i" ? { volatility: "immutable" } : {}),
    ...(volatility === "s" ? { volatility: "stable" } : {}),
    ...(flag(row, "strict") ? { strict: true } : {}),
    ...(flag(row, "leakproof") ? { leakproof: true } : {}),
    ...(parallel === "s" ? { parallel: "safe" } : {}),
    ...(parallel === "r" ? { parallel: "restricted" } : {}),
    ...(cost === usualCost ? {} : { cost }),
    ...(rows === (flag(row, "returns_set") ? 1000 : 0) ? {} : { rows }),
    ...(support === undefined ? {} : { support }),
    ...(flag(row, "window") ? { window: true } : {}),
  };
}

/** What functions and procedures have alike. */
function common(row: Row, parameters: readonly RoutineParameter[]): Omit<SqlProcedure, "kind"> {
  const language = textOf(row, "language");
  const body = maybeText(row, "sql_body") ?? maybeText(row, "source") ?? "";
  const library = maybeText(row, "library");
  const set = settingsOf(row);
  return {
    ...nameOfRow(row),
    arguments: argumentTypes(parameters),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(language === "sql" ? {} : { language }),
    body: text(body),
    ...(flag(row, "definer") ? { security: "definer" } : {}),
    ...(set === undefined ? {} : { set }),
    ...words(maybeText(row, "comment")),
    ...(library === undefined ? {} : { options: { postgresql: { library } } }),
  };
}

function parametersOf(row: Row): readonly RoutineParameter[] {
  return objects(row, "parameters").flatMap(parameterOf);
}

export function functionOfRow(row: Row): SqlFunction {
  const parameters = parametersOf(row);
  return { kind: "function", ...common(row, parameters), ...ofFunction(row, parameters) };
}

export function procedureOfRow(row: Row): SqlProcedure {
  return { kind: "procedure", ...common(row, parametersOf(row)) };
}

/** The routines of a kind, and those that no model can say. */
export async function reflectRoutines<R extends Routine>(
  connection: Connection,
  filter: ReflectFilter,
  kind: R["kind"],
  read: (row: Row) => R,
): Promise<{ readonly objects: readonly R[]; readonly skipped: readonly SkippedObject[] }> {
  const kinds = kind === "procedure" ? "'p'" : "'f', 'w'";
  const sql = routinesQuery(connection.server.versionNumber, kinds);
  const rows = await objectRows(connection, filter, sql);
  return {
    objects: rows.filter((row) => !flag(row, "transforms")).map(read),
    skipped: rows
      .filter((row) => flag(row, "transforms"))
      .map((row) => {
        const { name, ...where } = nameOfRow(row);
        const types = argumentTypes(parametersOf(row));
        return { kind, ...where, name: `${name}(${types})`, reason: "it has TRANSFORM FOR TYPE" };
      }),
  };
}
