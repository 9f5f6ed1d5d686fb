import { walkEach } from "./walk.ts";
import {
  exclude,
  index,
  sql,
  sqlFunction,
  t,
  table,
  type RoutineParameter,
} from "../../src/schema/index.ts";

/** A function that gets another signature, under all sorts of indexes. */
const indexed = (parameters: readonly RoutineParameter[]): readonly unknown[] => [
  sqlFunction("weigh", {
    parameters: [{ name: "n", type: "integer" }, ...parameters],
    returns: "integer",
    volatility: "immutable",
    body: sql`SELECT n + 1`,
  }),
  table(
    "goods",
    { size: t.integer().notNull() },
    {
      with: (c) => [
        exclude("goods_excl", sql`USING btree (weigh(size) WITH =)`, { deferrable: true }),
        index("goods_weighed")
          .on(sql`weigh(size)`)
          .options({ clustered: true }),
        index("goods_size")
          .on(c.size)
          .unique()
          .where(sql`weigh(size) > 0`),
      ],
    },
  ),
  table(
    "parted",
    { size: t.integer() },
    {
      with: () => [index("parted weighed").on(sql`weigh(size)`)],
      postgresql: { partitionBy: "RANGE (size)" },
    },
  ),
  table(
    "some",
    {},
    {
      with: () => [index("some_weighed").on(sql`weigh(size)`, sql`size`)],
      postgresql: { partitionOf: "parted", values: "FOR VALUES FROM (1) TO (9)" },
    },
  ),
  table("others", {}, { postgresql: { partitionOf: "parted", values: "DEFAULT" } }),
];

walkEach("what is put aside comes again", {
  "indexes of all sorts": [
    indexed([]),
    indexed([{ name: "more", type: "integer", default: sql`0` }]),
  ],
});
