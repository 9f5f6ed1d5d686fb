import {
  domainOf,
  sql,
  userTypeOf,
  type Column,
  type Domain,
  type DomainCheck,
  type Expression,
} from "../../../../src/schema/index.ts";
import { hasColumn, keyed, type Maker } from "./both-sides.ts";
import type { Choices } from "../choices.ts";
import { putTable } from "../edit.ts";
import { someComment, takenNames } from "../surroundings.ts";

interface Base {
  readonly type: string;
  /** Every value of the laws meets them. */
  readonly conditions: readonly [Expression, ...Expression[]];
  readonly defaults: readonly [Expression, ...Expression[]];
  readonly collation?: string;
}

const BASES: readonly [Base, ...Base[]] = [
  {
    type: "text",
    conditions: [
      sql`length(VALUE) > 0`,
      sql`VALUE <> ${"it's"}`,
      sql`VALUE NOT IN (${"zz"}, ${"yy"})`,
    ],
    defaults: [sql`${"x"}`, sql`${"it''s"}`, sql`lower('A')`],
    collation: "C",
  },
  {
    type: "integer",
    conditions: [sql`VALUE > -99`, sql`VALUE <> 77`, sql`VALUE BETWEEN -5 AND 99999`],
    defaults: [sql`${1}`, sql`1 + 2`],
  },
  {
    type: "numeric(10,2)",
    conditions: [sql`VALUE >= 0`, sql`VALUE <> 77.25`],
    defaults: [sql`${1.5}`, sql`'2.50'`],
  },
  {
    type: "character varying(20)",
    conditions: [sql`VALUE <> ${"zz"}`, sql`char_length(VALUE) < 20`],
    defaults: [sql`${"x"}`],
  },
];

function checksOf(choices: Choices, name: string, { conditions }: Base): readonly DomainCheck[] {
  return choices.some(["one", "two"], 0, 2).map((word) => ({
    name: `${name} ${word}`,
    expression: choices.one(conditions),
    ...(choices.chance(15) ? { notValid: true } : {}),
  }));
}

function someDomain(choices: Choices, name: string, base: Base): Domain {
  const given = choices.chance(50) ? { default: choices.one(base.defaults) } : {};
  // a column that comes while there are rows needs a value
  const isStrict = given.default !== undefined && choices.chance(40);
  const checks = checksOf(choices, name, base);
  const collation = choices.chance(15) ? base.collation : undefined;
  return domainOf(name, {
    baseType: base.type,
    ...given,
    ...(isStrict ? { notNull: true } : {}),
    ...(checks.length === 0 ? {} : { checks }),
    ...(collation === undefined ? {} : { collation }),
    ...(choices.chance(20) ? { comment: someComment(choices) } : {}),
  });
}

/** Domains of PostgreSQL with a column of each. */
export const domains: Maker = {
  kinds: ["postgresql"],
  put: (choices, metadata, _kind, at) => {
    const name = `dom_${String(at + 1)}`;
    if (takenNames(metadata).has(name)) return metadata;
    const table = keyed(choices.next(), metadata.tables);
    const base = choices.one(BASES);
    const isList = choices.chance(20);
    const domain = someDomain(choices, name, base);
    const whole = { ...metadata, objects: [...metadata.objects, domain] };
    if (table === undefined || hasColumn(table, `of ${name}`)) return whole;
    const type = userTypeOf(domain);
    const column: Column = {
      name: `of ${name}`,
      type: isList ? { name: "raw", sql: `${type.sql}[]` } : type,
      nullable: true,
      ...(choices.chance(25) && !isList
        ? { default: { expression: choices.one(base.defaults) } }
        : {}),
    };
    return putTable(whole, { ...table, columns: [...table.columns, column] });
  },
};
