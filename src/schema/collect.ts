import {
  DECLARATION,
  isColumnBuilder,
  type ColumnDeclaration,
  type ReferenceTarget,
} from "./column.ts";
import { objectKey } from "./objects/declare.ts";
import { allColumns, type FindTable } from "./parents.ts";
import type { OpenObject } from "./objects/types.ts";
import type { PendingForeignKey, TableItem } from "./items.ts";
import { conventionName } from "./naming.ts";
import { TABLE, type DeclaresTable, type TableDeclaration } from "./table.ts";
import type {
  CheckConstraint,
  Column,
  Constraint,
  EnumType,
  ForeignKey,
  Index,
  MetaData,
  NamingConvention,
  PrimaryKey,
  Table,
  TableName,
  UniqueConstraint,
} from "./types.ts";
import { RevlineError } from "../errors.ts";
import { omit } from "../util/equal.ts";

/** A table's name for people, and as a key: `schema.name`. */
export function qualifiedName(table: TableName): string {
  return table.schema === undefined ? table.name : `${table.schema}.${table.name}`;
}

/** A key that no two tables share, whatever dots their names have. */
export function tableKey(table: TableName): string {
  return JSON.stringify([table.schema ?? null, table.name]);
}

/** Where a table or type is, without all else it holds; no key for the default schema. */
export function nameOnly({
  schema,
  name,
}: {
  readonly schema?: string | undefined;
  readonly name: string;
}): TableName {
  return schema === undefined ? { name } : { schema, name };
}

export function sameTable(a: TableName, b: TableName): boolean {
  return a.name === b.name && a.schema === b.schema;
}

interface Target extends TableName {
  readonly column: string;
}

/** `"table.column"` or `"schema.table.column"`; with no dot, the column of the same name is not guessed. */
function parseTarget(target: string, from: string): Target {
  const pieces = target.split(".");
  const [first, second, third] = pieces;
  if (pieces.length === 2 && first && second) return { name: first, column: second };
  if (pieces.length === 3 && first && second && third)
    return { schema: first, name: second, column: third };
  throw new RevlineError("model-invalid", `The foreign key of ${from} points to "${target}".`, {
    hint: 'Write "table.column" or "schema.table.column", or () => table.column for names with dots.',
  });
}

function resolveTarget(target: ReferenceTarget, from: string): Target {
  if (typeof target === "string") return parseTarget(target, from);
  if (typeof target === "object") {
    const { schema, table: name, column } = target;
    return schema === undefined ? { name, column } : { schema, name, column };
  }
  const column = target();
  if (!isColumnBuilder(column)) {
    throw new RevlineError(
      "unknown-column",
      `The foreign key of ${from} points to a column that is not declared.`,
      {
        hint: "Check the name behind the arrow of references(() => …).",
      },
    );
  }
  const owner = column.owner();
  return {
    ...(owner.schema === undefined ? {} : { schema: owner.schema }),
    name: owner.table,
    column: owner.column,
  };
}

/** A foreign key with its target's names. @throws RevlineError model-invalid, unknown-column */
export function resolveForeignKey(pending: PendingForeignKey, from: string): ForeignKey {
  const { targets, kind: _, ...rest } = pending;
  const resolved = targets.map((target) => resolveTarget(target, from));
  const [first] = resolved;
  if (
    first === undefined ||
    !resolved.every((target) => sameTable(target, first)) ||
    resolved.length !== rest.columns.length
  ) {
    throw new RevlineError(
      "model-invalid",
      `The foreign key of ${from} must point to as many columns of one table as it has.`,
      {
        hint: "Give foreignKey() two lists of the same length.",
      },
    );
  }
  const { column: _column, ...table } = first;
  return {
    ...rest,
    kind: "foreignKey",
    references: { ...table, columns: resolved.map((target) => target.column) },
  };
}

function columnItems(
  name: string,
  declared: ColumnDeclaration,
  table: string,
): { constraints: readonly Constraint[]; indexes: readonly Index[] } {
  const { unique, index, references, checks = [] } = declared;
  const constraints: Constraint[] = [];
  if (unique !== undefined)
    constraints.push({ kind: "unique", columns: [name], ...unique } satisfies UniqueConstraint);
  if (references !== undefined) {
    const { target, options } = references;
    constraints.push(
      resolveForeignKey(
        { kind: "pendingForeignKey", columns: [name], targets: [target], ...options },
        `${table}.${name}`,
      ),
    );
  }
  for (const given of checks)
    constraints.push({ kind: "check", ...given } satisfies CheckConstraint);
  return {
    constraints,
    indexes: index === undefined ? [] : [{ ...index, elements: [{ column: name }] }],
  };
}

