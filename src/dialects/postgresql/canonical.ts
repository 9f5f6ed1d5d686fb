import { withoutParentheses } from "./expression-text.ts";
import { storageOf } from "./column-storage.ts";
import { canonicalOptions, splitOptions } from "./options.ts";
import { impliedBounds, usualSequenceType } from "./sequence-bounds.ts";
import { render } from "./spelling.ts";
import { canonicalType } from "./types.ts";
import { canonicalPaths } from "./parentage.ts";
import { columnFor } from "../ddl.ts";
import { text, type Expression } from "../../schema/expression.ts";
import type {
  CheckConstraint,
  Column,
  ColumnType,
  Constraint,
  Deferrability,
  Identity,
  Index,
  IndexElement,
  Options,
  ServerDefault,
  Table,
  TableName,
} from "../../schema/types.ts";
import { omit } from "../../util/equal.ts";

/** An expression as one text, as reflection has it. */
export function canonicalExpression(expression: Expression): Expression {
  return text(withoutParentheses(render(expression)));
}

function canonicalIdentity(identity: Identity, type: Column["type"]): Identity {
  const { always, serial, increment = 1n, minValue, maxValue, start, cache, cycle } = identity;
  const implied = impliedBounds(type.name, increment < 0n);
  const first = increment < 0n ? (maxValue ?? implied.maximum) : (minValue ?? implied.minimum);
  return {
    ...(always === true && serial !== true ? { always } : {}),
    ...(serial === true ? { serial } : {}),
    ...(start === undefined || start === first ? {} : { start }),
    ...(increment === 1n ? {} : { increment }),
    ...(minValue === undefined || minValue === implied.minimum ? {} : { minValue }),
    ...(maxValue === undefined || maxValue === implied.maximum ? {} : { maxValue }),
    ...(cache === undefined || cache === 1n ? {} : { cache }),
    ...(cycle === true ? { cycle } : {}),
  };
}

/** What is text and may be empty: an empty comment is none. */
function words(comment: string | undefined): { comment?: string } {
  return comment === undefined || comment === "" ? {} : { comment };
}

/** PostgreSQL takes no number for a boolean, the other databases have nothing else. */
function ownValue<V extends string | number | bigint | boolean>(
  value: V,
  type: ColumnType,
): V | boolean {
  return type.name === "boolean" && typeof value !== "string" ? Boolean(value) : value;
}

/** `DEFAULT NULL` is no default, but where the type has a size: then the catalog keeps the cast to it. */
function isNoDefault(value: ServerDefault, type: ColumnType): boolean {
  const isSized =
    type.name === "char" || "length" in type || "precision" in type || type.name === "raw";
  return !isSized && "expression" in value && /^null$/i.test(render(value.expression).trim());
}

/** A column as PostgreSQL can have it: its own variant, types by their catalog names, nothing of other databases. */
export function canonicalColumn(given: Column): Column {
  const column = columnFor(given, "postgresql");
  const type = canonicalType(column.type);
  const {
    name,
    nullable,
    identity,
    computed,
    default: value,
    collation,
    comment,
    options,
  } = column;
  const sequence = options?.["sequence"];
  const sequenceType = options?.["sequenceType"];
  const hasOwnType =
    identity?.serial === true &&
    typeof sequenceType === "string" &&
    sequenceType !== usualSequenceType({ identity, type });
  const own: Options = {
    ...(identity !== undefined && typeof sequence === "string" ? { sequence } : {}),
    ...(hasOwnType ? { sequenceType } : {}),
    ...storageOf(options, type),
  };
  const hasDefault =
    value !== undefined &&
    !isNoDefault(value, type) &&
    identity === undefined &&
    computed === undefined;
  return {
    name,
    type,
    nullable: identity === undefined && nullable,
    ...(identity === undefined ? {} : { identity: canonicalIdentity(identity, type) }),
    ...(computed === undefined
      ? {}
      : {
          computed: {
            expression: canonicalExpression(computed.expression),
            stored: computed.stored,
          },
        }),
    ...(hasDefault
      ? {
          default:
            "value" in value
              ? { value: ownValue(value.value, type) }
              : { expression: canonicalExpression(value.expression) },
        }
      : {}),
    ...(collation === undefined || collation === "default" ? {} : { collation }),
    ...words(comment),
    ...(Object.keys(own).length === 0 ? {} : { options: own }),
  };
}

function storage(options: Options | undefined): { options?: Options } {
  const canonical = canonicalOptions(options ?? {});
  return Object.keys(canonical).length === 0 ? {} : { options: canonical };
}

function deferrability({ deferrable, initiallyDeferred }: Deferrability): Deferrability {
  if (initiallyDeferred === true) return { deferrable: true, initiallyDeferred };
  return deferrable === true ? { deferrable } : {};
}

function nonEmpty<K extends string>(
  key: K,
  names: readonly string[] | undefined,
): { [P in K]?: readonly string[] } {
  const found: { [P in K]?: readonly string[] } = {};
  if (names !== undefined && names.length > 0) found[key] = names;
  return found;
}

/** The default schema written out is the default schema. */
export function canonicalName<T extends TableName>(
  table: T,
  defaultSchema: string,
): T | Omit<T, "schema"> {
  return table.schema === defaultSchema || table.schema === undefined
    ? omit(table, "schema")
    : table;
}

type Validity = Pick<CheckConstraint, "notValid" | "notEnforced">;

