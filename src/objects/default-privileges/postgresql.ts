import type { ObjectDialect } from "../contract.ts";
import { statements } from "../../dialects/ddl.ts";
import { block } from "../../dialects/postgresql/aside.ts";
import { nameOfRow, objectRows } from "../../dialects/postgresql/object-rows.ts";
import {
  privilegesOn,
  roleText,
  rolesOf,
  tidyPrivileges,
  tidyRoles,
  type PrivilegeTarget,
} from "../../dialects/postgresql/privileges.ts";
import { flag, maybeText, text } from "../../dialects/postgresql/rows.ts";
import { quote, quoteText } from "../../dialects/postgresql/spelling.ts";
import type { Connection, Row, ServerInfo } from "../../dialects/contract.ts";
import { RevlineError } from "../../errors.ts";
import { objectKey, objectName } from "../../schema/objects/declare.ts";
import type {
  DefaultPrivileges,
  DefaultPrivilegesTarget,
  ObjectName,
  Privileges,
} from "../../schema/objects/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

interface Target {
  /** As the catalog has it. */
  readonly code: string;
  readonly on: PrivilegeTarget;
  /** What everybody may do with what is new. */
  readonly usual: Privileges;
  /** True where they may be for one schema. */
  readonly isInSchemas: boolean;
}

const TARGETS: { readonly [K in DefaultPrivilegesTarget]: Target } = {
  tables: { code: "r", on: "table", usual: {}, isInSchemas: true },
  sequences: { code: "S", on: "sequence", usual: {}, isInSchemas: true },
  functions: { code: "f", on: "function", usual: { public: ["execute"] }, isInSchemas: true },
  types: { code: "T", on: "type", usual: { public: ["usage"] }, isInSchemas: true },
  schemas: { code: "n", on: "schema", usual: {}, isInSchemas: false },
  "large objects": { code: "L", on: "large object", usual: {}, isInSchemas: false },
};

const NAMES = Object.entries(TARGETS)
  .map(([name, { code }]) => `WHEN ${quoteText(code)} THEN ${quoteText(name)}`)
  .join(" ");

/** One row for each privilege; a list without any has a row without one. */
const DEFAULTS = `
SELECT CASE d.defaclobjtype ${NAMES} END AS name, n.nspname::text AS schema,
  CASE WHEN o.rolname <> current_user THEN o.rolname::text END AS owner, g.grantee = d.defaclrole AS own,
  CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_get_userbyid(g.grantee)::text END AS role, lower(g.privilege_type) AS privilege, g.is_grantable AS grantable
FROM pg_default_acl d JOIN pg_roles o ON o.oid = d.defaclrole LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
  LEFT JOIN LATERAL aclexplode(d.defaclacl) g ON true
WHERE d.defaclnamespace = 0 OR n.nspname IN (SELECT json_array_elements_text($1::json))
ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST, role, privilege`;

/** @throws RevlineError model-invalid */
function targetOf({ name }: ObjectName): Target {
  const found = Object.entries(TARGETS).find(([known]) => known === name);
  if (found !== undefined) return found[1];
  throw new RevlineError("model-invalid", `There are no default privileges on "${name}".`, {
    hint: `Name one of: ${Object.keys(TARGETS).join(", ")}.`,
  });
}

function everything(object: ObjectName, server: ServerInfo): readonly string[] {
  return privilegesOn(targetOf(object).on, server).toSorted();
}

const without = (list: readonly string[], others: readonly string[]): readonly string[] =>
  list.filter((item) => !others.includes(item));

/** What the owner has where nothing is said of it. */
function usualOwner(
  given: DefaultPrivileges,
  handed: readonly string[],
  all: readonly string[],
): readonly string[] {
  return given.schema === undefined ? without(all, handed) : [];
}

