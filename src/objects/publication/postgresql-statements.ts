/** The parts of the statements that make and change publications. */
import {
  columns as columnList,
  faithful,
  requireVersion,
} from "../../dialects/postgresql/compile.ts";
import { quote, quoteTable, quoteText } from "../../dialects/postgresql/spelling.ts";
import type { ServerInfo } from "../../dialects/contract.ts";
import { nameOnly } from "../../schema/collect.ts";
import { publishedBy, type Published } from "../../schema/objects/published.ts";
import type { Publication, PublishedAction, PublishedTable } from "../../schema/objects/types.ts";

/** All that can be published, in the catalog's order. */
export const ACTIONS: readonly PublishedAction[] = ["insert", "update", "delete", "truncate"];

/** @throws RevlineError unsupported */
export function checkVersion(
  publication: Publication,
  server: Pick<ServerInfo, "versionNumber">,
): void {
  const { name, viaPartitionRoot, generatedColumns } = publication;
  const { tables, schemas } = publishedBy(publication);
  const require = (version: number, isUsed: boolean, feature: string): void => {
    if (isUsed) requireVersion(server, version, `${feature} (publication "${name}")`);
  };
  require(130000, viaPartitionRoot === true, "Publishing via the partition root");
  require(150000, tables.some(({ columns }) => columns !== undefined), "A list of columns");
  require(150000, tables.some(({ where }) => where !== undefined), "A condition on rows");
  require(150000, schemas.length > 0, "TABLES IN SCHEMA");
  require(180000, generatedColumns !== undefined, "Publishing generated columns");
}

/** `ONLY`: tables that inherit are named themselves. */
function pathOf(table: PublishedTable): string {
  return `ONLY ${quoteTable(nameOnly(table))}`;
}

function memberOf(table: PublishedTable): string {
  const { columns, where } = table;
  return [
    pathOf(table),
    ...(columns === undefined ? [] : [columnList(columns)]),
    ...(where === undefined ? [] : [`WHERE (${faithful(where)})`]),
  ].join(" ");
}

function listed(
  { tables, schemas }: Published,
  say: (table: PublishedTable) => string,
): string | undefined {
  const parts = [
    ...(tables.length === 0 ? [] : [`TABLE ${tables.map(say).join(", ")}`]),
    ...schemas.map((schema) => `TABLES IN SCHEMA ${quote(schema)}`),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** Members as `CREATE … FOR` and `ALTER … ADD` take them. */
export function addMembers(published: Published): string | undefined {
  return listed(published, memberOf);
}

/** Members as `ALTER … DROP` takes them. */
export function dropMembers(published: Published): string | undefined {
  return listed(published, pathOf);
}

function publishText({ publish = ACTIONS }: Publication): string {
  return quoteText(ACTIONS.filter((action) => publish.includes(action)).join(", "));
}

/** The options that differ, as `WITH (…)` and `SET (…)` take them. */
export function setOptions(from: Publication, to: Publication): string | undefined {
  const options: readonly (readonly [string, (publication: Publication) => string])[] = [
    ["publish", publishText],
    ["publish_via_partition_root", ({ viaPartitionRoot }) => String(viaPartitionRoot === true)],
    ["publish_generated_columns", ({ generatedColumns = "none" }) => generatedColumns],
  ];
  const said = options.flatMap(([name, valueOf]) =>
    valueOf(from) === valueOf(to) ? [] : [`${name} = ${valueOf(to)}`],
  );
  return said.length === 0 ? undefined : said.join(", ");
}