/** What is not enforced was not looked at either. */
function validity({ notValid, notEnforced }: Validity): Validity {
  if (notEnforced === true) return { notEnforced };
  return notValid === true ? { notValid } : {};
}

/** A constraint without the words that say what is so anyway. */
export function canonicalConstraint(constraint: Constraint, defaultSchema: string): Constraint {
  const common = {
    ...(constraint.name === undefined ? {} : { name: constraint.name }),
    ...words(constraint.comment),
  };
  switch (constraint.kind) {
    case "primaryKey": {
      const { columns, withoutOverlaps, include, options } = constraint;
      return {
        kind: "primaryKey",
        ...common,
        columns,
        ...(withoutOverlaps === true ? { withoutOverlaps } : {}),
        ...nonEmpty("include", include),
        ...storage(options),
        ...deferrability(constraint),
      };
    }
    case "unique": {
      const { columns, withoutOverlaps, include, options, nullsNotDistinct } = constraint;
      return {
        kind: "unique",
        ...common,
        columns,
        ...(withoutOverlaps === true ? { withoutOverlaps } : {}),
        ...nonEmpty("include", include),
        ...storage(options),
        ...(nullsNotDistinct === true ? { nullsNotDistinct } : {}),
        ...deferrability(constraint),
      };
    }
    case "foreignKey": {
      const { columns, references, onDelete, onUpdate, onDeleteColumns, match, period } =
        constraint;
      const { schema, name, columns: referenced } = references;
      return {
        kind: "foreignKey",
        ...common,
        columns,
        references: {
          ...(schema === undefined || schema === defaultSchema ? {} : { schema }),
          name,
          columns: referenced,
        },
        ...(onDelete === undefined || onDelete === "no action" ? {} : { onDelete }),
        ...(onUpdate === undefined || onUpdate === "no action" ? {} : { onUpdate }),
        ...nonEmpty("onDeleteColumns", onDeleteColumns),
        ...(match === "full" ? { match } : {}),
        ...(period === true ? { period } : {}),
        ...validity(constraint),
        ...deferrability(constraint),
      };
    }
    case "check": {
      const { expression, noInherit } = constraint;
      return {
        kind: "check",
        ...common,
        expression: canonicalExpression(expression),
        ...(noInherit === true ? { noInherit } : {}),
        ...validity(constraint),
      };
    }
    case "exclude":
      return {
        kind: "exclude",
        ...common,
        definition: text(
          render(constraint.definition)
            .trim()
            .replace(/^EXCLUDE\s+/i, ""),
        ),
        ...deferrability(constraint),
      };
  }
}

function canonicalElement(element: IndexElement): IndexElement {
  const { column, expression, order, nulls, collation, operatorClass } = element;
  const implied = order === "desc" ? "first" : "last";
  return {
    ...(column === undefined ? {} : { column }),
    ...(expression === undefined ? {} : { expression: canonicalExpression(expression) }),
    ...(order === undefined ? {} : { order }),
    ...(nulls === undefined || nulls === implied ? {} : { nulls }),
    ...(collation === undefined ? {} : { collation }),
    ...(operatorClass === undefined ? {} : { operatorClass }),
  };
}

export function canonicalIndex(index: Index): Index {
  const { name, elements, unique, method, where, include, nullsNotDistinct, comment, options } =
    index;
  return {
    ...(name === undefined ? {} : { name }),
    elements: elements.map(canonicalElement),
    ...(unique === true ? { unique } : {}),
    ...(method === undefined || method.toLowerCase() === "btree"
      ? {}
      : { method: method.toLowerCase() }),
    ...(where === undefined ? {} : { where: canonicalExpression(where) }),
    ...nonEmpty("include", include),
    ...(nullsNotDistinct === true ? { nullsNotDistinct } : {}),
    ...words(comment),
    ...storage(options),
  };
}

function schemaOfType(type: Column["type"], defaultSchema: string): Column["type"] {
  if (type.name === "array")
    return { name: "array", element: schemaOfType(type.element, defaultSchema) };
  return type.name === "enum" && type.schema === defaultSchema ? omit(type, "schema") : type;
}

function tableOptions(options: Options | undefined, defaultSchema: string): Options {
  const { own, storage: parameters } = splitOptions(options);
  const paths = Object.entries(own).filter(([key]) => key === "partitionOf" || key === "inherits");
  return {
    ...canonicalOptions(parameters),
    ...own,
    ...Object.fromEntries(
      paths.map(([key, value]) => [key, canonicalPaths(String(value), defaultSchema)]),
    ),
  };
}

/** A model's table as PostgreSQL can have it; its expressions are still as they were written. */
export function canonicalTable(table: Table, defaultSchema: string): Table {
  const { schema, name, columns, constraints, indexes, comment, options } = table;
  const own = tableOptions(options?.postgresql, defaultSchema);
  const inKey = new Set(
    constraints.flatMap((constraint) =>
      constraint.kind === "primaryKey" ? constraint.columns : [],
    ),
  );
  return {
    ...(schema === undefined || schema === defaultSchema ? {} : { schema }),
    name,
    columns: columns.map((column) => {
      const canonical = canonicalColumn(column);
      return {
        ...canonical,
        type: schemaOfType(canonical.type, defaultSchema),
        nullable: canonical.nullable && !inKey.has(column.name),
      };
    }),
    constraints: constraints.map((constraint) => canonicalConstraint(constraint, defaultSchema)),
    indexes: indexes.map(canonicalIndex),
    ...words(comment),
    ...(Object.keys(own).length === 0 ? {} : { options: { postgresql: own } }),
  };
}
