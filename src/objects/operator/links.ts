/** Commutators and negators: the server keeps both ends of such a link, and unties the other where one goes. */
import type { AlterObject, Operation } from "../../operations/operation.ts";
import { operandTypes } from "../../schema/objects/operator.ts";
import type { ObjectName, Operator } from "../../schema/objects/types.ts";
import { deepEqual, omit } from "../../util/equal.ts";

export const LINKS = ["commutator", "negator"] as const;
export type Link = (typeof LINKS)[number];

/** A change of an operator as a whole. */
export interface OperatorChange {
  readonly from: Operator;
  readonly to: Operator;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}

/** The operator that a link names; absent: none. */
export function partnerOf(
  operator: Operator,
  link: Link,
  defaultSchema: string,
): Required<Pick<ObjectName, "schema" | "name" | "arguments">> | undefined {
  const said = operator[link];
  if (said === undefined) return undefined;
  const [, schema, name = said] = /^(.+)\.([^.]+)$/.exec(said) ?? [];
  const { left, right } = operator;
  return {
    schema: schema === undefined ? (operator.schema ?? defaultSchema) : unquoted(schema),
    name,
    arguments:
      link === "commutator" && left !== undefined
        ? operandTypes(right, left)
        : operandTypes(left, right),
  };
}

/** A key that no two operators share, whether the default schema is written out or not. */
export function operatorKey(
  { schema, name, arguments: types }: ObjectName,
  defaultSchema: string,
): string {
  return JSON.stringify([schema ?? defaultSchema, name, types]);
}

function isLinkOf(change: OperatorChange, link: Link): boolean {
  return change.from[link] !== change.to[link];
}

/** True where the partner comes with its own end of the link, or goes and so unties it. */
function isFollowed(
  { from, to }: OperatorChange,
  link: Link,
  operations: readonly Operation[],
  defaultSchema: string,
): boolean {
  if (from[link] !== undefined && to[link] !== undefined) return false;
  const partner = partnerOf(from, link, defaultSchema) ?? partnerOf(to, link, defaultSchema);
  if (partner === undefined) return true;
  const key = operatorKey(partner, defaultSchema);
  return operations.some((operation) => {
    if (to[link] === undefined)
      return (
        operation.kind === "dropObject" &&
        operation.type === "operator" &&
        operatorKey(operation.object, defaultSchema) === key
      );
    return (
      operation.kind === "createObject" &&
      operation.object.kind === "operator" &&
      operation.object[link] !== undefined &&
      operatorKey(operation.object, defaultSchema) === key
    );
  });
}

/** True where the operator may stay: the server changes its estimators in place, and links with their other ends. */
export function staysInPlace(
  change: OperatorChange,
  operations: readonly Operation[],
  defaultSchema: string,
): boolean {
  const [before, after] = [change.from, change.to].map((side) =>
    omit(side, "restrict", "join", "comment", ...LINKS),
  );
  return (
    deepEqual(before, after) &&
    LINKS.every(
      (link) => !isLinkOf(change, link) || isFollowed(change, link, operations, defaultSchema),
    )
  );
}

function operatorChange(operation: AlterObject): OperatorChange | undefined {
  const { from, to } = operation;
  return from.kind === "operator" && to.kind === "operator" ? { from, to } : undefined;
}

/**
 * The operators of a plan that are made anew with other links, where one of them gets another partner in the
 * place of an earlier one; none, where links but come or go.
 */
export function relinked(
  operations: readonly Operation[],
  defaultSchema: string,
): readonly OperatorChange[] {
  const changes = operations.flatMap((operation) => {
    const change = operation.kind === "alterObject" ? operatorChange(operation) : undefined;
    return change !== undefined &&
      LINKS.some((link) => isLinkOf(change, link)) &&
      !staysInPlace(change, operations, defaultSchema)
      ? [change]
      : [];
  });
  const isReplaced = ({ from, to }: OperatorChange): boolean =>
    LINKS.some(
      (link) => from[link] !== undefined && to[link] !== undefined && from[link] !== to[link],
    );
  return changes.some(isReplaced) ? changes : [];
}

/** The first operator that a plan makes or changes. */
export function firstMade(operations: readonly Operation[]): Operator | undefined {
  for (const operation of operations) {
    if (operation.kind === "createObject" && operation.object.kind === "operator")
      return operation.object;
    if (operation.kind === "alterObject" && operation.to.kind === "operator") return operation.to;
  }
  return undefined;
}
