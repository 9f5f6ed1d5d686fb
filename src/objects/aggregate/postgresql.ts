import type { ObjectDialect } from "../contract.ts";
import { statements } from "../../dialects/ddl.ts";
import { putAside, takeBack, type Root } from "../../dialects/postgresql/aside.ts";
import { comment } from "../../dialects/postgresql/compile.ts";
import { objectPath } from "../../dialects/postgresql/object-path.ts";
import {
  commentOf,
  nameOfRow,
  objectRows,
  ours,
  SCHEMA,
  words,
} from "../../dialects/postgresql/object-rows.ts";
import { afterCreate, dropOrPutAside, isLastMade } from "../../dialects/postgresql/remaking.ts";
import { routinePath } from "../../dialects/postgresql/routine-text.ts";
import { maybeText, objects, text as textOf } from "../../dialects/postgresql/rows.ts";
import { quote, quoteTable, quoteText } from "../../dialects/postgresql/spelling.ts";
import type { PlanContext, Row, ServerInfo } from "../../dialects/contract.ts";
import { argumentTypes } from "../../schema/objects/routine.ts";
import type { Aggregate, ObjectName } from "../../schema/objects/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

type Parameter = NonNullable<Aggregate["parameters"]>[number];

const proc = (column: string): string =>
  `CASE WHEN a.${column} <> 0 THEN a.${column}::regproc::text END`;
const modify = (column: string, kind: string): string =>
  `NULLIF(CASE a.${column} WHEN 'r' THEN 'read_only' WHEN 's' THEN 'shareable' WHEN 'w' THEN 'read_write' END, CASE WHEN ${kind} THEN 'read_only' ELSE 'read_write' END)`;

/** What stands in the parentheses of CREATE AGGREGATE, without what is so anyway. */
const AGGREGATES = `
SELECT ${SCHEMA}, p.proname::text AS name, ${commentOf("pg_proc", "p.oid")}, a.aggkind::text AS kind, a.aggnumdirectargs::integer AS direct,
  json_strip_nulls(json_build_object(
    'sfunc', a.aggtransfn::regproc::text, 'stype', format_type(a.aggtranstype, NULL), 'sspace', NULLIF(a.aggtransspace, 0),
    'finalfunc', ${proc("aggfinalfn")}, 'finalfunc_extra', NULLIF(a.aggfinalextra, false), 'finalfunc_modify', ${modify("aggfinalmodify", "a.aggkind = 'n'")},
    'combinefunc', ${proc("aggcombinefn")}, 'serialfunc', ${proc("aggserialfn")}, 'deserialfunc', ${proc("aggdeserialfn")}, 'initcond', a.agginitval,
    'msfunc', ${proc("aggmtransfn")}, 'minvfunc', ${proc("aggminvtransfn")}, 'mstype', CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END,
    'msspace', NULLIF(a.aggmtransspace, 0), 'mfinalfunc', ${proc("aggmfinalfn")}, 'mfinalfunc_extra', NULLIF(a.aggmfinalextra, false),
    'mfinalfunc_modify', CASE WHEN a.aggmtransfn <> 0 THEN ${modify("aggmfinalmodify", "a.aggkind = 'n'")} END, 'minitcond', a.aggminitval,
    'sortop', (SELECT format('OPERATOR(%I.%s)', on_.nspname, o.oprname) FROM pg_operator o JOIN pg_namespace on_ ON on_.oid = o.oprnamespace WHERE o.oid = a.aggsortop),
    'parallel', CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END, 'hypothetical', NULLIF(a.aggkind = 'h', false))) AS definition,
  (SELECT coalesce(json_agg(json_build_object('name', NULLIF(p.proargnames[t.n], ''), 'type', format_type(t.type, NULL), 'mode', coalesce(p.proargmodes[t.n]::text, 'i')) ORDER BY t.n), '[]')
    FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY t(type, n)) AS parameters
FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE ${ours("pg_proc", "p.oid")} ORDER BY n.nspname, p.proname, p.proargtypes::text`;

function parameterOf(row: Row): Parameter {
  const name = maybeText(row, "name");
  return {
    ...(name === undefined ? {} : { name }),
    type: textOf(row, "type"),
    ...(textOf(row, "mode") === "v" ? { mode: "variadic" } : {}),
  };
}

function definitionOf(value: unknown): Aggregate["definition"] {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, said]: [string, unknown]) => [
      key,
      typeof said === "boolean" || typeof said === "number" ? said : String(said),
    ]),
  );
}

