import type { ObjectDialect } from "../contract.ts";
import {
  firstMade,
  LINKS,
  operatorKey,
  partnerOf,
  relinked,
  staysInPlace,
  type OperatorChange,
} from "./links.ts";
import { skippedObject } from "../skipped.ts";
import { statements } from "../../dialects/ddl.ts";
import { putAside, takeBack, type Root } from "../../dialects/postgresql/aside.ts";
import { comment } from "../../dialects/postgresql/compile.ts";
import {
  commentOf,
  nameOfRow,
  objectRows,
  ours,
  SCHEMA,
  words,
} from "../../dialects/postgresql/object-rows.ts";
import { afterCreate, dropOrPutAside, isLastMade } from "../../dialects/postgresql/remaking.ts";
import { flag, maybeText, text } from "../../dialects/postgresql/rows.ts";
import { defaultSchemaOf } from "../../dialects/postgresql/scope.ts";
import { inspect } from "../../dialects/postgresql/session.ts";
import { quote } from "../../dialects/postgresql/spelling.ts";
import type { Connection, PlanContext, Row, ServerInfo } from "../../dialects/contract.ts";
import { RevlineError } from "../../errors.ts";
import { describeObject } from "../../operations/object-words.ts";
import { operandTypes } from "../../schema/objects/operator.ts";
import type { ObjectName, Operator } from "../../schema/objects/types.ts";
import { omit } from "../../util/equal.ts";

/** True where a thing is the server's own, or stands in one of the schemas that take part. */
const within = (namespace: string): string =>
  `${namespace} IN (SELECT oid FROM pg_namespace WHERE nspname = 'pg_catalog' OR nspname IN (SELECT json_array_elements_text($1::json)))`;

/** A function as it is named where its parameters are known; regproc would qualify one that has overloads. */
const called = (procedure: string): string =>
  `(SELECT CASE WHEN pg_function_is_visible(c.oid) THEN quote_ident(c.proname) ELSE format('%I.%I', cn.nspname, c.proname) END
    FROM pg_proc c JOIN pg_namespace cn ON cn.oid = c.pronamespace WHERE c.oid = ${procedure})`;

const linked = (operator: string): string =>
  `(SELECT CASE WHEN l.oprnamespace = o.oprnamespace THEN l.oprname ELSE format('%I.%s', ln.nspname, l.oprname) END
    FROM pg_operator l JOIN pg_namespace ln ON ln.oid = l.oprnamespace WHERE l.oid = ${operator})`;

const OPERATORS = `SELECT ${SCHEMA}, o.oid::text, o.oprname::text AS name, format_type(NULLIF(o.oprleft, 0), NULL) AS "left", coalesce(format_type(NULLIF(o.oprright, 0), NULL), 'NONE') AS "right",
  coalesce(${called("o.oprcode")}, '') AS function, ${linked("o.oprcom")} AS commutator, ${linked("o.oprnegate")} AS negator,
  ${called("o.oprrest")} AS restrict, ${called("o.oprjoin")} AS "join", o.oprcanhash AS hashes, o.oprcanmerge AS merges, ${commentOf("pg_operator", "o.oid")},
  o.oprcom::text AS commutator_oid, o.oprnegate::text AS negator_oid,
  CASE WHEN o.oprcode = 0 THEN 'it has no function: another operator names it, and it was never made'
    WHEN o.oprright = 0 THEN 'it stands behind its operand, which models cannot say'
    WHEN EXISTS (SELECT FROM pg_amop m WHERE m.amopopr = o.oid) THEN 'it is a member of an operator class, which is not part of the models'
    WHEN NOT (SELECT bool_and(${within("p.pronamespace")}) FROM pg_proc p WHERE p.oid IN (o.oprcode, o.oprrest, o.oprjoin))
      OR NOT (SELECT bool_and(${within("t.typnamespace")}) FROM pg_type t WHERE t.oid IN (o.oprleft, o.oprright)) THEN 'its types or functions are in a schema that takes no part' END AS reason
FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
WHERE ${ours("pg_operator", "o.oid")} ORDER BY n.nspname, o.oprname, o.oprleft::regtype::text, o.oprright::regtype::text`;

