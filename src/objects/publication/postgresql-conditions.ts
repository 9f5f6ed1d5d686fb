/** Publications of models as the catalog says them. */
import type { CanonicalContext, ObjectSides } from "../contract.ts";
import { ACTIONS } from "./postgresql-statements.ts";
import { faithful } from "../../dialects/postgresql/compile.ts";
import { namesIn, withoutParentheses } from "../../dialects/postgresql/expression-text.ts";
import { words } from "../../dialects/postgresql/object-rows.ts";
import { text as textOf } from "../../dialects/postgresql/rows.ts";
import { quote, render } from "../../dialects/postgresql/spelling.ts";
import { canonicalBelongings } from "../../dialects/postgresql/stand-in.ts";
import type { Row } from "../../dialects/contract.ts";
import { RevlineError } from "../../errors.ts";
import { nameOnly, qualifiedName, tableKey } from "../../schema/collect.ts";
import { text, type Expression } from "../../schema/expression.ts";
import { publishedBy, publishing } from "../../schema/objects/published.ts";
import type { Policy, Publication, PublishedTable } from "../../schema/objects/types.ts";
import type { TableName } from "../../schema/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

/** @throws RevlineError model-invalid */
function checkMembers(publication: Publication): void {
  const { tables, schemas } = publishedBy(publication);
  if (publication.allTables !== true || tables.length + schemas.length === 0) return;
  throw new RevlineError(
    "model-invalid",
    `The publication "${publication.name}" is for all tables, and names some.`,
    { hint: "Leave out either allTables, or tables and schemas." },
  );
}

function tidyTable(table: PublishedTable, defaultSchema: string): PublishedTable {
  const { schema, where } = table;
  return {
    ...omit(table, "schema", "where"),
    ...(schema === undefined || schema === defaultSchema ? {} : { schema }),
    ...(where === undefined ? {} : { where: text(faithful(where)) }),
  };
}

/**
 * A model's publication without what says nothing.
 *
 * @throws RevlineError model-invalid
 */
export function tidy(publication: Publication, defaultSchema: string): Publication {
  checkMembers(publication);
  const { allTables, publish = ACTIONS, viaPartitionRoot, generatedColumns, name } = publication;
  const { tables, schemas } = publishedBy(publication);
  const named = tables.map((table) => tidyTable(table, defaultSchema));
  const published = ACTIONS.filter((action) => publish.includes(action));
  const bare: Publication = {
    kind: "publication",
    name,
    ...(allTables === true ? { allTables } : {}),
    ...(published.length === ACTIONS.length ? {} : { publish: published }),
    ...(viaPartitionRoot === true ? { viaPartitionRoot } : {}),
    ...(generatedColumns === undefined ? {} : { generatedColumns }),
    ...words(publication.comment),
  };
  return publishing(bare, {
    tables: named.filter((table, at) => named.findIndex((other) => deepEqual(other, table)) === at),
    schemas,
  });
}

/**
 * In a condition the server puts what a column that is not stored is computed from in the column's place, for good:
 * the models say it as it will be.
 *
 * @throws RevlineError model-invalid
 */
export function checkConditions(
  publications: readonly Publication[],
  { tables }: Pick<CanonicalContext["models"], "tables">,
): void {
  const declared = new Map(tables.map((table) => [tableKey(nameOnly(table)), table]));
  for (const publication of publications)
    for (const table of publishedBy(publication).tables) {
      const said = table.where === undefined ? new Set() : namesIn(render(table.where));
      const column = declared
        .get(tableKey(nameOnly(table)))
        ?.columns.find((known) => known.computed?.stored === false && said.has(known.name));
      if (column === undefined) continue;
      throw new RevlineError(
        "model-invalid",
        `The publication "${publication.name}" has a condition on "${qualifiedName(table)}"."${column.name}", a computed column that is not stored.`,
        { hint: "Write what the column is computed from in its place, as the server does." },
      );
    }
}

/** A condition as a policy: the server reads both alike, and takes a policy on a temporary table. */
function policyOf(
  publication: Publication,
  { schema, name }: PublishedTable,
  using: Expression,
): Policy {
  return {
    kind: "policy",
    ...(schema === undefined ? {} : { schema }),
    name: publication.name,
    table: name,
    using,
  };
}

const ASKED = `SELECT p.polname::text AS name, c.relname::text AS "table", pg_get_expr(p.polqual, p.polrelid) AS "using"
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = (SELECT pg_my_temp_schema()) AND c.relname = $1 AND p.polname = $2`;

function policyOfRow(row: Row): Policy {
  return {
    kind: "policy",
    name: textOf(row, "name"),
    table: textOf(row, "table"),
    using: text(withoutParentheses(textOf(row, "using"))),
  };
}

function keyOf(publication: Pick<Publication, "name">, table: TableName): string {
  return JSON.stringify([publication.name, tableKey(table)]);
}

/** The conditions of the models, each beside that of the database; where there is none yet, beside nothing. */
function conditionsOf({ database, models }: ObjectSides<Publication>): {
  readonly database: readonly Policy[];
  readonly models: readonly Policy[];
} {
  const live = new Map(database.map((publication) => [publication.name, publication]));
  const pairs = models.flatMap((model) => {
    const there = live.get(model.name);
    if (there === undefined) return [];
    const known = new Map(publishedBy(there).tables.map((table) => [keyOf(there, table), table]));
    return publishedBy(model).tables.flatMap((table) => {
      if (table.where === undefined) return [];
      const where = known.get(keyOf(model, table))?.where ?? text("");
      return [{ live: policyOf(there, table, where), model: policyOf(model, table, table.where) }];
    });
  });
  return { database: pairs.map((pair) => pair.live), models: pairs.map((pair) => pair.model) };
}

/** The conditions of the models in the catalog's words, and the publications of which they could not be asked about. */
export async function canonicalConditions(
  sides: ObjectSides<Publication>,
  context: CanonicalContext,
): Promise<{
  readonly models: readonly Publication[];
  readonly undecided: readonly { readonly object: Publication; readonly reason: string }[];
}> {
  const asked = await canonicalBelongings(conditionsOf(sides), context, {
    create: ({ name, using }, relation) => [
      `CREATE POLICY ${quote(name)} ON ${relation} USING (${using === undefined ? "true" : faithful(using)})`,
    ],
    select: ASKED,
    read: policyOfRow,
    onTables: true,
  });
  const answers = new Map(
    asked.models.map((policy) => [
      keyOf(policy, nameOnly({ schema: policy.schema, name: policy.table })),
      policy.using,
    ]),
  );
  return {
    models: sides.models.map((model) => {
      const { tables, schemas } = publishedBy(model);
      const spelled = tables.map((table) => {
        const where = answers.get(keyOf(model, table)) ?? table.where;
        return where === undefined ? table : { ...table, where };
      });
      return publishing(model, { tables: spelled, schemas });
    }),
    undecided: sides.models.flatMap((object) => {
      const found = asked.undecided.find((policy) => policy.object.name === object.name);
      return found === undefined ? [] : [{ object, reason: found.reason }];
    }),
  };
}
