import type { ObjectCompiler, ObjectContext } from "../contract.ts";
import { insertions, usesValue } from "./values.ts";
import type { Dialect, Statement } from "../../dialects/contract.ts";
import type { AlterEnum } from "../../operations/operation.ts";
import type { EnumType, TableName } from "../../schema/types.ts";
import { RevlineError } from "../../errors.ts";

function typeName({ schema, name }: TableName, { quote }: Dialect): string {
  return schema === undefined ? quote(name) : quote(schema, name);
}

function create(type: EnumType, dialect: Dialect): string {
  return `CREATE TYPE ${typeName(type, dialect)} AS ENUM (${type.values.map((value) => dialect.literal(value)).join(", ")})`;
}

function comment(type: EnumType, dialect: Dialect): string {
  const words = type.comment === undefined || type.comment === "" ? "NULL" : dialect.literal(type.comment);
  return `COMMENT ON TYPE ${typeName(type, dialect)} IS ${words}`;
}

function hasComment({ comment: words }: EnumType): boolean {
  return words !== undefined && words !== "";
}

/**
 * New values only: added in their places. Not where the same transaction uses one of them: the server
 * refuses that until the transaction has ended.
 */
function addValues({ from, to }: AlterEnum, { dialect, state }: ObjectContext): readonly string[] | undefined {
  const added = insertions(from.values, to.values);
  const others = (state.operations ?? []).filter((operation) => operation.kind !== "alterEnum");
  if (added === undefined || added.some(({ value }) => usesValue(others, value))) return undefined;
  return added.map(({ value, place, neighbour }) => {
    const where = neighbour === undefined ? "" : ` ${place} ${dialect.literal(neighbour)}`;
    return `ALTER TYPE ${typeName(to, dialect)} ADD VALUE ${dialect.literal(value)}${where}`;
  });
}

async function replace({ to }: AlterEnum, { dialect, state }: ObjectContext): Promise<readonly Statement[]> {
  if (dialect.replaceType === undefined) {
    throw new RevlineError("unsupported", `This database cannot change the enum "${to.name}".`);
  }
  const { kind: _, values: _values, comment: _comment, ...type } = to;
  return dialect.replaceType({ type, create: [create(to, dialect)] }, state);
}

export const postgresql: ObjectCompiler<"createEnum" | "dropEnum" | "alterEnum"> = {
  createEnum: ({ enum: type }, { dialect }) => [
    { sql: create(type, dialect) },
    ...(hasComment(type) ? [{ sql: comment(type, dialect) }] : []),
  ],
  dropEnum: ({ enum: type }, { dialect }) => [{ sql: `DROP TYPE ${typeName(type, dialect)}` }],
  alterEnum: async (operation, context) => {
    const { from, to } = operation;
    const added = addValues(operation, context);
    const statements = added === undefined ? await replace(operation, context) : added.map((sql) => ({ sql }));
    // a new type has lost the old one's comment
    const says = added === undefined ? hasComment(to) : (from.comment ?? "") !== (to.comment ?? "");
    return [...statements, ...(says ? [{ sql: comment(to, context.dialect) }] : [])];
  },
};
