import { walkEach } from "./walk.ts";
import {
  materializedView,
  schemaComment,
  sql,
  statistics,
  t,
  table,
  view,
} from "../../src/schema/index.ts";

const computed = (from: string) => t.text().generatedAs(sql`upper(${sql.identifier(from)})`);
type Column = ReturnType<typeof t.varchar | typeof computed>;

const places = (city: Column = t.text(), more: Readonly<Record<string, Column>> = {}) =>
  table("places", { id: t.integer().primaryKey(), city, zip: t.text(), ...more });
const cities = materializedView("cities", { query: sql`SELECT city, zip FROM places` });
const grouped = materializedView("cities", {
  query: sql`SELECT city, max(zip) AS zip FROM places GROUP BY city`,
});
const onCity = statistics("on_city", {
  table: "places",
  kinds: ["ndistinct"],
  elements: ["zip", "city", sql`lower(city)`],
  target: 50,
  comment: "city and zip",
});

walkEach(
  "extended statistics and comments of schemas",
  {
    "kinds, elements, target and comment": [
      [places(), statistics("s", { table: "places", elements: ["zip", "city"] })],
      [
        places(),
        statistics("s", {
          table: "places",
          kinds: ["mcv", "dependencies"],
          elements: ["city", sql`(lower( zip ))`],
          target: 0,
        }),
      ],
      [
        places(),
        statistics("s", {
          table: "places",
          kinds: ["mcv", "dependencies", "ndistinct"],
          elements: [sql`length(city) + 1`, "zip"],
          target: 10000,
          comment: "it's long",
        }),
      ],
      [places(), statistics("s", { table: "places", elements: [sql`upper(city)`], target: -1 })],
      [places()],
      [],
    ],
    "a column's type, and a column that is made anew": [
      [places(), onCity],
      [places(t.varchar(80)), onCity],
      [places(t.varchar(80), { upper: t.text() }), onCity],
      [
        places(t.text(), { upper: computed("zip") }),
        onCity,
        statistics("on_upper", { table: "places", elements: ["upper", "zip"], target: 7 }),
      ],
      [
        places(t.text(), { upper: computed("city") }),
        onCity,
        statistics("on_upper", { table: "places", elements: ["upper", "zip"], target: 7 }),
      ],
      [places(t.varchar(20), { upper: t.text() })],
    ],
    "columns that come and go": [
      [places(t.text(), { old: t.text() }), onStatistics("city", "old")],
      [places(t.text(), { fresh: t.text() }), onStatistics("city", "fresh")],
      [places()],
    ],
    "a materialised view that is made anew": [
      [places(), cities, statistics("on_view", { table: "cities", elements: ["city", "zip"] })],
      [places(), grouped, statistics("on_view", { table: "cities", elements: ["city", "zip"] })],
      [
        places(t.varchar(90)),
        grouped,
        statistics("on_view", { table: "cities", elements: [sql`length(city)`], target: 3 }),
      ],
      [places(), view("cities", { query: sql`SELECT city FROM places` })],
    ],
    "in another schema": [
      [
        table("odd", { a: t.integer(), b: t.integer() }, { schema: "app" }),
        statistics("s", { schema: "app", table: "odd", elements: ["a", "b"] }),
        schemaComment("app", { comment: "what's in it" }),
      ],
      [
        table("odd", { a: t.bigint(), b: t.integer() }, { schema: "app" }),
        statistics("s", { schema: "app", table: "odd", elements: ["a", "b", sql`a / 2`] }),
        schemaComment("app", { comment: "other words" }),
        schemaComment("public", { comment: "ours" }),
      ],
      [
        table("odd", { a: t.bigint(), b: t.integer() }, { schema: "app" }),
        schemaComment("public", { comment: "standard public schema" }),
      ],
      [places(), schemaComment("app", { comment: "" })],
    ],
  },
  ["app"],
);

function onStatistics(...elements: readonly string[]) {
  return statistics("s", { table: "places", elements });
}
