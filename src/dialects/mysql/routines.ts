import { modern, read, schemasOf } from "./catalog.ts";
import { flavorOf } from "./flavor.ts";
import {
  bareText,
  createProgram,
  located,
  programOptions,
  programText,
  readUsual,
  settingsFor,
  sortedMode,
  surroundingOf,
  type Usual,
} from "./programs.ts";
import { exactText } from "./program-text.ts";
import { quoteName, quoteTable, stringLiteral } from "./quote.ts";
import { canonicalType, compileType, parseType } from "./types.ts";
import type { Connection, ReflectFilter, Row, ServerInfo, Statement } from "../contract.ts";
import { text } from "../../schema/expression.ts";
import type { RoutineParameter, SqlFunction, SqlProcedure } from "../../schema/objects/types.ts";
import type { ObjectName } from "../../schema/objects/types.ts";
import type { Options, SkippedObject } from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

type Routine = SqlFunction | SqlProcedure;
/** What functions and procedures have alike. */
type Common = Omit<SqlProcedure, "kind">;

const ACCESS: Readonly<Record<string, NonNullable<Common["dataAccess"]>>> = {
  "NO SQL": "no sql",
  "READS SQL DATA": "reads sql data",
  "MODIFIES SQL DATA": "modifies sql data",
};

/** The collations that character sets have by themselves. */
async function readCharsets(connection: Connection): Promise<ReadonlyMap<string, string>> {
  const rows = await connection.query(
    "SELECT character_set_name AS name, default_collate_name AS collation FROM information_schema.character_sets",
  );
  return new Map(
    rows.map((row) => [modern(read(row, "name") ?? ""), modern(read(row, "collation") ?? "")]),
  );
}

/** A type with its character set, where that is not the schema's. */
function typeOf(row: Row, usual: string, charsets: ReadonlyMap<string, string>): string {
  const type = read(row, "type") ?? "";
  const collation = modern(read(row, "collation") ?? "");
  if (collation === "" || collation === modern(usual)) return type;
  const charset = modern(read(row, "charset") ?? "");
  const isDefault = charsets.get(charset) === collation;
  return `${type} charset ${charset}${isDefault ? "" : ` collate ${collation}`}`;
}

function parameterOf(row: Row, type: string): RoutineParameter {
  const mode = (read(row, "mode") ?? "IN").toLowerCase();
  return {
    name: read(row, "name") ?? "",
    type,
    ...(mode === "out" || mode === "inout" ? { mode } : {}),
  };
}

function commonOf(row: Row, body: string, usual: Usual): Omit<Common, "name"> {
  const access = ACCESS[(read(row, "access") ?? "").toUpperCase()];
  const comment = read(row, "comment") ?? "";
  const { definer, sqlMode } = surroundingOf(row, usual);
  return {
    body: text(body),
    ...(read(row, "is_deterministic") === "YES" ? { deterministic: true } : {}),
    ...(access === undefined ? {} : { dataAccess: access }),
    ...(read(row, "security") === "INVOKER" ? { security: "invoker" } : {}),
    ...(definer === undefined ? {} : { definer }),
    ...(comment === "" ? {} : { comment }),
    ...(sqlMode === undefined ? {} : { options: { mysql: { sqlMode } } }),
  };
}

/** One routine that was read: a function has a type. */
export interface ReadRoutine {
  readonly common: Common;
  readonly returns: string;
}

/** The routines of one kind: two queries a schema, and one for each whose text has a quote, backslash or question mark in it. */
export async function readRoutines(
  connection: Connection,
  filter: ReflectFilter,
  type: "FUNCTION" | "PROCEDURE",
): Promise<{ readonly found: readonly ReadRoutine[]; readonly skipped: readonly SkippedObject[] }> {
  const usual = await readUsual(connection);
  const charsets = await readCharsets(connection);
  const found: ReadRoutine[] = [];
  const skipped: SkippedObject[] = [];
  for (const schema of await schemasOf(filter, connection)) {
    const database = schema ?? connection.server.database;
    const rows = await connection.query(
      `SELECT routine_name AS name, dtd_identifier AS type, character_set_name AS charset, collation_name AS collation, routine_definition AS body,
         is_deterministic AS is_deterministic, sql_data_access AS access, security_type AS security, sql_mode AS mode, routine_comment AS comment, definer AS definer,
         COALESCE(external_language, 'SQL') AS language
       FROM information_schema.routines WHERE routine_schema = ${stringLiteral(database)} AND routine_type = '${type}' ORDER BY routine_name`,
    );
    const parameters = await connection.query(
      `SELECT specific_name AS routine, parameter_mode AS mode, parameter_name AS name, dtd_identifier AS type, character_set_name AS charset, collation_name AS collation
       FROM information_schema.parameters
       WHERE specific_schema = ${stringLiteral(database)} AND routine_type = '${type}' AND ordinal_position > 0 ORDER BY specific_name, ordinal_position`,
    );
    const collation = usual.collations.get(database) ?? "";
    for (const row of rows) {
      const name = { ...located(schema), name: read(row, "name") ?? "" };
      const body = read(row, "body");
      const skip = (reason: string): void => {
        skipped.push({ kind: type.toLowerCase(), ...name, reason });
      };
      if (body === undefined) skip("the server does not show its definition to this user");
      else if (read(row, "language") !== "SQL") skip("it is not written in SQL");
      else {
        const column = type === "FUNCTION" ? "Create Function" : "Create Procedure";
        const show = `SHOW CREATE ${type} ${quoteTable(name)}`;
        const exact = bareText(await exactText(connection, body, show, column));
        const own = parameters
          .filter((parameter) => read(parameter, "routine") === name.name)
          .map((parameter) => parameterOf(parameter, typeOf(parameter, collation, charsets)));
        found.push({
          common: {
            ...name,
            ...(own.length === 0 ? {} : { parameters: own }),
            ...commonOf(row, exact, usual),
          },
          returns: typeOf(row, collation, charsets),
        });
      }
    }
  }
  return { found, skipped };
}

