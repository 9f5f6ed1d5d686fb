import type { ObjectContext, ObjectDialect } from "../contract.ts";
import { statements } from "../../dialects/ddl.ts";
import { comment } from "../../dialects/postgresql/compile.ts";
import { impliedBounds, type Counter } from "../../dialects/postgresql/sequence-bounds.ts";
import { big, flag, maybeText, text } from "../../dialects/postgresql/rows.ts";
import { pathToDrop, takeNameOfColumn } from "../../dialects/postgresql/sequence-names.ts";
import { scopeOf } from "../../dialects/postgresql/scope.ts";
import {
  alterSequenceAt,
  changedOptions,
  compileSequenceOptions,
  resetSequence,
  sharedSequences,
} from "../../dialects/postgresql/sequences.ts";
import { inspect, nameList, notOfExtension } from "../../dialects/postgresql/session.ts";
import { quote, quoteTable } from "../../dialects/postgresql/spelling.ts";
import type { Row } from "../../dialects/contract.ts";
import { RevlineError } from "../../errors.ts";
import type { ObjectName, Sequence } from "../../schema/objects/types.ts";
import type { SkippedObject } from "../../schema/types.ts";
import { nameOnly } from "../../schema/collect.ts";

/** All but those that a column says: of an identity, or of a serial (owned, in the default of a column that is never null). */
const SEQUENCES = `
SELECT CASE WHEN n.nspname <> current_schema() THEN n.nspname::text END AS schema, c.relname::text AS name, format_type(s.seqtypid, NULL) AS type,
  s.seqstart::text AS start, s.seqincrement::text AS increment, s.seqmin::text AS minimum, s.seqmax::text AS maximum, s.seqcache::text AS cache,
  s.seqcycle AS cycle, c.relpersistence = 'u' AS unlogged, oc.relname::text AS owner_table, a.attname::text AS owner_column,
  oc.relkind::text AS owner_kind, d.description AS comment
FROM pg_sequence s
  JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass
    AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
  LEFT JOIN pg_class oc ON oc.oid = o.refobjid
  LEFT JOIN pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
  LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE n.nspname IN (SELECT json_array_elements_text($1::json)) AND o.deptype IS DISTINCT FROM 'i' AND ${notOfExtension("pg_class", "c.oid")}
  AND NOT (o.objid IS NOT NULL AND a.attnotnull AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) AND EXISTS (
    SELECT FROM pg_attrdef e JOIN pg_depend x ON x.classid = 'pg_attrdef'::regclass AND x.objid = e.oid
      AND x.refclassid = 'pg_class'::regclass AND x.refobjid = c.oid
    WHERE e.adrelid = a.attrelid AND e.adnum = a.attnum AND pg_get_expr(e.adbin, e.adrelid) ~ '^nextval\\(''.*''::regclass\\)$'))
ORDER BY 1 NULLS FIRST, 2`;

type Numbers = Pick<Sequence, "start" | "increment" | "minValue" | "maxValue" | "cache">;
type DataType = NonNullable<Sequence["dataType"]>;

function dataTypeOf(type: string): DataType {
  return type === "smallint" || type === "integer" ? type : "bigint";
}

/** Without the words that say what is so anyway. */
function canonical(given: Sequence): Sequence {
  const { schema, name, dataType = "bigint", unlogged, ownedBy, comment: words } = given;
  return {
    kind: "sequence",
    ...nameOnly({ schema, name }),
    ...(dataType === "bigint" ? {} : { dataType }),
    ...canonicalNumbers(given),
    ...(given.cycle === true ? { cycle: true } : {}),
    ...(unlogged === true ? { unlogged } : {}),
    ...(ownedBy === undefined ? {} : { ownedBy }),
    ...(words === undefined || words === "" ? {} : { comment: words }),
  };
}

function canonicalNumbers(given: Sequence): Numbers {
  const { dataType = "bigint", increment = 1n, minValue, maxValue, start, cache = 1n } = given;
  const implied = impliedBounds(dataType, increment < 0n);
  const first = increment < 0n ? (maxValue ?? implied.maximum) : (minValue ?? implied.minimum);
  return {
    ...(start === undefined || start === first ? {} : { start }),
    ...(increment === 1n ? {} : { increment }),
    ...(minValue === undefined || minValue === implied.minimum ? {} : { minValue }),
    ...(maxValue === undefined || maxValue === implied.maximum ? {} : { maxValue }),
    ...(cache === 1n ? {} : { cache }),
  };
}

function sequenceOf(row: Row): Sequence {
  const table = maybeText(row, "owner_table");
  const words = maybeText(row, "comment");
  return canonical({
    kind: "sequence",
    ...nameOnly({ schema: maybeText(row, "schema"), name: text(row, "name") }),
    dataType: dataTypeOf(text(row, "type")),
    start: big(row, "start"),
    increment: big(row, "increment"),
    minValue: big(row, "minimum"),
    maxValue: big(row, "maximum"),
    cache: big(row, "cache"),
    cycle: flag(row, "cycle"),
    unlogged: flag(row, "unlogged"),
    ...(table === undefined ? {} : { ownedBy: { table, column: text(row, "owner_column") } }),
    ...(words === undefined ? {} : { comment: words }),
  });
}

