import {
  partsFor,
  type Constraint,
  type Expression,
  type Index,
} from "../../../src/schema/index.ts";
import type { Kind } from "./kinds.ts";

/** The columns that an expression names. */
export function uses(expression: Expression, kind: Kind): readonly string[] {
  return partsFor(expression, kind).flatMap((part) =>
    typeof part === "object" && "identifier" in part ? (part.identifier.at(-1) ?? []) : [],
  );
}

/** The columns that a constraint or an index names. */
export function columnsUsed(item: Constraint | Index, kind: Kind): readonly string[] {
  if (!("kind" in item)) {
    const parts = item.elements.flatMap(
      (element) =>
        element.column ?? (element.expression === undefined ? [] : uses(element.expression, kind)),
    );
    return [
      ...parts,
      ...(item.where === undefined ? [] : uses(item.where, kind)),
      ...(item.include ?? []),
    ];
  }
  if (item.kind === "check") return uses(item.expression, kind);
  if (item.kind === "exclude") return uses(item.definition, kind);
  return "include" in item ? [...item.columns, ...(item.include ?? [])] : item.columns;
}