/** One spelling for all that mean one type. */
function typeKey(given: string, server: ServerInfo): string {
  const flavor = flavorOf(server);
  const [, base = given, rest = ""] =
    /^(.*?)\s*((?:\b(?:charset|character\s+set|collate)\b.*)?)$/is.exec(given.trim()) ?? [];
  const clauses = rest
    .toLowerCase()
    .replaceAll(/character\s+set/g, "charset")
    .replaceAll(/\butf8(?=\b|_)/g, "utf8mb3")
    .replaceAll(/\s+/g, " ");
  return `${compileType(canonicalType(parseType(base), flavor), flavor).toLowerCase()} ${clauses}`;
}

/** The spelling of the database where it means the same. */
export function sameType(given: string, live: string | undefined, server: ServerInfo): string {
  return live !== undefined && typeKey(given, server) === typeKey(live, server) ? live : given;
}

function optionsOf({ options }: Pick<Common, "options">, server: ServerInfo): Options {
  return programOptions(options, server);
}

/** A routine of the models as the database would tell it: its words where they mean the same. */
export function canonicalRoutine(
  model: Common,
  live: Common | undefined,
  server: ServerInfo,
): Common {
  const { schema, name, parameters = [], deterministic, dataAccess, security, comment } = model;
  const { sqlMode } = optionsOf(model, server);
  // who is not named is whoever made it
  const definer = model.definer ?? live?.definer;
  const spelled = parameters.map((parameter, at) => ({
    ...parameter,
    type: sameType(parameter.type, live?.parameters?.[at]?.type, server),
  }));
  return {
    ...located(schema),
    name,
    ...(spelled.length === 0 ? {} : { parameters: spelled }),
    body: text(programText(model.body, server)),
    ...(deterministic === true ? { deterministic } : {}),
    ...(dataAccess === undefined ? {} : { dataAccess }),
    ...(security === "invoker" ? { security } : {}),
    ...(definer === undefined ? {} : { definer }),
    ...(comment === undefined || comment === "" ? {} : { comment }),
    ...(typeof sqlMode === "string"
      ? { options: { mysql: { sqlMode: sortedMode(sqlMode) } } }
      : {}),
  };
}

function characteristics({ dataAccess, security, comment }: Common): readonly string[] {
  return [
    (dataAccess ?? "contains sql").toUpperCase(),
    `SQL SECURITY ${security === "invoker" ? "INVOKER" : "DEFINER"}`,
    ...(comment === undefined ? [] : [`COMMENT ${stringLiteral(comment)}`]),
  ];
}

/** MariaDB: a function over groups fetches their rows. */
function isAggregate(body: string): boolean {
  return /\bFETCH\s+GROUP\s+NEXT\s+ROW\b/i.test(body);
}

/** CREATE FUNCTION, CREATE PROCEDURE. */
export function createRoutine(routine: Routine, server: ServerInfo): readonly Statement[] {
  const { parameters = [], deterministic, definer } = routine;
  const isFunction = routine.kind === "function";
  const body = programText(routine.body, server);
  const list = parameters.map(({ name = "", type, mode }) =>
    // a function's take something in, and say nothing of it
    [...(isFunction ? [] : [(mode ?? "in").toUpperCase()]), quoteName(name), type].join(" "),
  );
  return createProgram(
    {
      word: isFunction ? "FUNCTION" : "PROCEDURE",
      name: routine,
      definer,
      before: isFunction && isAggregate(body) ? "AGGREGATE " : "",
      definition: [
        `(${list.join(", ")})${isFunction ? ` RETURNS ${routine.returns ?? ""}` : ""}`,
        ...(deterministic === true ? ["DETERMINISTIC"] : []),
        ...characteristics(routine),
        body,
      ].join("\n"),
      settings: settingsFor(optionsOf(routine, server)),
    },
    server,
  );
}

/** DROP FUNCTION, DROP PROCEDURE. */
export function dropRoutine(
  name: ObjectName,
  word: "FUNCTION" | "PROCEDURE",
): readonly Statement[] {
  return [{ sql: `DROP ${word} IF EXISTS ${quoteTable(name)}` }];
}

/** In its place where only its characteristics change: rights given on the routine stay. */
export function alterRoutine(from: Routine, to: Routine, server: ServerInfo): readonly Statement[] {
  const rest = (routine: Routine): object =>
    omit(routine, "dataAccess", "security", "comment", "arguments");
  // MySQL 9.7 leaves the old comment where ALTER says an empty one
  const losesComment =
    from.comment !== undefined && to.comment === undefined && server.dialect !== "mariadb";
  if (losesComment || !deepEqual(rest(from), rest(to))) return createRoutine(to, server);
  const word = to.kind === "function" ? "FUNCTION" : "PROCEDURE";
  const comment = to.comment === undefined ? ["COMMENT ''"] : [];
  const clauses = [...characteristics(to), ...comment].join(" ");
  return [{ sql: `ALTER ${word} ${quoteTable(to)} ${clauses}` }];
}
