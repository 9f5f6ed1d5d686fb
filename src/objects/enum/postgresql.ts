import type { ObjectCompiler, ObjectContext } from "../contract.ts";
import { insertions } from "./values.ts";
import type { Statement } from "../../dialects/contract.ts";
import type { AlterEnum } from "../../operations/operation.ts";
import { usesValue } from "../../operations/used-values.ts";
import type { EnumType, TableName } from "../../schema/types.ts";
import { enumsOf } from "../../schema/objects/declare.ts";
import { nameOnly, sameTable } from "../../schema/collect.ts";
import { RevlineError } from "../../errors.ts";

function typeName(type: TableName, { dialect, state }: ObjectContext): string {
  const path = dialect.typePath?.(type, state.server);
  return (
    path ??
    (type.schema === undefined ? dialect.quote(type.name) : dialect.quote(type.schema, type.name))
  );
}

function create(type: EnumType, context: ObjectContext): string {
  return `CREATE TYPE ${typeName(type, context)} AS ENUM (${type.values.map((value) => context.dialect.literal(value)).join(", ")})`;
}

function comment(type: EnumType, context: ObjectContext): string {
  const words = hasComment(type) ? context.dialect.literal(type.comment ?? null) : "NULL";
  return `COMMENT ON TYPE ${typeName(type, context)} IS ${words}`;
}

function hasComment({ comment: words }: EnumType): boolean {
  return words !== undefined && words !== "";
}

/**
 * New values only: added in their places. Not where the same transaction uses one of them: the server
 * refuses that until the transaction has ended.
 */
function addValues({ from, to }: AlterEnum, context: ObjectContext): readonly string[] | undefined {
  const { dialect, state } = context;
  const added = insertions(from.values, to.values);
  const others = (state.operations ?? []).filter((operation) => operation.kind !== "alterEnum");
  if (added === undefined || added.some(({ value }) => usesValue(others, value))) return undefined;
  return added.map(({ value, place, neighbour }) => {
    const where = neighbour === undefined ? "" : ` ${place} ${dialect.literal(neighbour)}`;
    return `ALTER TYPE ${typeName(to, context)} ADD VALUE ${dialect.literal(value)}${where}`;
  });
}

async function replace(to: EnumType, context: ObjectContext): Promise<readonly Statement[]> {
  const { dialect, state } = context;
  if (dialect.replaceType === undefined) {
    throw new RevlineError("unsupported", `This database cannot change the enum "${to.name}".`);
  }
  const type: TableName = nameOnly(to);
  const statements = [create(to, context), ...(hasComment(to) ? [comment(to, context)] : [])];
  return dialect.replaceType({ type, create: statements }, state);
}

/** The new type has the old one's comment where the operation does not change it. */
async function withLiveComment(
  { from, to }: AlterEnum,
  { state }: ObjectContext,
): Promise<EnumType> {
  if ((from.comment ?? "") !== (to.comment ?? "") || hasComment(to)) return to;
  const { objects } = await state.reflect({ schemas: [to.schema] });
  const live = enumsOf(objects).find((type) => sameTable(type, to));
  return live?.comment === undefined ? to : { ...to, comment: live.comment };
}

export type EnumOperationKind = "createEnum" | "dropEnum" | "alterEnum" | "renameEnumValue";

export const postgresql: ObjectCompiler<EnumOperationKind> = {
  createEnum: ({ enum: type }, context) => [
    { sql: create(type, context) },
    ...(hasComment(type) ? [{ sql: comment(type, context) }] : []),
  ],
  dropEnum: ({ enum: type }, context) => [{ sql: `DROP TYPE ${typeName(type, context)}` }],
  alterEnum: async (operation, context) => {
    const { from, to } = operation;
    const added = addValues(operation, context);
    if (added === undefined) return replace(await withLiveComment(operation, context), context);
    const says = (from.comment ?? "") !== (to.comment ?? "");
    return [...added.map((sql) => ({ sql })), ...(says ? [{ sql: comment(to, context) }] : [])];
  },
  // since PostgreSQL 10
  renameEnumValue: ({ enum: type, from, to }, context) => [
    {
      sql: `ALTER TYPE ${typeName(type, context)} RENAME VALUE ${context.dialect.literal(from)} TO ${context.dialect.literal(to)}`,
    },
  ],
};