/** As the options of a column's sequence are said. */
function counterOf(given: Sequence): Counter {
  const { dataType = "bigint", cycle } = given;
  return {
    type: { name: dataType },
    identity: { ...canonicalNumbers(given), ...(cycle === undefined ? {} : { cycle }) },
  };
}

function ownership({ schema, ownedBy }: Sequence): string {
  if (ownedBy === undefined) return "OWNED BY NONE";
  const { table, column } = ownedBy;
  return `OWNED BY ${quoteTable(nameOnly({ schema, name: table }))}.${quote(column)}`;
}

/** @throws RevlineError unsupported */
function requireUnlogged({ state }: ObjectContext): void {
  if (state.server.versionNumber >= 150000) return;
  throw new RevlineError("unsupported", "An unlogged sequence needs PostgreSQL 15.", {
    hint: "Take `unlogged` out of the models, or upgrade the server.",
  });
}

function create(given: Sequence, context: ObjectContext): readonly string[] {
  const sequence = canonical(given);
  const { dataType, unlogged, ownedBy, comment: words } = sequence;
  if (unlogged === true) requireUnlogged(context);
  const path = quoteTable(sequence);
  return [
    [
      `CREATE ${unlogged === true ? "UNLOGGED " : ""}SEQUENCE ${path}`,
      ...(dataType === undefined ? [] : [`AS ${dataType}`]),
      ...compileSequenceOptions(counterOf(sequence).identity ?? {}),
      ...(ownedBy === undefined ? [] : [ownership(sequence)]),
    ].join(" "),
    ...(words === undefined ? [] : [comment(`SEQUENCE ${path}`, words)]),
  ];
}

function alter(before: Sequence, after: Sequence, context: ObjectContext): readonly string[] {
  const [from, to] = [canonical(before), canonical(after)];
  const path = quoteTable(to);
  const [old, now] = [counterOf(from), counterOf(to)];
  const isSame = from.dataType === to.dataType && changedOptions(old, now).length === 0;
  const isMoved =
    from.ownedBy?.table !== to.ownedBy?.table || from.ownedBy?.column !== to.ownedBy?.column;
  const isRelogged = from.unlogged !== to.unlogged;
  if (isRelogged) requireUnlogged(context);
  return [
    ...(isSame ? [] : alterSequenceAt(path, old, now)),
    ...(isRelogged
      ? [`ALTER SEQUENCE ${path} SET ${to.unlogged === true ? "UNLOGGED" : "LOGGED"}`]
      : []),
    ...(isMoved ? [`ALTER SEQUENCE ${path} ${ownership(to)}`] : []),
    ...(from.comment === to.comment ? [] : [comment(`SEQUENCE ${path}`, to.comment)]),
  ];
}

/** True where a serial column of the same plan has the sequence on the other side. */
function isShared(name: ObjectName, { state }: ObjectContext): boolean {
  return sharedSequences(state.operations ?? []).has(quoteTable(name));
}

/** The sequence of a column that was serial becomes one of its own and keeps its counter. */
function adopt(sequence: Sequence): readonly string[] {
  const to = canonical(sequence);
  const path = quoteTable(to);
  return [
    `ALTER SEQUENCE ${path} ${ownership(to)}`,
    resetSequence(path, counterOf(to)),
    ...(to.comment === undefined ? [] : [comment(`SEQUENCE ${path}`, to.comment)]),
  ];
}

/** Owners that the models know: tables, partitioned ones too. */
const TABLES: ReadonlySet<string> = new Set(["r", "p"]);

export const postgresql: ObjectDialect<Sequence> = {
  skippedAs: ["sequence"],
  reflect: (connection, filter) =>
    inspect(connection, async () => {
      const { schemas } = await scopeOf(connection, filter);
      const objects: Sequence[] = [];
      const skipped: SkippedObject[] = [];
      for (const row of await connection.query(SEQUENCES, [nameList(schemas)])) {
        const sequence = sequenceOf(row);
        const kind = maybeText(row, "owner_kind");
        if (kind === undefined || TABLES.has(kind)) objects.push(sequence);
        else {
          const reason = `it belongs to "${sequence.ownedBy?.table ?? ""}", which is no table of ours`;
          skipped.push({ kind: "sequence", ...nameOnly(sequence), reason });
        }
      }
      return { objects, skipped };
    }),
  canonicalize: ({ database, models }) =>
    Promise.resolve({ database, models: models.map(canonical), skipped: [] }),
  create: (sequence, context) => {
    if (isShared(sequence, context)) return statements(adopt(sequence));
    const { operations = [] } = context.state;
    const counter = counterOf(canonical(sequence));
    const { before, after } = takeNameOfColumn(quoteTable(sequence), counter, operations);
    return statements([...before, ...create(sequence, context), ...after]);
  },
  drop: (name, context) => {
    if (isShared(name, context)) return [];
    return [
      { sql: `DROP SEQUENCE ${pathToDrop(quoteTable(name), context.state.operations ?? [])}` },
    ];
  },
  alter: ({ from, to }, context) => statements(alter(from, to, context)),
};
