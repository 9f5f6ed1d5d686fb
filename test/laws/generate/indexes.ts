import type { Column, Index, IndexElement, Table } from "../../../src/schema/index.ts";
import type { Choices } from "./choices.ts";
import { isMysql, type Kind } from "./kinds.ts";
import { named, someComment, type Surroundings } from "./surroundings.ts";
import { familyOf, isKeyable, longestPrefix } from "./types.ts";
import { someIndexExpression, somePredicate } from "./values.ts";

function element(choices: Choices, kind: Kind, column: Column): IndexElement {
  const base = { column: column.name };
  const order = choices.chance(20) ? { order: "desc" as const } : {};
  if (kind === "postgresql") {
    if (choices.chance(10))
      return { ...base, ...order, nulls: order.order === "desc" ? "last" : "first" };
    if (column.type.name === "text" && choices.chance(15))
      return { ...base, operatorClass: "text_pattern_ops" };
    if (familyOf(column.type) === "string" && choices.chance(10))
      return { ...base, collation: "C", ...order };
  }
  if (kind === "sqlite" && familyOf(column.type) === "string" && choices.chance(15))
    return { ...base, collation: "NOCASE", ...order };
  if (
    isMysql(kind) &&
    familyOf(column.type) === "string" &&
    (!isKeyable(kind, column.type) || choices.chance(15))
  ) {
    const longest = longestPrefix(column.type);
    if (longest > 3 || !isKeyable(kind, column.type))
      return { ...base, length: Math.min(3, longest), ...order };
  }
  return { ...base, ...order };
}

function specialIndex(
  choices: Choices,
  around: Surroundings,
  table: Table,
  name: string,
): Index | undefined {
  const { kind } = around;
  const column = choices.pick(table.columns.filter((item) => item.computed === undefined));
  if (column === undefined) return undefined;
  const family = familyOf(column.type);
  if (isMysql(kind))
    return family === "string" && column.type.name !== "char"
      ? {
          name,
          elements: [{ column: column.name }],
          method: "fulltext",
          ...(kind === "mysql" && choices.chance(30) ? { options: { parser: "ngram" } } : {}),
        }
      : undefined;
  if (kind !== "postgresql") return undefined;
  const methods = [
    ...(family === "range" ? ["gist"] : []),
    ...(column.type.name === "jsonb" || family === "array" ? ["gin"] : []),
    ...(["int", "string", "uuid", "date"].includes(family) ? ["hash"] : []),
    ...(["int", "date", "timestamp"].includes(family) ? ["brin"] : []),
  ];
  const method = choices.pick(methods);
  return method === undefined ? undefined : { name, elements: [{ column: column.name }], method };
}

export function someIndex(choices: Choices, around: Surroundings, table: Table): Index | undefined {
  const { kind } = around;
  const name = named(choices, around, "ix_");
  if (choices.chance(15)) {
    const special = specialIndex(choices, around, table, name);
    if (special !== undefined) return special;
  }
  const usable = table.columns.filter(
    (column) =>
      isKeyable(kind, column.type) || (isMysql(kind) && familyOf(column.type) === "string"),
  );
  const columns = choices.some(usable, 1, 3);
  const [first] = columns;
  if (first === undefined) return undefined;
  const elements: IndexElement[] = columns.map((column) => element(choices, kind, column));
  if (kind !== "mariadb" && choices.chance(15) && first.computed === undefined) {
    const found = someIndexExpression(choices, kind, first.name, first.type);
    if (found !== undefined && !(kind === "mysql" && !isKeyable(kind, first.type)))
      elements[0] = { expression: found };
  }
  const plain = elements.every((item) => item.expression === undefined);
  const unique = choices.chance(20) ? { unique: true } : {};
  const partial =
    !isMysql(kind) && choices.chance(20) && first.computed === undefined
      ? { where: somePredicate(choices, first.name, first.type) }
      : {};
  const others = table.columns.filter(
    (column) => !columns.includes(column) && column.computed === undefined,
  );
  const include =
    kind === "postgresql" && choices.chance(8)
      ? choices.some(others, 0, 1).map((column) => column.name)
      : [];
  return {
    name,
    elements,
    ...unique,
    ...partial,
    ...(include.length === 0 ? {} : { include }),
    ...(kind === "postgresql" && choices.chance(5) ? { options: { fillfactor: 70 } } : {}),
    ...(kind !== "sqlite" && choices.chance(8) ? { comment: someComment(choices) } : {}),
    ...(isMysql(kind) && plain && choices.chance(8) ? { invisible: true } : {}),
  };
}
