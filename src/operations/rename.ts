import { NAME } from "./mentions.ts";
import { expression, text, type Expression, type SqlPart } from "../schema/expression.ts";
import { isOperatorWord, isPlainName } from "../schema/plain-name.ts";
import { sameTable } from "../schema/collect.ts";
import type { Column, Constraint, Index, Table, TableName } from "../schema/types.ts";

/** The columns of its own table that a constraint names as columns (not inside expressions). */
export function columnReferences(constraint: Constraint): readonly string[] {
  return "columns" in constraint ? constraint.columns : [];
}

interface ColumnRename {
  /** The constraint is of the renamed column's table. */
  readonly own: boolean;
  readonly table: TableName;
  readonly from: string;
  readonly to: string;
}

/** Inside SQL text only whole identifiers are names; strings stay. */
const TOKEN = new RegExp(`'(?:[^']|'')*'|${NAME.source}|.`, "gsu");

function unquote(token: string): string {
  const [first] = token;
  if (first === '"') return token.slice(1, -1).replaceAll('""', '"');
  if (first === "`") return token.slice(1, -1).replaceAll("``", "`");
  return first === "[" ? token.slice(1, -1) : token;
}

/** Where a bare word gets a name that needs quotes, they are the dialect's to write. */
function requote(token: string, name: string): SqlPart {
  const [first] = token;
  if (first === '"') return `"${name.replaceAll('"', '""')}"`;
  if (first === "`") return `\`${name.replaceAll("`", "``")}\``;
  if (first === "[") return `[${name}]`;
  return isPlainName(name) ? name : { identifier: [name] };
}

/** The expression with a column's name changed, as the database changes it when the column is renamed. */
export function renameInExpression(given: Expression, from: string, to: string): Expression {
  const parts = given.parts.flatMap((part): readonly SqlPart[] => {
    if (typeof part === "string") {
      return (part.match(TOKEN) ?? []).map((token) =>
        !token.startsWith("'") && !isOperatorWord(token) && unquote(token) === from
          ? requote(token, to)
          : token,
      );
    }
    if (!("identifier" in part) || part.identifier.at(-1) !== from) return [part];
    return [{ identifier: [...part.identifier.slice(0, -1), to] }];
  });
  return expression(parts);
}

/** The words of an expression, whatever the quotes around its names are. */
export function wordsOf({ parts }: Expression): string {
  const words = parts.flatMap((part): readonly string[] => {
    if (typeof part === "string")
      return (part.match(TOKEN) ?? []).map((token) =>
        token.startsWith("'") ? token : unquote(token),
      );
    return "identifier" in part ? [part.identifier.join(".")] : [JSON.stringify(part)];
  });
  return words.join("\0");
}

/** A column of the table of a renamed column: perhaps the very one, perhaps one computed from it. */
export function renameInColumn(column: Column, from: string, to: string): Column {
  const { computed } = column;
  return {
    ...column,
    ...(column.name === from ? { name: to } : {}),
    ...(computed === undefined
      ? {}
      : {
          computed: { ...computed, expression: renameInExpression(computed.expression, from, to) },
        }),
  };
}

/** PostgreSQL: a partitioned table says the columns of its key in an option. */
export function renameInOptions(table: Table, from: string, to: string): Pick<Table, "options"> {
  const { options } = table;
  const key = options?.postgresql?.["partitionBy"];
  if (typeof key !== "string") return options === undefined ? {} : { options };
  const partitionBy = renameInExpression(text(key), from, to)
    .parts.map((part) => {
      if (typeof part === "string") return part;
      return "identifier" in part
        ? part.identifier.map((name) => `"${name.replaceAll('"', '""')}"`).join(".")
        : "";
    })
    .join("");
  return { options: { ...options, postgresql: { ...options?.postgresql, partitionBy } } };
}

function renamed(names: readonly string[], from: string, to: string): readonly string[] {
  return names.map((name) => (name === from ? to : name));
}

export function renameInConstraint(
  constraint: Constraint,
  { own, table, from, to }: ColumnRename,
): Constraint {
  switch (constraint.kind) {
    case "foreignKey": {
      const { references, onDeleteColumns } = constraint;
      const columns = sameTable(references, table)
        ? renamed(references.columns, from, to)
        : references.columns;
      return {
        ...constraint,
        columns: own ? renamed(constraint.columns, from, to) : constraint.columns,
        ...(own && onDeleteColumns !== undefined
          ? { onDeleteColumns: renamed(onDeleteColumns, from, to) }
          : {}),
        references: { ...references, columns },
      };
    }
    case "primaryKey":
      return own ? renameInKey(constraint, from, to) : constraint;
    case "unique":
      return own ? renameInKey(constraint, from, to) : constraint;
    case "check":
      return own
        ? { ...constraint, expression: renameInExpression(constraint.expression, from, to) }
        : constraint;
    case "exclude":
      return own
        ? { ...constraint, definition: renameInExpression(constraint.definition, from, to) }
        : constraint;
  }
}

function renameInKey<
  K extends { readonly columns: readonly string[]; readonly include?: readonly string[] },
>(key: K, from: string, to: string): K {
  return {
    ...key,
    columns: renamed(key.columns, from, to),
    ...(key.include === undefined ? {} : { include: renamed(key.include, from, to) }),
  };
}

export function renameInIndex(index: Index, from: string, to: string): Index {
  return {
    ...index,
    elements: index.elements.map((element) => ({
      ...element,
      ...(element.column === from ? { column: to } : {}),
      ...(element.expression === undefined
        ? {}
        : { expression: renameInExpression(element.expression, from, to) }),
    })),
    ...(index.where === undefined ? {} : { where: renameInExpression(index.where, from, to) }),
    ...(index.include === undefined ? {} : { include: renamed(index.include, from, to) }),
  };
}