function aggregateOfRow(row: Row): Aggregate {
  const all = objects(row, "parameters").map(parameterOf);
  const isOrdered = textOf(row, "kind") !== "n";
  const direct = Number(row["direct"]);
  const parameters = isOrdered ? all.slice(0, direct) : all;
  const orderBy = isOrdered ? all.slice(direct) : [];
  return {
    kind: "aggregate",
    ...nameOfRow(row),
    arguments: argumentTypes(all),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(isOrdered ? { orderBy } : {}),
    definition: definitionOf(row["definition"]),
    ...words(maybeText(row, "comment")),
  };
}

/** A model's aggregate in the catalog's spelling, as far as it is a matter of case. */
function tidy(aggregate: Aggregate): Aggregate {
  const { parameters = [], comment: said, definition, ...rest } = aggregate;
  return {
    ...rest,
    ...(parameters.length === 0 ? {} : { parameters }),
    definition: Object.fromEntries(
      Object.entries(definition)
        .filter(([, value]) => value !== false)
        .map(([key, value]) => [key.toLowerCase(), value]),
    ),
    ...words(said),
  };
}

function listText(parameters: readonly Parameter[]): string {
  return parameters
    .map(({ name, type, mode }) =>
      [
        ...(mode === "variadic" ? ["VARIADIC"] : []),
        ...(name === undefined ? [] : [quote(name)]),
        type,
      ].join(" "),
    )
    .join(", ");
}

/** `(integer)`, `(*)`, `(numeric ORDER BY text)`: with the names of the parameters, or their types alone. */
function signature({ parameters = [], orderBy }: Aggregate): string {
  if (orderBy !== undefined)
    return `(${[listText(parameters), `ORDER BY ${listText(orderBy)}`].join(" ").trim()})`;
  return parameters.length === 0 ? "(*)" : `(${listText(parameters)})`;
}

/** Attributes that are texts; all others are names, types or numbers. */
const TEXTS: ReadonlySet<string> = new Set(["initcond", "minitcond"]);

function createText(aggregate: Aggregate): string {
  const { hypothetical, ...definition } = aggregate.definition;
  const parts = Object.entries(definition).map(([key, value]) => {
    if (value === true) return key.toUpperCase();
    return `${key.toUpperCase()} = ${TEXTS.has(key) ? quoteText(String(value)) : String(value)}`;
  });
  const all = hypothetical === true ? [...parts, "HYPOTHETICAL"] : parts;
  return `CREATE AGGREGATE ${quoteTable(aggregate)}${signature(aggregate)} (${all.join(", ")})`;
}

function rootOf(aggregate: ObjectName, server: ServerInfo): Root {
  return { catalog: "pg_proc", path: routinePath(aggregate, server) };
}

function commentText(aggregate: Aggregate, server: ServerInfo): string {
  const path = `${objectPath(aggregate, server)}${signature(aggregate)}`;
  return comment(`AGGREGATE ${path}`, aggregate.comment);
}

/** `DROP ROUTINE` takes an aggregate by the types alone. */
function dropText(aggregate: ObjectName, server: ServerInfo): string {
  return `DROP ROUTINE ${routinePath(aggregate, server)}`;
}

function createAll(aggregate: Aggregate, state: PlanContext): readonly string[] {
  return [
    createText(aggregate),
    ...(aggregate.comment === undefined ? [] : [commentText(aggregate, state.server)]),
    ...afterCreate(aggregate, state),
  ];
}

export const postgresql: ObjectDialect<Aggregate> = {
  skippedAs: ["aggregate"],
  reflect: async (connection, filter) => ({
    objects: (await objectRows(connection, filter, AGGREGATES)).map(aggregateOfRow),
    skipped: [],
  }),
  canonicalize: async ({ database, models }) =>
    Promise.resolve({ database, models: models.map(tidy), skipped: [] }),
  create: (aggregate, { state }) => statements(createAll(aggregate, state)),
  drop: (aggregate, { state }) =>
    statements(
      dropOrPutAside(
        { type: "aggregate", object: aggregate },
        { root: rootOf(aggregate, state.server), drop: dropText(aggregate, state.server) },
        state,
      ),
    ),
  alter: ({ from, to }, { state }) =>
    deepEqual(omit(from, "comment"), omit(to, "comment"))
      ? statements([commentText(to, state.server)])
      : statements([
          putAside(rootOf(from, state.server)),
          createText(to),
          takeBack(isLastMade(to, state)),
          ...(to.comment === undefined ? [] : [commentText(to, state.server)]),
        ]),
};
