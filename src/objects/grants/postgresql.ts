import type { ObjectDialect } from "../contract.ts";
import { statements } from "../../dialects/ddl.ts";
import { block } from "../../dialects/postgresql/aside.ts";
import { nameOfRow, objectRows, SCHEMA } from "../../dialects/postgresql/object-rows.ts";
import {
  privilegesOn,
  roleText,
  rolesOf,
  tidyRoles,
} from "../../dialects/postgresql/privileges.ts";
import { routinePath } from "../../dialects/postgresql/routine-text.ts";
import { flag, groupBy, maybeText, text as textOf } from "../../dialects/postgresql/rows.ts";
import { notOfExtension } from "../../dialects/postgresql/session.ts";
import { quote, quoteTable, quoteText } from "../../dialects/postgresql/spelling.ts";
import type { Row, ServerInfo } from "../../dialects/contract.ts";
import { RevlineError } from "../../errors.ts";
import { objectKey } from "../../schema/objects/declare.ts";
import type {
  ColumnPrivileges,
  Grants,
  GrantTarget,
  ObjectName,
  Privileges,
} from "../../schema/objects/types.ts";
import { deepEqual } from "../../util/equal.ts";

const IN_SCOPE = "n.nspname IN (SELECT json_array_elements_text($1::json))";

/** One row for each privilege that is not the owner's; a list without any has a row without role. */
const part = (
  on: string,
  {
    list,
    owner,
    from,
    name,
    types = "NULL",
    column = "NULL",
    schema = SCHEMA.replace(/ AS schema$/, ""),
  }: Record<string, string>,
): string => `
  SELECT ${on} AS "on", ${schema} AS schema, ${name} AS name, ${types} AS arguments, ${column} AS "column",
    CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_get_userbyid(g.grantee)::text END AS role, lower(g.privilege_type) AS privilege, g.is_grantable AS grantable
  FROM ${from} LEFT JOIN LATERAL aclexplode(${list}) g ON g.grantee <> ${owner} WHERE ${list} IS NOT NULL`;

const GRANTS = `
SELECT * FROM (${[
  `${part("CASE WHEN c.relkind = 'S' THEN 'sequence' ELSE 'table' END", {
    list: "c.relacl",
    owner: "c.relowner",
    name: "c.relname::text",
    from: "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace",
  })} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${IN_SCOPE} AND ${notOfExtension("pg_class", "c.oid")}`,
  `${part("'table'", {
    list: "a.attacl",
    owner: "c.relowner",
    name: "c.relname::text",
    column: "a.attname::text",
    from: "pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace",
  })} AND a.attnum > 0 AND NOT a.attisdropped AND ${IN_SCOPE} AND ${notOfExtension("pg_class", "c.oid")}`,
  `${part("CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END", {
    list: "p.proacl",
    owner: "p.proowner",
    name: "p.proname::text",
    types: "oidvectortypes(p.proargtypes)",
    from: "pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace",
  })} AND ${IN_SCOPE} AND ${notOfExtension("pg_proc", "p.oid")}`,
  `${part("'schema'", {
    list: "n.nspacl",
    owner: "n.nspowner",
    name: "n.nspname::text",
    schema: "NULL",
    from: "pg_namespace n",
  })} AND ${IN_SCOPE} AND ${notOfExtension("pg_namespace", "n.oid")}
    AND n.nspacl IS DISTINCT FROM (SELECT i.initprivs FROM pg_init_privs i WHERE i.classoid = 'pg_namespace'::regclass AND i.objoid = n.oid)`,
].join("\n  UNION ALL")}) AS granted
ORDER BY "on", schema NULLS FIRST, name, arguments, "column" NULLS FIRST, role, privilege`;

const TARGETS: readonly GrantTarget[] = ["table", "sequence", "function", "procedure", "schema"];

function targetOf(row: Row): GrantTarget {
  const on = textOf(row, "on");
  return TARGETS.find((target) => target === on) ?? "table";
}

/** What everybody may do with what is new. */
function usual(on: GrantTarget): Privileges {
  return on === "function" || on === "procedure" ? { public: ["execute"] } : {};
}

function columnsOf(rows: readonly Row[]): ColumnPrivileges | undefined {
  return orNothing(
    [...groupBy(rows, "column")].map(([column, own]) => [column, rolesOf(own)] as const),
  );
}