function resolveItem(item: TableItem, table: string): Constraint | Index {
  if (item.item === "index") return item.index;
  return item.constraint.kind === "pendingForeignKey"
    ? resolveForeignKey(item.constraint, table)
    : item.constraint;
}

function withName<T extends Constraint | Index>(
  table: Table,
  item: T,
  convention: NamingConvention,
): T {
  const name = conventionName(table, item, convention);
  return name === undefined || name === item.name ? item : { ...item, name };
}

/**
 * A declaration as plain data: references resolved, names by convention.
 *
 * @throws RevlineError model-invalid, duplicate-column, unknown-column
 */
export function tableOf(declaration: TableDeclaration, convention: NamingConvention = {}): Table {
  const label = qualifiedName({
    name: declaration.name,
    ...(declaration.schema === undefined ? {} : { schema: declaration.schema }),
  });
  const columns: Column[] = [];
  const keyColumns: { name: string; key: { readonly name?: string } }[] = [];
  const constraints: Constraint[] = [];
  const indexes: Index[] = [];
  for (const builder of declaration.columns) {
    const { column: name } = builder.owner();
    const declared = builder[DECLARATION];
    if (columns.some((column) => column.name === name)) {
      throw new RevlineError(
        "duplicate-column",
        `Table "${label}" has two columns named "${name}".`,
        {
          hint: "Rename one of them.",
        },
      );
    }
    columns.push({ name, ...declared.column });
    if (declared.primaryKey !== undefined) keyColumns.push({ name, key: declared.primaryKey });
    const items = columnItems(name, declared, label);
    constraints.push(...items.constraints);
    indexes.push(...items.indexes);
  }
  if (keyColumns.length > 0) {
    const name = keyColumns.find(({ key }) => key.name !== undefined)?.key.name;
    const key: PrimaryKey = {
      kind: "primaryKey",
      columns: keyColumns.map((column) => column.name),
    };
    constraints.unshift(name === undefined ? key : { ...key, name });
  }
  for (const item of declaration.items()) {
    const resolved = resolveItem(item, label);
    if ("kind" in resolved) constraints.push(resolved);
    else indexes.push(resolved);
  }
  const keys = constraints.filter((constraint) => constraint.kind === "primaryKey");
  if (keys.length > 1) {
    throw new RevlineError("model-invalid", `Table "${label}" has two primary keys.`, {
      hint: "Use either .primaryKey() on columns or primaryKey(…) in `with`.",
    });
  }
  const inKey = new Set(keys.flatMap((key) => key.columns));
  const bare: Table = {
    ...(declaration.schema === undefined ? {} : { schema: declaration.schema }),
    name: declaration.name,
    columns: columns.map((column) =>
      inKey.has(column.name) ? { ...column, nullable: false } : column,
    ),
    constraints: [...keys, ...constraints.filter((constraint) => constraint.kind !== "primaryKey")],
    indexes,
    ...(declaration.comment === undefined ? {} : { comment: declaration.comment }),
    ...(Object.keys(declaration.options).length === 0 ? {} : { options: declaration.options }),
  };
  return {
    ...bare,
    constraints: bare.constraints.map((item) => withName(bare, item, convention)),
    indexes: bare.indexes.map((item) => withName(bare, item, convention)),
  };
}

function enumsIn(tables: readonly Table[]): readonly EnumType[] {
  return tables.flatMap((table) =>
    table.columns.flatMap(({ type }): EnumType[] => {
      const element = type.name === "array" ? type.element : type;
      if (element.name !== "enum" || element.enumName === undefined) return [];
      const schema = element.schema === undefined ? {} : { schema: element.schema };
      return [{ kind: "enum", name: element.enumName, values: element.values, ...schema }];
    }),
  );
}

/**
 * All declarations as one MetaData, checked: no table twice, every foreign key points to a table and
 * columns that are there.
 *
 * @throws RevlineError duplicate-table, unknown-table, unknown-column, duplicate-name
 */