/** Attributes of which nothing is said where there is none. */
const NAMED = [...LINKS, "restrict", "join"] as const;

function named(row: Row): Partial<Operator> {
  return Object.fromEntries(
    NAMED.flatMap((key) => {
      const value = maybeText(row, key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function operatorOfRow(row: Row): Operator {
  const left = maybeText(row, "left");
  const right = text(row, "right");
  return {
    kind: "operator",
    ...nameOfRow(row),
    arguments: operandTypes(left, right),
    ...(left === undefined ? {} : { left }),
    right,
    function: text(row, "function"),
    ...named(row),
    ...(flag(row, "hashes") ? { hashes: true } : {}),
    ...(flag(row, "merges") ? { merges: true } : {}),
    ...words(maybeText(row, "comment")),
  };
}

/** Why operators take no part, by their oids; one whose partner takes none takes none itself. */
function reasonsOf(rows: readonly Row[]): ReadonlyMap<string, string> {
  const reasons = new Map(
    rows.flatMap((row): readonly [string, string][] => {
      const reason = maybeText(row, "reason");
      return reason === undefined ? [] : [[text(row, "oid"), reason]];
    }),
  );
  for (;;) {
    const more = rows.filter(
      (row) =>
        !reasons.has(text(row, "oid")) &&
        LINKS.some((link) => reasons.has(text(row, `${link}_oid`))),
    );
    if (more.length === 0) return reasons;
    for (const row of more)
      reasons.set(text(row, "oid"), "its commutator or negator takes no part");
  }
}

/** Before PostgreSQL 16 a signature with a type that is not there is an error, even where it is but planned. */
const whereTypesAre = (signature: string): string =>
  `CASE WHEN to_regtype($2) IS NOT NULL AND ($1::text IS NULL OR to_regtype($1) IS NOT NULL) THEN ${signature} END`;

const SPELLED = `SELECT coalesce(format_type(to_regtype($1), NULL), $1) AS "left", coalesce(format_type(to_regtype($2), NULL), $2) AS "right",
  ${called(`to_regprocedure(${whereTypesAre("$3 || '(' || concat_ws(', ', $1, $2) || ')'")})`)} AS function,
  ${called("to_regprocedure($4 || '(internal, oid, internal, integer)')")} AS restrict,
  ${called("coalesce(to_regprocedure($5 || '(internal, oid, internal, smallint, internal)'), to_regprocedure($5 || '(internal, oid, internal, smallint)'))")} AS "join",
  quote_ident(current_schema()) || '.' AS own`;

/** Types and functions in the server's words, as far as they are there. */
async function spelled(connection: Connection, operator: Operator): Promise<Operator> {
  const { left, right, function: call, restrict, join } = operator;
  const [row = {}] = await connection.query(SPELLED, [
    ...[left ?? null, right, call, restrict ?? null, join ?? null],
  ]);
  const own = text(row, "own");
  const bare = (name: string): string => (name.startsWith(own) ? name.slice(own.length) : name);
  const types = { left: maybeText(row, "left"), right: text(row, "right") };
  const estimators = {
    restrict: maybeText(row, "restrict") ?? restrict,
    join: maybeText(row, "join") ?? join,
  };
  const spelling: Operator = {
    ...omit(operator, "left", "restrict", "join", "hashes", "merges", "comment", ...LINKS),
    arguments: operandTypes(types.left, types.right),
    ...(types.left === undefined ? {} : { left: types.left }),
    right: types.right,
    function: maybeText(row, "function") ?? bare(call),
    ...(estimators.restrict === undefined ? {} : { restrict: estimators.restrict }),
    ...(estimators.join === undefined ? {} : { join: estimators.join }),
    ...(operator.hashes === true ? { hashes: true } : {}),
    ...(operator.merges === true ? { merges: true } : {}),
    ...words(operator.comment),
  };
  const [commutator, negator] = LINKS.map((link) => {
    const partner = partnerOf(operator, link, defaultSchemaOf(connection));
    const isOwn = partner?.schema === (operator.schema ?? defaultSchemaOf(connection));
    return isOwn ? partner.name : operator[link];
  });
  return {
    ...spelling,
    ...(commutator === undefined ? {} : { commutator }),
    ...(negator === undefined ? {} : { negator }),
  };
}

/** @throws RevlineError model-invalid */
function checkName(operator: Operator): void {
  if (/^[-+*/<>=~!@#%^&|`?]+$/.test(operator.name)) return;
  throw new RevlineError("model-invalid", `"${operator.name}" cannot be the name of an operator.`, {
    hint: "It is made of these: + - * / < > = ~ ! @ # % ^ & | ` ?",
  });
}

/**
 * Both ends of a link are said, so that the catalog holds what the models say.
 *
 * @throws RevlineError model-invalid
 */
async function checkLinks(
  connection: Connection,
  models: readonly Operator[],
  database: readonly Operator[],
): Promise<void> {
  const own = defaultSchemaOf(connection);
  const keyOf = (operator: ObjectName): string => operatorKey(operator, own);
  const declared = new Map(models.map((model) => [keyOf(model), model]));
  const gone = new Set(database.map(keyOf));
  for (const model of models)
    for (const link of LINKS) {
      const partner = partnerOf(model, link, own);
      if (partner === undefined) continue;
      const found = declared.get(keyOf(partner));
      if (found?.[link] !== undefined) continue;
      const path = `${quote(partner.schema)}.${partner.name}(${partner.arguments})`;
      const said = `${describeObject("operator", model)} names ${describeObject("operator", partner)} as its ${link}`;
      if (found !== undefined)
        throw new RevlineError("model-invalid", `The ${said}, which names none.`, {
          hint: `Let each of both name the other: ${link}: ${JSON.stringify(model.name)}.`,
        });
      const isThere = !gone.has(keyOf(partner)) && (await isKnown(connection, model, path));
      if (!isThere)
        throw new RevlineError("model-invalid", `The ${said}, which is not declared.`, {
          hint: "Declare both.",
        });
    }
}

const KNOWN = `SELECT to_regoperator(${whereTypesAre("$3")}) IS NOT NULL AS known`;

async function isKnown(
  connection: Connection,
  { left, right }: Operator,
  path: string,
): Promise<boolean> {
  const [row = {}] = await connection.query(KNOWN, [left ?? null, right, path]);
  return flag(row, "known");
}

function schemaOf(server: ServerInfo): string {
  return server.defaultSchema ?? "public";
}

/** With its schema: without one, the server's own operator of the same operands would come first. */
function pathOf(operator: ObjectName, server: ServerInfo): string {
  return `${quote(operator.schema ?? schemaOf(server))}.${operator.name}`;
}

/** With its operands, as `DROP` and `COMMENT` take it. */
function signature(operator: ObjectName, server: ServerInfo): string {
  return `${pathOf(operator, server)} (${operator.arguments ?? ""})`;
}

function rootOf(operator: ObjectName, server: ServerInfo): Root {
  return {
    catalog: "pg_operator",
    path: `${pathOf(operator, server)}(${operator.arguments ?? ""})`,
  };
}

function commentText(operator: Operator, server: ServerInfo): string {
  return comment(`OPERATOR ${signature(operator, server)}`, operator.comment);
}

function createAll(operator: Operator, server: ServerInfo): readonly string[] {
  checkName(operator);
  const { left, right, function: call, restrict, join, hashes, merges } = operator;
  const links = LINKS.flatMap((link) => {
    const partner = partnerOf(operator, link, schemaOf(server));
    return partner === undefined
      ? []
      : [`${link.toUpperCase()} = OPERATOR(${pathOf(partner, server)})`];
  });
  const parts = [
    `FUNCTION = ${call}`,
    ...(left === undefined ? [] : [`LEFTARG = ${left}`]),
    `RIGHTARG = ${right}`,
    ...links,
    ...(restrict === undefined ? [] : [`RESTRICT = ${restrict}`]),
    ...(join === undefined ? [] : [`JOIN = ${join}`]),
    ...(hashes === true ? ["HASHES"] : []),
    ...(merges === true ? ["MERGES"] : []),
  ];
  return [
    `CREATE OPERATOR ${pathOf(operator, server)} (${parts.join(", ")})`,
    ...(operator.comment === undefined ? [] : [commentText(operator, server)]),
  ];
}

/**
 * Operators that get other partners all go before the first of them is made: the server links none that has
 * another partner still.
 */
function putRelinkedAside(made: Operator, { operations = [], server }: PlanContext): string[] {
  return firstMade(operations) === made
    ? relinked(operations, schemaOf(server)).map(({ from }) => putAside(rootOf(from, server)))
    : [];
}

function inPlace({ from, to }: OperatorChange, { server }: PlanContext): readonly string[] {
  const estimators = (["restrict", "join"] as const).flatMap((key) =>
    from[key] === to[key] ? [] : [`${key.toUpperCase()} = ${to[key] ?? "NONE"}`],
  );
  const set = `ALTER OPERATOR ${signature(to, server)} SET (${estimators.join(", ")})`;
  return [
    ...(estimators.length === 0 ? [] : [set]),
    ...(from.comment === to.comment ? [] : [commentText(to, server)]),
  ];
}

function changed(change: OperatorChange, state: PlanContext): readonly string[] {
  const { operations = [], server } = state;
  const { from, to } = change;
  const isLast = isLastMade(to, state);
  const before = putRelinkedAside(to, state);
  if (staysInPlace(change, operations, schemaOf(server))) {
    // what else the plan has put aside must not stay away
    const back = isLast && operations.length > 1 ? [takeBack(true)] : [];
    return [...before, ...inPlace(change, state), ...back];
  }
  const group = relinked(operations, schemaOf(server));
  const isOfGroup = group.some((other) => other.to === to);
  // what uses several of them would mean others while some are away
  const isComplete = !isOfGroup || group.at(-1)?.to === to;
  return [
    ...before,
    ...(isOfGroup ? [] : [putAside(rootOf(from, server))]),
    ...createAll(to, server),
    ...(isComplete ? [takeBack(isLast)] : []),
  ];
}

export const postgresql: ObjectDialect<Operator> = {
  skippedAs: ["operator"],
  reflect: async (connection, filter) => {
    const rows = await objectRows(connection, filter, OPERATORS);
    const reasons = reasonsOf(rows);
    return {
      objects: rows.filter((row) => !reasons.has(text(row, "oid"))).map(operatorOfRow),
      skipped: rows.flatMap((row) => {
        const reason = reasons.get(text(row, "oid"));
        return reason === undefined ? [] : [skippedObject(operatorOfRow(row), reason)];
      }),
    };
  },
  canonicalize: async ({ database, models }, { connection }) =>
    inspect(connection, async () => {
      const canonical: Operator[] = [];
      for (const model of models) {
        checkName(model);
        canonical.push(await spelled(connection, model));
      }
      await checkLinks(connection, canonical, database);
      return { database, models: canonical, skipped: [] };
    }),
  create: (operator, { state }) =>
    statements([
      ...putRelinkedAside(operator, state),
      ...createAll(operator, state.server),
      ...afterCreate(operator, state),
    ]),
  drop: (operator, { state }) => {
    const drop = `DROP OPERATOR ${signature(operator, state.server)}`;
    const root = rootOf(operator, state.server);
    return statements(
      dropOrPutAside({ type: "operator", object: operator }, { root, drop }, state),
    );
  },
  alter: (change, { state }) => statements(changed(change, state)),
};