/** The columns of which something is said. */
function orNothing(
  columns: readonly (readonly [string, Privileges | undefined])[],
): ColumnPrivileges | undefined {
  const said = columns.flatMap(([column, roles]) =>
    roles === undefined ? [] : [[column, roles] as const],
  );
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

function grantsOfRows(rows: readonly Row[]): readonly Grants[] {
  const [first] = rows;
  if (first === undefined) return [];
  const on = targetOf(first);
  const whole = rows.filter((row) => maybeText(row, "column") === undefined);
  const handed = rolesOf(whole.filter((row) => flag(row, "grantable")));
  const single = rows.filter((row) => maybeText(row, "column") !== undefined);
  const columns = columnsOf(single.filter((row) => !flag(row, "grantable")));
  const handedColumns = columnsOf(single.filter((row) => flag(row, "grantable")));
  const to = rolesOf(whole.filter((row) => !flag(row, "grantable"))) ?? {};
  const types = maybeText(first, "arguments");
  const isRoutine = on === "function" || on === "procedure";
  const found: Grants = {
    kind: "grants",
    ...nameOfRow(first),
    ...(isRoutine ? { arguments: types ?? "" } : {}),
    on,
    to,
    ...(handed === undefined ? {} : { withGrantOption: handed }),
    ...(columns === undefined ? {} : { columns }),
    ...(handedColumns === undefined ? {} : { columnsWithGrantOption: handedColumns }),
  };
  return saysSomething(found) ? [found] : [];
}

function saysSomething(grants: Grants): boolean {
  const { on, to, withGrantOption, columns, columnsWithGrantOption } = grants;
  return (
    withGrantOption !== undefined ||
    columns !== undefined ||
    columnsWithGrantOption !== undefined ||
    !deepEqual(to, usual(on))
  );
}

const OF_COLUMNS: readonly string[] = ["insert", "references", "select", "update"];

function tidyColumns(columns: ColumnPrivileges = {}): ColumnPrivileges | undefined {
  return orNothing(
    Object.entries(columns).map(([column, roles]) => [column, tidyRoles(roles, OF_COLUMNS)]),
  );
}

function tidy(grants: Grants, server: ServerInfo): Grants {
  const { schema, name, on, to, withGrantOption } = grants;
  const all = privilegesOn(on, server);
  const handed = tidyRoles(withGrantOption, all);
  const columns = tidyColumns(grants.columns);
  const handedColumns = tidyColumns(grants.columnsWithGrantOption);
  return {
    kind: "grants",
    ...(schema === undefined || on === "schema" ? {} : { schema }),
    name,
    ...(on === "function" || on === "procedure" ? { arguments: grants.arguments ?? "" } : {}),
    on,
    to: tidyRoles(to, all) ?? {},
    ...(handed === undefined ? {} : { withGrantOption: handed }),
    ...(columns === undefined ? {} : { columns }),
    ...(handedColumns === undefined ? {} : { columnsWithGrantOption: handedColumns }),
  };
}

/** `TABLE "users"`, `FUNCTION "public"."add"(integer)`. */
function target({ on = "table", ...name }: ObjectName, server: ServerInfo): string {
  const path = (): string => {
    switch (on) {
      case "schema":
        return quote(name.name);
      case "function":
      case "procedure":
        return routinePath(name, server);
      default:
        return quoteTable(name);
    }
  };
  return `${on.toUpperCase()} ${path()}`;
}

const ofColumns = (
  columns: ColumnPrivileges,
  role: string,
): readonly (readonly [string, string])[] =>
  Object.entries(columns).flatMap(([column, roles]) =>
    (roles[role] ?? []).map((privilege) => [privilege, column] as const),
  );

/** All that one role has. */
function ofRole(grants: Grants, role: string): unknown {
  const { to, withGrantOption = {}, columns = {}, columnsWithGrantOption = {} } = grants;
  return [
    to[role] ?? [],
    withGrantOption[role] ?? [],
    ofColumns(columns, role),
    ofColumns(columnsWithGrantOption, role),
  ];
}

function rolesIn(grants: Grants): readonly string[] {
  const { to, withGrantOption = {}, columns = {}, columnsWithGrantOption = {} } = grants;
  const lists = [
    to,
    withGrantOption,
    ...[columns, columnsWithGrantOption].flatMap((list) => Object.values(list)),
  ];
  return [...new Set(lists.flatMap((list) => Object.keys(list)))].toSorted();
}

const HANDED_ON = " WITH GRANT OPTION";

function grantTo(grants: Grants, role: string, server: ServerInfo): readonly string[] {
  const { to, withGrantOption = {}, columns = {}, columnsWithGrantOption = {} } = grants;
  const [on, whom] = [target(grants, server), roleText(role)];
  const grant = (privileges: readonly string[], more = ""): readonly string[] =>
    privileges.length === 0
      ? []
      : [`GRANT ${privileges.join(", ").toUpperCase()} ON ${on} TO ${whom}${more}`];
  const grantColumns = (list: ColumnPrivileges, more = ""): readonly string[] =>
    ofColumns(list, role).map(
      ([privilege, column]) =>
        `GRANT ${privilege.toUpperCase()} (${quote(column)}) ON ${on} TO ${whom}${more}`,
    );
  return [
    ...grant(to[role] ?? []),
    ...grant(withGrantOption[role] ?? [], HANDED_ON),
    ...grantColumns(columns),
    ...grantColumns(columnsWithGrantOption, HANDED_ON),
  ];
}

/** Role by role: one whose privileges differ loses all it has and gets what it shall have. */
function change(from: Grants, to: Grants, server: ServerInfo): readonly string[] {
  const roles = [...new Set([...rolesIn(from), ...rolesIn(to)])].toSorted();
  return roles.flatMap((role) => {
    if (deepEqual(ofRole(from, role), ofRole(to, role))) return [];
    const had = rolesIn(from).includes(role);
    return [
      ...(had ? [`REVOKE ALL ON ${target(from, server)} FROM ${roleText(role)}`] : []),
      ...grantTo(to, role, server),
    ];
  });
}

/** Where the list of privileges of a thing is. */
function listOf(object: ObjectName, server: ServerInfo): string {
  const { on = "table", name, schema = server.defaultSchema ?? "public" } = object;
  switch (on) {
    case "schema":
      return `SELECT nspacl AS list, nspowner AS owner FROM pg_namespace WHERE nspname = ${quoteText(name)}`;
    case "function":
    case "procedure":
      return `SELECT proacl AS list, proowner AS owner FROM pg_proc WHERE oid = to_regprocedure(${quoteText(`${quote(schema, name)}(${object.arguments ?? ""})`)})`;
    default: {
      const relation = quoteText(quote(schema, name));
      return `SELECT relacl AS list, relowner AS owner FROM pg_class WHERE oid = to_regclass(${relation})
    UNION ALL SELECT a.attacl, c.relowner FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.oid = to_regclass(${relation}) AND NOT a.attisdropped`;
    }
  }
}

/** The roles are those that have something now: a revision that drops grants does not name them. */
function revokeAll(object: ObjectName, server: ServerInfo): readonly string[] {
  const { on = "table" } = object;
  return [
    block(`DECLARE
  role text;
BEGIN
  FOR role IN SELECT DISTINCT CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END
    FROM (${listOf(object, server)}) privileges, aclexplode(privileges.list) g WHERE g.grantee <> privileges.owner
  LOOP EXECUTE ${quoteText(`REVOKE ALL ON ${target(object, server)} FROM `)} || role; END LOOP;
END`),
    ...Object.keys(usual(on)).map(
      (role) => `GRANT EXECUTE ON ${target(object, server)} TO ${roleText(role)}`,
    ),
  ];
}

function checkTarget(grants: Grants): Grants {
  if (TARGETS.includes(grants.on)) return grants;
  throw new RevlineError(
    "model-invalid",
    `Grants on "${grants.name}" do not say on what kind of thing.`,
    {
      hint: `Say on: ${TARGETS.map((target) => `"${target}"`).join(", ")}.`,
    },
  );
}

/** What everybody has by default, of a thing that says nothing else. */
function unsaid(grants: Grants): Grants {
  return { kind: "grants", name: grants.name, on: grants.on, to: usual(grants.on) };
}

export const postgresql: ObjectDialect<Grants> = {
  skippedAs: [],
  reflect: async (connection, filter) => {
    const { exclude = [] } = filter;
    const all = await objectRows(connection, filter, GRANTS);
    // tables of our own may have been made under default privileges
    const rows = all.filter(
      (row) => targetOf(row) !== "table" || !exclude.some(({ name }) => name === row["name"]),
    );
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
      const types = maybeText(row, "arguments");
      const key = objectKey("grants", {
        ...nameOfRow(row),
        on: targetOf(row),
        ...(types === undefined ? {} : { arguments: types }),
      });
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    return { objects: [...groups.values()].flatMap(grantsOfRows), skipped: [] };
  },
  canonicalize: async ({ database, models }, { connection }) =>
    Promise.resolve({
      database,
      models: models
        .map((model) => tidy(checkTarget(model), connection.server))
        .filter(saysSomething),
      skipped: [],
    }),
  create: (grants, { state }) =>
    statements(change({ ...unsaid(grants), ...nameOf(grants) }, grants, state.server)),
  drop: (object, { state }) => statements(revokeAll(object, state.server)),
  alter: ({ from, to }, { state }) => statements(change(from, to, state.server)),
};

function nameOf({ schema, name, arguments: types }: Grants): ObjectName {
  return {
    ...(schema === undefined ? {} : { schema }),
    name,
    ...(types === undefined ? {} : { arguments: types }),
  };
}
