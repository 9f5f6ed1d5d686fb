import type { ObjectContext, ObjectDialect } from "../contract.ts";
import { settleObjects, type Asking } from "../../dialects/postgresql/ask-objects.ts";
import { castExpression } from "../../dialects/postgresql/casting.ts";
import { collation, comment, defaultText, faithful } from "../../dialects/postgresql/compile.ts";
import { withoutParentheses } from "../../dialects/postgresql/expression-text.ts";
import { domainCheckName } from "../../dialects/postgresql/naming.ts";
import { sameText } from "../../dialects/postgresql/questions.ts";
import {
  flag,
  maybeText,
  objects as rowsOf,
  text as textOf,
} from "../../dialects/postgresql/rows.ts";
import { isHeldInside } from "../../dialects/postgresql/replace-type.ts";
import { scopeOf } from "../../dialects/postgresql/scope.ts";
import { inspect, nameList, notOfExtension } from "../../dialects/postgresql/session.ts";
import { quote, quoteText } from "../../dialects/postgresql/spelling.ts";
import { typePath } from "../../dialects/postgresql/type-names.ts";
import { parseType } from "../../dialects/postgresql/types.ts";
import type { Connection, Row, Statement } from "../../dialects/contract.ts";
import { RevlineError } from "../../errors.ts";
import { nameOnly } from "../../schema/collect.ts";
import { text } from "../../schema/expression.ts";
import type { Domain, DomainCheck } from "../../schema/objects/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

function domainsQuery(where: string): string {
  return `
SELECT CASE WHEN n.nspname <> current_schema() THEN n.nspname::text END AS schema, t.typname::text AS name,
  format_type(t.typbasetype, t.typtypmod) AS type, t.typnotnull AS not_null, pg_get_expr(t.typdefaultbin, 0) AS "default",
  CASE WHEN t.typcollation <> b.typcollation THEN CASE WHEN cn.nspname IN ('pg_catalog', current_schema()) THEN co.collname::text
    ELSE quote_ident(cn.nspname) || '.' || quote_ident(co.collname) END END AS collation, d.description AS comment,
  (SELECT coalesce(json_agg(json_build_object('name', k.conname, 'expression', pg_get_expr(k.conbin, 0), 'not_valid', NOT k.convalidated,
      'comment', obj_description(k.oid, 'pg_constraint')) ORDER BY k.conname), '[]')
    FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c') AS checks
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype
  LEFT JOIN pg_collation co ON co.oid = t.typcollation LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
  LEFT JOIN pg_description d ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE t.typtype = 'd' AND ${where} ORDER BY 1 NULLS FIRST, 2`;
}

const OURS = domainsQuery(
  `n.nspname IN (SELECT json_array_elements_text($1::json)) AND ${notOfExtension("pg_type", "t.oid")}`,
);
const TEMPORARY = domainsQuery("n.oid = pg_my_temp_schema()");

function checkOf(row: Row): DomainCheck {
  const words = maybeText(row, "comment");
  return {
    name: textOf(row, "name"),
    expression: text(withoutParentheses(textOf(row, "expression"))),
    ...(flag(row, "not_valid") ? { notValid: true } : {}),
    ...(words === undefined ? {} : { comment: words }),
  };
}

function domainOf(row: Row): Domain {
  const value = maybeText(row, "default");
  const collated = maybeText(row, "collation");
  const words = maybeText(row, "comment");
  const checks = rowsOf(row, "checks").map(checkOf);
  return {
    kind: "domain",
    ...nameOnly({ schema: maybeText(row, "schema"), name: textOf(row, "name") }),
    baseType: textOf(row, "type"),
    ...(flag(row, "not_null") ? { notNull: true } : {}),
    ...(value === undefined ? {} : { default: text(withoutParentheses(value)) }),
    ...(checks.length === 0 ? {} : { checks }),
    ...(collated === undefined ? {} : { collation: collated }),
    ...(words === undefined ? {} : { comment: words }),
  };
}

/** Checks by their names, those of the server for those without; nothing said that is so anyway. */
function named(domain: Domain): Domain {
  const { schema, name, baseType, notNull, collation: collated, comment: words } = domain;
  const taken = new Set((domain.checks ?? []).flatMap((check) => check.name ?? []));
  const checks = (domain.checks ?? []).map((check): DomainCheck => {
    const chosen = check.name ?? domainCheckName(name, taken);
    taken.add(chosen);
    return {
      name: chosen,
      expression: check.expression,
      ...(check.notValid === true ? { notValid: true } : {}),
      ...(check.comment === undefined || check.comment === "" ? {} : { comment: check.comment }),
    };
  });
  return {
    kind: "domain",
    ...nameOnly({ schema, name }),
    baseType,
    ...(notNull === true ? { notNull } : {}),
    ...(domain.default === undefined ? {} : { default: domain.default }),
    ...(checks.length === 0 ? {} : { checks: checks.toSorted(byName) }),
    ...(collated === undefined ? {} : { collation: collated }),
    ...(words === undefined || words === "" ? {} : { comment: words }),
  };
}