/** Everything in order; what is as ever is left out. */
function tidy(given: DefaultPrivileges, server: ServerInfo): DefaultPrivileges {
  const all = everything(given, server);
  const handed = tidyRoles(given.withGrantOption, all);
  const plain = Object.entries(tidyRoles(given.to, all) ?? {}).map(
    ([role, list]) => [role, without(list, handed?.[role] ?? [])] as const,
  );
  const ownerHanded = tidyPrivileges(given.ownerWithGrantOption, all);
  const usual = usualOwner(given, ownerHanded, all);
  const owner =
    given.owner === undefined ? usual : without(tidyPrivileges(given.owner, all), ownerHanded);
  return {
    kind: "defaultPrivileges",
    ...objectName(given),
    to: tidyRoles(Object.fromEntries(plain), all) ?? {},
    ...(handed === undefined ? {} : { withGrantOption: handed }),
    ...(deepEqual(owner, usual) ? {} : { owner }),
    ...(ownerHanded.length === 0 ? {} : { ownerWithGrantOption: ownerHanded }),
  };
}

/** What is in force where nobody has said anything. */
function unsaid(object: ObjectName): DefaultPrivileges {
  const to = object.schema === undefined ? targetOf(object).usual : {};
  return { kind: "defaultPrivileges", ...objectName(object), to };
}

function saysSomething(object: DefaultPrivileges): boolean {
  return !deepEqual(object, unsaid(object));
}

function privilegesOf(rows: readonly Row[]): readonly string[] {
  return rows.map((row) => text(row, "privilege"));
}

function ofRows(place: ObjectName, rows: readonly Row[]): DefaultPrivileges {
  const said = rows.filter((row) => maybeText(row, "privilege") !== undefined);
  const own = said.filter((row) => flag(row, "own"));
  const others = said.filter((row) => !flag(row, "own"));
  const handed = rolesOf(others.filter((row) => flag(row, "grantable")));
  return {
    kind: "defaultPrivileges",
    ...place,
    to: rolesOf(others.filter((row) => !flag(row, "grantable"))) ?? {},
    ...(handed === undefined ? {} : { withGrantOption: handed }),
    owner: privilegesOf(own.filter((row) => !flag(row, "grantable"))),
    ownerWithGrantOption: privilegesOf(own.filter((row) => flag(row, "grantable"))),
  };
}

function placeOfRow(row: Row): ObjectName {
  const role = maybeText(row, "owner");
  return { ...nameOfRow(row), ...(role === undefined ? {} : { role }) };
}

/** What one of those has who get something. */
interface Held {
  readonly plain: readonly string[];
  readonly handed: readonly string[];
}

/** By whom, as SQL; those who have nothing are not told. */
function heldBy(given: DefaultPrivileges, server: ServerInfo): ReadonlyMap<string, Held> {
  const tidied = tidy(given, server);
  const { to, withGrantOption = {}, ownerWithGrantOption: handed = [] } = tidied;
  const { owner = usualOwner(tidied, handed, everything(tidied, server)) } = tidied;
  const roles = [...new Set([...Object.keys(to), ...Object.keys(withGrantOption)])].toSorted();
  const held = roles.map(
    (role) =>
      [roleText(role), { plain: to[role] ?? [], handed: withGrantOption[role] ?? [] }] as const,
  );
  const all: readonly (readonly [string, Held])[] = [
    ...held,
    [ownerText(tidied), { plain: owner, handed }],
  ];
  return new Map(all.filter(([, { plain, handed: more }]) => plain.length + more.length > 0));
}

function ownerText({ role }: ObjectName): string {
  return role === undefined ? "CURRENT_USER" : quote(role);
}

/** `ALTER DEFAULT PRIVILEGES IN SCHEMA "app"`. */
function head({ schema, role }: ObjectName): string {
  const whose = role === undefined ? "" : ` FOR ROLE ${quote(role)}`;
  return `ALTER DEFAULT PRIVILEGES${whose}${schema === undefined ? "" : ` IN SCHEMA ${quote(schema)}`}`;
}

function grant(
  object: ObjectName,
  privileges: readonly string[],
  whom: string,
  more = "",
): readonly string[] {
  return privileges.length === 0
    ? []
    : [
        `${head(object)} GRANT ${privileges.join(", ").toUpperCase()} ON ${object.name.toUpperCase()} TO ${whom}${more}`,
      ];
}

function revoke(object: ObjectName): string {
  return `${head(object)} REVOKE ALL ON ${object.name.toUpperCase()} FROM `;
}

