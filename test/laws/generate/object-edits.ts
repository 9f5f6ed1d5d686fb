import type { Edit } from "./edit.ts";
import {
  isOpen,
  sql,
  type Expression,
  type MetaData,
  type OpenObject,
} from "../../../src/schema/index.ts";
import type { Choices } from "./choices.ts";
import type { Kind } from "./kinds.ts";
import { someComment } from "./surroundings.ts";

/** A query with a column more, in front (so that the view is made anew) or at the end; or with fewer rows. */
function changedQuery(choices: Choices, query: Expression): Expression {
  const inner = sql`(${query})`;
  switch (choices.below(3)) {
    case 0:
      return sql`SELECT 1 AS extra, inside.* FROM ${inner} AS inside`;
    case 1:
      return sql`SELECT inside.*, 1 AS extra FROM ${inner} AS inside`;
    default:
      return sql`SELECT * FROM ${inner} AS inside WHERE 1 = 1`;
  }
}

/** The object with one attribute changed that any object of its kind may have; undefined where there is none. */
function changed(choices: Choices, object: OpenObject, kind: Kind): OpenObject | undefined {
  const isPostgresql = kind === "postgresql";
  if (isPostgresql && choices.chance(20) && "comment" in object)
    return { ...object, comment: someComment(choices) };
  switch (object.kind) {
    case "view":
    case "materializedView":
      return object.columns === undefined && object.query.parts.length === 1
        ? { ...object, query: changedQuery(choices, object.query) }
        : undefined;
    case "function":
      if (!isPostgresql) return { ...object, comment: someComment(choices) };
      return choices.one<OpenObject>([
        { ...object, cost: 77 },
        { ...object, security: object.security === "definer" ? "invoker" : "definer" },
        {
          ...object,
          parameters: (object.parameters ?? []).map((parameter, at) =>
            parameter.mode === undefined ? { ...parameter, name: `p${String(at)}` } : parameter,
          ),
        },
        { ...object, strict: object.strict !== true },
      ]);
    case "procedure":
      return isPostgresql
        ? { ...object, security: object.security === "definer" ? "invoker" : "definer" }
        : { ...object, comment: someComment(choices) };
    case "trigger":
      return isPostgresql
        ? { ...object, enabled: object.enabled === undefined ? "disabled" : "always" }
        : { ...object, timing: object.timing === "before" ? "after" : "before" };
    case "sequence":
      return { ...object, increment: 7n, cache: 3n };
    case "domain":
      return choices.chance(50)
        ? { ...object, checks: [...(object.checks ?? []), { expression: sql`VALUE IS NOT NULL` }] }
        : { ...object, notNull: object.notNull !== true };
    default:
      return undefined;
  }
}

/** Drops one object that is no table, or changes it. */
export const editObject: Edit = (choices, { metadata, kind }): MetaData | undefined => {
  const object = choices.pick(metadata.objects.filter(isOpen));
  if (object === undefined) return undefined;
  const next = choices.chance(15) ? undefined : changed(choices, object, kind);
  if (next === undefined && !choices.chance(30)) return undefined;
  return {
    ...metadata,
    objects: metadata.objects.flatMap((other) =>
      other === object ? (next === undefined ? [] : [next]) : [other],
    ),
  };
};
