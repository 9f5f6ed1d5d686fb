import { render } from "./spelling.ts";
import { wordsIn } from "./expression-text.ts";
import type { PlanContext, Statement } from "../contract.ts";
import { nameOnly, sameTable } from "../../schema/collect.ts";
import type { Expression } from "../../schema/expression.ts";
import type { CompositeType, Domain } from "../../schema/objects/types.ts";
import type { MetaData, SkippedObject, TableName } from "../../schema/types.ts";
import { topologicalSort } from "../../util/topological-sort.ts";

/** A domain or composite type in which another type stands. */
export interface ContainingType {
  readonly type: TableName;
  /** Statements that make it again, with what then has the name of the other. */
  readonly create: readonly Statement[];
}

interface Candidate {
  readonly type: TableName;
  /** What it is made of. */
  readonly words: ReadonlySet<string>;
  /** Where its collations are said. */
  readonly collations: ReadonlySet<string>;
  readonly create: () => Promise<readonly Statement[]>;
}

const KINDS: ReadonlySet<string> = new Set(["domain", "composite type"]);

function ofSkipped({ kind, schema, name, definition }: SkippedObject): readonly Candidate[] {
  return definition === undefined || !KINDS.has(kind)
    ? []
    : [
        {
          type: nameOnly({ schema, name }),
          words: wordsIn(definition),
          collations: wordsIn(definition),
          create: async () => [{ sql: definition }],
        },
      ];
}

function domainTexts({ default: value, checks = [] }: Domain): readonly Expression[] {
  return [...(value === undefined ? [] : [value]), ...checks.map(({ expression }) => expression)];
}

function ofObject(object: Domain | CompositeType, context: PlanContext): Candidate {
  const types =
    object.kind === "domain" ? [object.baseType] : object.attributes.map(({ type }) => type);
  const collations =
    object.kind === "domain"
      ? [object.collation, ...domainTexts(object).map(render)]
      : object.attributes.map(({ collation }) => collation);
  return {
    type: nameOnly(object),
    words: wordsIn(types.join(" ")),
    collations: wordsIn(collations.join(" ")),
    create: () => context.compileObject({ kind: "createObject", object }, context),
  };
}

function candidatesOf({ objects, skipped }: MetaData, context: PlanContext): readonly Candidate[] {
  return [
    ...skipped.flatMap(ofSkipped),
    ...objects
      .filter((object) => object.kind === "domain" || object.kind === "compositeType")
      .map((object) => ofObject(object, context)),
  ];
}

async function made({ type, create }: Candidate): Promise<ContainingType> {
  return { type, create: await create() };
}

/** The domains and composite types that say a collation themselves. */
export async function collatedTypes(
  collation: TableName,
  database: MetaData,
  context: PlanContext,
): Promise<readonly ContainingType[]> {
  const found = candidatesOf(database, context).filter(({ collations }) =>
    collations.has(collation.name),
  );
  return Promise.all(found.map(made));
}

/**
 * The domains and composite types that hold a type, at any depth, each behind those that it holds: they
 * are made again with it.
 *
 * @param metadata the database right before the change
 */
export async function containingTypes(
  type: TableName,
  database: MetaData,
  context: PlanContext,
): Promise<readonly ContainingType[]> {
  const candidates = candidatesOf(database, context);
  const names = new Set([type.name]);
  const sorted = topologicalSort(candidates, (candidate) =>
    candidates.filter((other) => other !== candidate && candidate.words.has(other.type.name)),
  );
  const found = sorted.filter((candidate) => {
    const isContaining =
      !sameTable(candidate.type, type) && [...names].some((name) => candidate.words.has(name));
    if (isContaining) names.add(candidate.type.name);
    return isContaining;
  });
  return Promise.all(found.map(made));
}
