import {
  functionOf,
  policyOf,
  sql,
  text,
  triggerOf,
  type Column,
  type Expression,
  type MetaData,
  type Options,
  type Policy,
  type Table,
  type Trigger,
} from "../../../../src/schema/index.ts";
import { keyed, type Maker } from "./both-sides.ts";
import type { Choices } from "../choices.ts";
import { putTable } from "../edit.ts";
import { someComment, takenNames } from "../surroundings.ts";
import { someCheck } from "../values.ts";

/** Where a table is, for what stands on it. */
export const schemaOf = ({ schema }: Table): { schema?: string } =>
  schema === undefined ? {} : { schema };

function withOptions(table: Table, more: Options): Table {
  return {
    ...table,
    options: { ...table.options, postgresql: { ...table.options?.postgresql, ...more } },
  };
}

/** A condition over a column of the table that is no computed one. */
function condition(choices: Choices, table: Table): Expression {
  const column: Column | undefined = choices.pick(
    table.columns.filter(({ computed }) => computed === undefined),
  );
  return column === undefined
    ? sql`true`
    : someCheck(choices, "postgresql", column.name, column.type);
}

function somePolicy(choices: Choices, name: string, table: Table): Policy {
  const command = choices.one([
    undefined,
    undefined,
    "select",
    "insert",
    "update",
    "delete",
  ] as const);
  const reads = command !== "insert" && choices.chance(80);
  const writes = command !== "select" && command !== "delete" && choices.chance(40);
  return policyOf(name, {
    ...schemaOf(table),
    table: table.name,
    ...(command === undefined ? {} : { command }),
    ...(choices.chance(20) ? { restrictive: true } : {}),
    ...(choices.chance(25) ? { roles: ["pg_monitor"] } : {}),
    ...(reads ? { using: condition(choices, table) } : {}),
    ...(writes ? { withCheck: condition(choices, table) } : {}),
    ...(choices.chance(15) ? { comment: someComment(choices) } : {}),
  });
}

/** Row security of PostgreSQL: a table that has it, and a policy. */
export const policies: Maker = {
  kinds: ["postgresql"],
  put: (choices, metadata, _kind, at) => {
    const table = keyed(choices.next(), metadata.tables);
    if (table === undefined) return metadata;
    const security = choices.one<Options>([
      { rowSecurity: true },
      { rowSecurity: true, forceRowSecurity: true },
      {},
    ]);
    const policy = somePolicy(choices, `policy ${String(at)}`, table);
    return {
      ...putTable(metadata, withOptions(table, security)),
      objects: [...metadata.objects, policy],
    };
  },
};

function someTrigger(choices: Choices, name: string, called: string, table: Table): Trigger {
  const timing = choices.one(["before", "after"] as const);
  const forEach = choices.chance(25) ? { forEach: "statement" as const } : {};
  const events = choices.one<Trigger["events"]>([
    ["update"],
    ["insert"],
    ["insert", "update"],
    ["delete"],
  ]);
  const column = choices.pick(table.columns);
  const isOf = events.some((event) => event === "update") && choices.chance(40);
  const compared = choices.pick(table.columns.filter(({ computed }) => computed === undefined));
  const when =
    forEach.forEach === undefined && compared !== undefined && choices.chance(30)
      ? sql`${sql.identifier(events.some((event) => event === "delete") ? "old" : "new", compared.name)} IS NOT NULL`
      : undefined;
  const enabled = choices.one([undefined, undefined, "disabled", "always", "replica"] as const);
  return triggerOf(name, {
    ...schemaOf(table),
    table: table.name,
    timing,
    events,
    ...forEach,
    ...(isOf && column !== undefined ? { columns: [column.name] } : {}),
    ...(when === undefined ? {} : { when }),
    ...(enabled === undefined ? {} : { enabled }),
    execute: sql`${sql.identifier(called)}()`,
    ...(choices.chance(15) ? { comment: someComment(choices) } : {}),
  });
}

/** Triggers of PostgreSQL, each with its function. */
export const triggers: Maker = {
  kinds: ["postgresql"],
  put: (choices, metadata, _kind, at): MetaData => {
    const name = `touch_${String(at)}`;
    const table = keyed(choices.next(), metadata.tables);
    if (table === undefined || takenNames(metadata).has(name)) return metadata;
    const body = choices.one(["BEGIN RETURN NEW; END", "BEGIN\n  RETURN coalesce(NEW, OLD);\nEND"]);
    const called = functionOf(name, {
      returns: "trigger",
      language: "plpgsql",
      body: text(body),
      ...(choices.chance(20) ? { comment: someComment(choices) } : {}),
    });
    const trigger = someTrigger(choices, `trigger ${String(at)}`, name, table);
    return { ...metadata, objects: [...metadata.objects, called, trigger] };
  },
};
