import { changeOf } from "./alter-column.ts";
import { alterColumns } from "./alter-columns.ts";
import { putAsideOnCollation, takeBackOn } from "./aside.ts";
import { inSchemaOf } from "./compile.ts";
import { collatedTypes } from "./containing-types.ts";
import { objectPath } from "./object-path.ts";
import { replaceType } from "./replace-type.ts";
import { PlanState } from "./state.ts";
import { quote, quoteTable } from "./spelling.ts";
import type { PlanContext, ServerInfo, Statement } from "../contract.ts";
import { namesIn } from "../../operations/mentions.ts";
import { nameOnly } from "../../schema/collect.ts";
import type { Column, MetaData, TableName } from "../../schema/types.ts";

/** A collation that another one of the same name takes the place of. */
export interface CollationReplacement {
  readonly collation: TableName;
  /** Statements that create the new one; the old one has stepped aside. */
  readonly create: readonly string[];
}

/** What the collation is called while the new one takes its place. */
const OLD = "revline_old_collation";
/** What the new one is called while the old one has its name back. */
const NEW = "revline_new_collation";

function holds({ collation }: Column, name: TableName, server: ServerInfo): boolean {
  const paths = [
    ...(name.schema === undefined ? [name.name, quote(name.name)] : []),
    objectPath(name, server),
  ];
  return collation !== undefined && paths.includes(collation);
}

/** True where anything but the collation itself may speak of it. */
function isUsed({ name }: TableName, { tables, objects, skipped }: MetaData): boolean {
  const others = objects.filter((object) => object.kind !== "collation");
  return namesIn([tables, others, skipped]).has(name);
}

/**
 * Puts a new collation in the place of one of the same name, which no ALTER COLLATION does: columns are
 * ordered by the new one, and their indexes are made anew, as are types that have it and all that says it.
 */
export async function replaceCollation(
  { collation, create }: CollationReplacement,
  context: PlanContext,
): Promise<readonly Statement[]> {
  const database = await context.reflect({ allSchemas: true });
  const old = quoteTable(inSchemaOf(collation, OLD));
  const using = database.tables.filter(({ columns }) =>
    columns.some((column) => holds(column, collation, context.server)),
  );
  const altered = await Promise.all(
    using.map((table) =>
      alterColumns(
        nameOnly(table),
        table.columns
          .filter((column) => holds(column, collation, context.server))
          .map((column) =>
            changeOf(
              nameOnly(table),
              { from: { ...column, collation: old }, to: column },
              context.server,
            ),
          ),
        new PlanState(context, []),
        context.server,
      ),
    ),
  );
  const types = await collatedTypes(collation, database, context);
  const retyped = await Promise.all(
    types.map(({ type, create: statements }) =>
      replaceType({ type, create: statements.map(({ sql }) => sql) }, context),
    ),
  );
  const touched = altered.flatMap((part) => part.touched);
  const { name, schema = context.server.defaultSchema ?? "public" } = collation;
  const hasDependents = isUsed(collation, database);
  const rename = (from: string, to: string): string =>
    `ALTER COLLATION ${objectPath(inSchemaOf(collation, from), context.server)} RENAME TO ${quote(to)}`;
  const made = [rename(name, OLD), ...create];
  const statements: readonly (string | Statement)[] = [
    // what is put aside says the collation by the name that it has at that moment
    ...(retyped.length === 0
      ? []
      : [...made, ...retyped.flat(), rename(name, NEW), rename(OLD, name)]),
    ...(hasDependents ? [putAsideOnCollation({ schema, name }, touched)] : []),
    ...(retyped.length === 0 ? made : [rename(name, OLD), rename(NEW, name)]),
    ...altered.flatMap(({ parts }) => parts.flat()),
    ...(hasDependents ? [takeBackOn("columns")] : []),
    `DROP COLLATION ${old}`,
  ];
  return statements.map((sql) => (typeof sql === "string" ? { sql } : sql));
}
