import {
  schemaCommentOf,
  statisticsOf,
  type Expression,
  type Statistics,
  type StatisticsKind,
  type Table,
} from "../../../../src/schema/index.ts";
import { keyed, type Maker } from "./both-sides.ts";
import { schemaOf } from "./on-tables.ts";
import type { Choices } from "../choices.ts";
import { someComment } from "../surroundings.ts";
import { isKeyable } from "../types.ts";
import { someIndexExpression, somePredicate } from "../values.ts";

const KINDS: readonly [StatisticsKind, ...StatisticsKind[]] = ["ndistinct", "dependencies", "mcv"];

function someExpression(choices: Choices, table: Table): Expression | undefined {
  const column = choices.pick(table.columns.filter(({ computed }) => computed === undefined));
  if (column === undefined) return undefined;
  return (
    someIndexExpression(choices, "postgresql", column.name, column.type) ??
    somePredicate(choices, column.name, column.type)
  );
}

function someElements(choices: Choices, table: Table): Statistics["elements"] {
  const names = table.columns
    .filter(({ type }) => isKeyable("postgresql", type))
    .map(({ name }) => name);
  const chosen = choices.some(names, 1, 3);
  const expression =
    chosen.length < 2 || choices.chance(30) ? someExpression(choices, table) : undefined;
  return [...chosen, ...(expression === undefined ? [] : [expression])];
}

/** Extended statistics of PostgreSQL. */
export const extendedStatistics: Maker = {
  kinds: ["postgresql"],
  put: (choices, metadata, _kind, at) => {
    const table = keyed(choices.next(), metadata.tables);
    if (table === undefined) return metadata;
    const elements = someElements(choices, table);
    const [first] = elements;
    // one column alone is known without
    if (first === undefined || (elements.length === 1 && typeof first === "string"))
      return metadata;
    const kinds = choices.some(KINDS, 1, 3);
    const made = statisticsOf(`statistics ${String(at)}`, {
      ...schemaOf(table),
      table: table.name,
      elements,
      ...(elements.length > 1 && choices.chance(40) ? { kinds } : {}),
      ...(choices.chance(40) ? { target: choices.one([0, 100, 10_000]) } : {}),
      ...(choices.chance(20) ? { comment: someComment(choices) } : {}),
    });
    return { ...metadata, objects: [...metadata.objects, made] };
  },
};

/** Comments of schemas in which something stands. */
export const schemaComments: Maker = {
  kinds: ["postgresql"],
  put: (choices, metadata) => {
    const schemas = new Set(metadata.tables.map(({ schema = "public" }) => schema));
    const name = choices.pick(["other", "public"].filter((known) => schemas.has(known)));
    const isSaid = metadata.objects.some(
      (object) => object.kind === "schemaComment" && object.name === name,
    );
    if (name === undefined || isSaid) return metadata;
    const comment = schemaCommentOf(name, { comment: someComment(choices) });
    return { ...metadata, objects: [...metadata.objects, comment] };
  },
};