/** One by one: who shall have something else loses all and gets that. */
function change(
  from: DefaultPrivileges,
  to: DefaultPrivileges,
  server: ServerInfo,
): readonly string[] {
  const [before, after] = [heldBy(from, server), heldBy(to, server)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((whom) => {
    const [had, has] = [before.get(whom), after.get(whom)];
    if (deepEqual(had, has)) return [];
    return [
      ...(had === undefined ? [] : [`${revoke(to)}${whom}`]),
      ...grant(to, has?.plain ?? [], whom),
      ...grant(to, has?.handed ?? [], whom, " WITH GRANT OPTION"),
    ];
  });
}

/** Those who lose something are those who have it now: a revision that drops it does not name them. */
function reset(object: ObjectName): readonly string[] {
  const { schema, role } = object;
  const { code, usual } = targetOf(object);
  const place =
    schema === undefined
      ? "d.defaclnamespace = 0"
      : `d.defaclnamespace = (SELECT oid FROM pg_namespace WHERE nspname = ${quoteText(schema)})`;
  const whose = role === undefined ? "current_user" : quoteText(role);
  return [
    block(`DECLARE
  whom text;
BEGIN
  FOR whom IN SELECT DISTINCT CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END
    FROM pg_default_acl d, aclexplode(d.defaclacl) g
    WHERE d.defaclobjtype = ${quoteText(code)} AND d.defaclrole = (SELECT oid FROM pg_roles WHERE rolname = ${whose}) AND ${place}
  LOOP EXECUTE ${quoteText(revoke(object))} || whom; END LOOP;
END`),
    ...(schema === undefined ? grant(object, ["all"], ownerText(object)) : []),
    ...(schema === undefined
      ? Object.entries(usual).flatMap(([whom, privileges]) =>
          grant(object, privileges, roleText(whom)),
        )
      : []),
  ];
}

/** @throws RevlineError model-invalid */
function check(model: DefaultPrivileges, owner: string): DefaultPrivileges {
  const { name, schema, to, withGrantOption = {} } = model;
  if (schema !== undefined && !targetOf(model).isInSchemas)
    throw new RevlineError(
      "model-invalid",
      `Default privileges on ${name} cannot be for schema "${schema}".`,
      { hint: "Leave out the schema." },
    );
  if (owner in to || owner in withGrantOption)
    throw new RevlineError(
      "model-invalid",
      `Default privileges on ${name} name "${owner}", whose objects they are for.`,
      { hint: "Say under owner what the owner itself has." },
    );
  return model;
}

/** Whose objects they are for is not said where it is the role that asks. */
async function checked(
  models: readonly DefaultPrivileges[],
  connection: Connection,
): Promise<readonly DefaultPrivileges[]> {
  if (models.length === 0) return [];
  const [row] = await connection.query("SELECT current_user::text AS own");
  const own = row === undefined ? "" : text(row, "own");
  return models.map((model) => {
    const valid = check(model, model.role ?? own);
    return model.role === own ? omit(valid, "role") : valid;
  });
}

export const postgresql: ObjectDialect<DefaultPrivileges> = {
  skippedAs: [],
  reflect: async (connection, filter) => {
    const rows = await objectRows(connection, filter, DEFAULTS);
    const groups = new Map<string, { readonly place: ObjectName; readonly rows: Row[] }>();
    for (const row of rows) {
      const place = placeOfRow(row);
      const key = objectKey("defaultPrivileges", place);
      const group = groups.get(key) ?? { place, rows: [] };
      group.rows.push(row);
      groups.set(key, group);
    }
    const objects = [...groups.values()].map(({ place, rows: own }) =>
      tidy(ofRows(place, own), connection.server),
    );
    return { objects, skipped: [] };
  },
  canonicalize: async ({ database, models }, { connection }) => {
    const valid = await checked(models, connection);
    return {
      database,
      models: valid.map((model) => tidy(model, connection.server)).filter(saysSomething),
      skipped: [],
    };
  },
  create: (object, { state }) => statements(change(unsaid(object), object, state.server)),
  drop: (object) => statements(reset(object)),
  alter: ({ from, to }, { state }) => statements(change(from, to, state.server)),
};
