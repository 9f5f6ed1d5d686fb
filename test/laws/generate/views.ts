import {
  materializedViewOf,
  sql,
  viewOf,
  type Index,
  type MaterializedView,
  type MetaData,
  type Table,
  type View,
} from "../../../src/schema/index.ts";
import { Choices } from "./choices.ts";
import type { Kind } from "./kinds.ts";
import { pickBy, someQuery, type Query, type Source } from "./queries.ts";
import { someComment, takenNames } from "./surroundings.ts";
import { familyOf, isKeyable } from "./types.ts";

type Numbers = readonly number[];
type AnyView = View | MaterializedView;

/** How many numbers make one view; both sides have theirs, and one more says on which side it is. */
const NUMBERS = 12;
/** How long the list of a view's numbers is. */
export const VIEW_NUMBERS = 2 * NUMBERS + 1;

const keyOf = ({ schema, name }: Pick<Table, "schema" | "name">): string =>
  `${schema ?? ""}.${name}`;

function sourceOf(known: Table, named: Table): Source {
  const columns = known.columns.map(({ name, type }, at) => ({
    key: name,
    name: named.columns[at]?.name ?? name,
    type,
  }));
  return {
    key: keyOf(known),
    keepsOrder:
      known.columns.every(({ computed }) => computed === undefined) &&
      // what comes to an heir later, its own columns are before
      known.options?.postgresql?.["inherits"] === undefined,
    updatable: true,
    populated: true,
    path: [...(named.schema === undefined ? [] : [named.schema]), named.name],
    columns,
    visible: columns.filter((_, at) => known.columns[at]?.invisible !== true),
  };
}

/** What PostgreSQL knows of a view beside its query. */
function withAttributes(choices: Choices, view: View, { columns, updatable }: Query): View {
  const [column, text] = [
    choices.pick(columns),
    choices.pick(columns.filter(({ type }) => familyOf(type) === "string")),
  ];
  const barrier = choices.chance(15) ? { security_barrier: true } : {};
  const checked = updatable && choices.chance(15) ? { check_option: "local" } : {};
  const options = { ...barrier, ...checked };
  return {
    ...view,
    ...(choices.chance(15) ? { comment: someComment(choices) } : {}),
    ...(choices.chance(15) && column !== undefined
      ? { columnComments: { [column.name]: someComment(choices) } }
      : {}),
    ...(choices.chance(15) && text !== undefined
      ? { defaults: { [text.name]: sql`${"it's"}` } }
      : {}),
    ...(Object.keys(options).length === 0 ? {} : { options: { postgresql: options } }),
  };
}

function materialized(choices: Choices, name: string, query: Query, kind: Kind): MaterializedView {
  const column = pickBy(
    choices.next(),
    query.columns.filter(({ type }) => isKeyable(kind, type)),
  );
  const index: Index | undefined =
    column === undefined ? undefined : { name: `ix_${name}`, elements: [{ column: column.name }] };
  return materializedViewOf(name, {
    query: query.query,
    ...(index !== undefined && choices.chance(60) ? { indexes: [index] } : {}),
    ...(choices.chance(15) || !query.populated ? { populated: false } : {}),
    ...(choices.chance(15) ? { comment: someComment(choices) } : {}),
    ...(choices.chance(15) ? { options: { postgresql: { fillfactor: 70 } } } : {}),
  });
}

/** A view of one side, and what can be read of it by others. */
function someView(
  name: string,
  numbers: Numbers,
  kind: Kind,
  sources: readonly Source[],
): { readonly view: AnyView; readonly source: Source } | undefined {
  const choices = new Choices(numbers);
  const query = someQuery(choices, kind, sources);
  if (query === undefined) return undefined;
  const plain = viewOf(name, { query: query.query });
  const view =
    kind !== "postgresql"
      ? plain
      : choices.chance(25)
        ? materialized(choices, name, query, kind)
        : withAttributes(choices, plain, query);
  return {
    view,
    source: {
      key: keyOf({ name }),
      path: [name],
      columns: query.columns,
      visible: query.columns,
      keepsOrder: true,
      updatable: view.kind === "view" && query.updatable,
      populated: view.kind === "view" ? query.populated : view.populated !== false,
    },
  };
}

interface Sides {
  readonly before: MetaData;
  readonly after: MetaData;
}

/**
 * The views of both sides, over tables and over each other: they come, go, and change with the columns below.
 *
 * @param pair where a table has one name on both sides
 * @param named the same with B under its new names
 */
export function withViews(
  pair: Sides,
  given: readonly Numbers[],
  kind: Kind,
  named: Sides = pair,
): Sides {
  const taken = new Set(
    [named.before, named.after, pair.after].flatMap((metadata) => [...takenNames(metadata)]),
  );
  const sourcesOf = (side: "before" | "after"): Source[] =>
    pair[side].tables.map((table, at) => sourceOf(table, named[side].tables[at] ?? table));
  const sources = { before: sourcesOf("before"), after: sourcesOf("after") };
  const views: { before: AnyView[]; after: AnyView[] } = { before: [], after: [] };
  for (const [at, numbers] of given.entries()) {
    const name = `v_${String(at + 1)}`;
    if (taken.has(name) || taken.has(`ix_${name}`)) continue;
    const presence = numbers[2 * NUMBERS] ?? 0;
    const first = numbers.slice(0, NUMBERS);
    const second = numbers.slice(NUMBERS, 2 * NUMBERS);
    // the other side is alike, or has another query of the same source, or is another view
    const later =
      presence % 4 < 2
        ? first
        : presence % 4 === 2
          ? [...second.slice(0, 1), ...first.slice(1, 2), ...second.slice(2)]
          : second;
    const sides = presence % 5;
    for (const [side, own] of [
      ["before", first],
      ["after", later],
    ] as const) {
      if ((sides === 3 && side === "before") || (sides === 4 && side === "after")) continue;
      const found = someView(name, own, kind, sources[side]);
      if (found === undefined) continue;
      views[side].push(found.view);
      sources[side].push(found.source);
    }
  }
  return {
    before: { ...named.before, objects: [...named.before.objects, ...views.before] },
    after: { ...named.after, objects: [...named.after.objects, ...views.after] },
  };
}