export function collect(
  declarations: readonly DeclaresTable[],
  enums: readonly EnumType[] = [],
  convention: NamingConvention = {},
  others: readonly OpenObject[] = [],
): MetaData {
  const tables = new Map<string, Table>();
  for (const { [TABLE]: declaration } of declarations) {
    const table = tableOf(declaration, convention);
    if (tables.has(tableKey(table))) {
      throw new RevlineError(
        "duplicate-table",
        `Table "${qualifiedName(table)}" is declared twice.`,
        {
          hint: "Give one of them another name, or export it once.",
        },
      );
    }
    tables.set(tableKey(table), table);
  }
  for (const table of tables.values()) {
    checkOwnColumns(table, (name) => tables.get(tableKey(name)));
    checkReferences(table, tables);
  }
  const objects = new Map<string, EnumType>();
  for (const given of [...enums, ...enumsIn([...tables.values()])]) {
    const known = objects.get(tableKey(given));
    if (known !== undefined && known.values.join("\0") !== given.values.join("\0")) {
      throw new RevlineError(
        "duplicate-name",
        `Enum "${qualifiedName(given)}" is declared twice with different values.`,
        {
          hint: "Declare it once with enumType() and use that value everywhere.",
        },
      );
    }
    if (known === undefined) objects.set(tableKey(given), given);
  }
  const open = new Map<string, OpenObject>();
  for (const object of others) {
    const key = objectKey(object.kind, object);
    if (open.has(key)) {
      throw new RevlineError(
        "duplicate-name",
        `The ${object.kind} "${qualifiedName(object)}" is declared twice.`,
        { hint: "Give one of them another name, or export it once." },
      );
    }
    open.set(key, object);
  }
  const schemas = [...tables.values(), ...objects.values(), ...open.values()].flatMap(
    ({ schema }) => schema ?? [],
  );
  return {
    tables: [...tables.values()].map(withoutMarks),
    objects: [...objects.values(), ...open.values()],
    schemas: [...new Set(schemas)].toSorted(),
    skipped: [],
  };
}

/** @throws RevlineError unknown-column, model-invalid when a constraint or index names what the table has not */
export function checkOwnColumns(table: Table, find: FindTable = () => undefined): void {
  const label = qualifiedName(table);
  const known = allColumns(table, find);
  const names = new Set((known ?? table.columns).map((column) => column.name));
  const mustHave = (columns: readonly string[], what: string): void => {
    const missing = columns.find((column) => !names.has(column));
    // a parent that is not at hand may have it
    if (missing === undefined || known === undefined) return;
    throw new RevlineError(
      "unknown-column",
      `${what} of table "${label}" names column "${missing}", which the table does not have.`,
      {
        hint: `Columns of "${label}": ${[...names].join(", ")}.`,
      },
    );
  };
  for (const index of table.indexes) {
    mustHave(
      index.elements.flatMap((element) => element.column ?? []),
      `Index "${index.name ?? ""}"`,
    );
    if (index.elements.length === 0) {
      throw new RevlineError(
        "model-invalid",
        `Index "${index.name ?? ""}" of table "${label}" has no columns.`,
        {
          hint: "Add .on(…) with at least one column or expression.",
        },
      );
    }
  }
  for (const constraint of table.constraints) {
    if ("columns" in constraint) mustHave(constraint.columns, "A constraint");
  }
}

/** A table whose foreign keys are known to be sound: whether one is external has been asked by then. */
function withoutMarks(table: Table): Table {
  const constraints = table.constraints.map((constraint) =>
    constraint.kind === "foreignKey" ? omit(constraint, "external") : constraint,
  );
  return { ...table, constraints };
}

function checkReferences(table: Table, tables: ReadonlyMap<string, Table>): void {
  const label = qualifiedName(table);
  for (const { references, external } of table.constraints.filter(
    (constraint) => constraint.kind === "foreignKey",
  )) {
    const target = tables.get(tableKey(references));
    if (target === undefined) {
      if (external === true) continue;
      throw new RevlineError(
        "unknown-table",
        `A foreign key of table "${label}" points to table "${qualifiedName(references)}", which is not in the models.`,
        {
          hint: "Export that table from the models, correct the name, or say `external: true` of a key to a table that is not yours.",
        },
      );
    }
    const columns = allColumns(target, (name) => tables.get(tableKey(name)));
    const missing = references.columns.find(
      (column) => columns?.every(({ name }) => name !== column) === true,
    );
    if (missing !== undefined) {
      throw new RevlineError(
        "unknown-column",
        `A foreign key of table "${label}" points to column "${missing}", which table "${qualifiedName(target)}" does not have.`,
        {
          hint: `Columns of "${qualifiedName(target)}": ${target.columns.map(({ name }) => name).join(", ")}.`,
        },
      );
    }
  }
}