function byName(a: DomainCheck, b: DomainCheck): number {
  return (a.name ?? "") < (b.name ?? "") ? -1 : 1;
}

/** The database's text wherever it says the same; a check without a name has the one of its equal. */
function adopt(model: Domain, live: Domain): Domain {
  const checks = model.checks?.map((check) => {
    const equal = live.checks?.find(
      (other) =>
        sameText(other.expression, check.expression) &&
        (check.name === undefined || check.name === other.name),
    );
    return equal === undefined
      ? check
      : {
          ...check,
          expression: equal.expression,
          ...(equal.name === undefined ? {} : { name: equal.name }),
        };
  });
  const same = live.default !== undefined && sameText(model.default, live.default);
  return {
    ...model,
    ...(same && live.default !== undefined ? { default: live.default } : {}),
    ...(checks === undefined ? {} : { checks }),
  };
}

function checkText({ name, expression, notValid }: DomainCheck): string {
  const label = name === undefined ? "" : `CONSTRAINT ${quote(name)} `;
  return `${label}CHECK (${faithful(expression)})${notValid === true ? " NOT VALID" : ""}`;
}

/** A check that holds for new values alone comes by ALTER DOMAIN. */
function createText(path: string, domain: Domain): readonly string[] {
  const { baseType, collation: collated, notNull, checks = [] } = domain;
  return [
    [
      `CREATE DOMAIN ${path} AS ${baseType}`,
      ...(collated === undefined ? [] : [`COLLATE ${collation(collated)}`]),
      ...(domain.default === undefined
        ? []
        : [`DEFAULT ${defaultText({ expression: domain.default })}`]),
      ...(notNull === true ? ["NOT NULL"] : []),
      ...checks.filter(({ notValid }) => notValid !== true).map(checkText),
    ].join(" "),
    ...checks
      .filter(({ notValid }) => notValid === true)
      .map((check) => `ALTER DOMAIN ${path} ADD ${checkText(check)}`),
  ];
}

function pathOf(domain: Domain, { state }: ObjectContext): string {
  return typePath(nameOnly(domain), state.server);
}

function commentOn(path: string, { name, comment: words }: DomainCheck): string {
  return `COMMENT ON CONSTRAINT ${quote(name ?? "")} ON DOMAIN ${path} IS ${words === undefined ? "NULL" : quoteText(words)}`;
}

function create(given: Domain, context: ObjectContext): readonly string[] {
  const path = pathOf(given, context);
  const { checks = [], comment: words } = named(given);
  return [
    ...createText(path, given),
    ...checks.filter((check) => check.comment !== undefined).map((check) => commentOn(path, check)),
    ...(words === undefined ? [] : [comment(`DOMAIN ${path}`, words)]),
  ];
}

interface CheckChanges {
  readonly dropped: readonly DomainCheck[];
  readonly renamed: readonly { readonly old: DomainCheck; readonly check: DomainCheck }[];
  readonly added: readonly DomainCheck[];
}

const bare = (check: DomainCheck): unknown => omit(check, "name", "comment");

function exact(check: DomainCheck, others: readonly DomainCheck[]): DomainCheck | undefined {
  return others.find((other) => other.name === check.name && deepEqual(bare(other), bare(check)));
}

function checkChanges(from: Domain, to: Domain): CheckChanges {
  const [before, after] = [from.checks ?? [], to.checks ?? []];
  const gone = before.filter((check) => exact(check, after) === undefined);
  const come = after.filter((check) => exact(check, before) === undefined);
  const renamed = come.flatMap((check) => {
    const old = gone.find((other) => deepEqual(bare(other), bare(check)));
    const isTaken = before.some(({ name }) => name === check.name);
    return old === undefined || isTaken ? [] : [{ old, check }];
  });
  const isRenamed = (check: DomainCheck): boolean =>
    renamed.some((pair) => pair.old === check || pair.check === check);
  return {
    dropped: gone.filter((check) => !isRenamed(check)),
    renamed,
    added: come.filter((check) => !isRenamed(check)),
  };
}

function alterChecks(path: string, from: Domain, to: Domain): readonly string[] {
  const { dropped, renamed, added } = checkChanges(from, to);
  return [
    ...dropped.map(({ name }) => `ALTER DOMAIN ${path} DROP CONSTRAINT ${quote(name ?? "")}`),
    ...renamed.map(
      ({ old, check }) =>
        `ALTER DOMAIN ${path} RENAME CONSTRAINT ${quote(old.name ?? "")} TO ${quote(check.name ?? "")}`,
    ),
    ...added.map((check) => `ALTER DOMAIN ${path} ADD ${checkText(check)}`),
    ...(to.checks ?? []).flatMap((check) => {
      const old =
        exact(check, from.checks ?? []) ?? renamed.find((pair) => pair.check === check)?.old;
      return old?.comment === check.comment ? [] : [commentOn(path, check)];
    }),
  ];
}

async function replace(
  from: Domain,
  to: Domain,
  context: ObjectContext,
): Promise<readonly Statement[]> {
  const { dialect, state } = context;
  if (dialect.replaceType === undefined)
    throw new RevlineError("unsupported", `This database cannot change the domain "${to.name}".`);
  const [before, after] = [parseType(from.baseType), parseType(to.baseType)];
  return dialect.replaceType(
    {
      type: nameOnly(to),
      create: create(to, context),
      // as the base types would: an explicit cast to the domain would cut values off in silence
      using: (column) => castExpression(column, before, after) ?? column,
    },
    state,
  );
}

/** True where the server reads the values that there are, which it does of no column that holds the domain inside another type. */
function readsValues(from: Domain, to: Domain): boolean {
  return (
    (from.notNull !== true && to.notNull === true) ||
    checkChanges(from, to).added.some(({ notValid }) => notValid !== true)
  );
}

async function alter(
  before: Domain,
  after: Domain,
  context: ObjectContext,
): Promise<readonly Statement[]> {
  const [from, to] = [named(before), named(after)];
  const isOther = from.baseType !== to.baseType || from.collation !== to.collation;
  if (isOther || (readsValues(from, to) && (await isHeldInside(nameOnly(to), context.state))))
    return replace(from, to, context);
  const path = pathOf(to, context);
  const head = `ALTER DOMAIN ${path}`;
  const statements = [
    ...(deepEqual(from.default, to.default)
      ? []
      : [
          to.default === undefined
            ? `${head} DROP DEFAULT`
            : `${head} SET DEFAULT ${defaultText({ expression: to.default })}`,
        ]),
    ...(from.notNull === to.notNull
      ? []
      : [`${head} ${to.notNull === true ? "SET" : "DROP"} NOT NULL`]),
    ...alterChecks(path, from, to),
    ...(from.comment === to.comment ? [] : [comment(`DOMAIN ${path}`, to.comment)]),
  ];
  return statements.map((sql) => ({ sql }));
}

const label = (at: number): string => `revline_${String(at)}`;

/** The model in the catalog's words, as the server gave them for checks of our own names. */
function answered(model: Domain, read: Domain): Domain {
  const { baseType, default: value, checks = [], collation: collated } = read;
  const said = (at: number): DomainCheck | undefined =>
    checks.find(({ name }) => name === label(at));
  return {
    ...omit(model, "collation"),
    baseType,
    ...(value === undefined ? {} : { default: value }),
    ...(collated === undefined ? {} : { collation: collated }),
    ...(model.checks === undefined
      ? {}
      : {
          checks: model.checks.map((check, at) => ({
            ...check,
            expression: said(at)?.expression ?? check.expression,
          })),
        }),
  };
}

function asking(connection: Connection): Asking<Domain> {
  return {
    kind: "domain",
    canonical: named,
    adopt,
    path: (name) => quote("pg_temp", name),
    create: (domain, path) => {
      const checks = (domain.checks ?? []).map((check, at) => ({ ...check, name: label(at) }));
      return createText(path, { ...domain, checks });
    },
    read: async () => {
      const rows = await connection.query(TEMPORARY);
      return new Map(rows.map((row) => [textOf(row, "name"), domainOf(row)]));
    },
    answered,
  };
}

export const postgresql: ObjectDialect<Domain> = {
  skippedAs: ["domain"],
  reflect: (connection, filter) =>
    inspect(connection, async () => {
      const { schemas } = await scopeOf(connection, filter);
      const rows = await connection.query(OURS, [nameList(schemas)]);
      return { objects: rows.map(domainOf), skipped: [] };
    }),
  canonicalize: (sides, { connection }) => settleObjects(connection, sides, asking(connection)),
  create: (domain, context) => create(domain, context).map((sql) => ({ sql })),
  drop: (domain, { state: { server } }) => [
    { sql: `DROP DOMAIN ${typePath(nameOnly(domain), server)}` },
  ],
  alter: ({ from, to }, context) => alter(from, to, context),
};
