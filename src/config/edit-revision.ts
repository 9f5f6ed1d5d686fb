import { RevlineError } from "../errors.ts";
import type { Operation } from "../operations/operation.ts";
import { reverseAll } from "../operations/reverse.ts";
import type { DirectiveContext, RevisionDirective } from "./directives.ts";
import type { Environment } from "./environment.ts";

/** A revision with nothing in it, at the head. */
export const NEW_DIRECTIVE: RevisionDirective = {
  message: "",
  upgrade: [],
  downgrade: [],
  imports: [],
  heads: ["head"],
  splice: false,
  branchLabels: [],
  dependsOn: [],
};

/**
 * What the configuration's `processRevisionDirectives` makes of a revision; null: nothing is to be written.
 *
 * @throws RevlineError config-failed
 */
export function editRevision(
  environment: Environment,
  directive: RevisionDirective,
  context: Omit<DirectiveContext, "x">,
): RevisionDirective | null {
  const { processRevisionDirectives, revisionEnvironment = false } = environment.config;
  if (processRevisionDirectives === undefined) return directive;
  if (!context.autogenerate && !revisionEnvironment) return directive;
  const edited: unknown = processRevisionDirectives(directive, { ...context, x: environment.x });
  if (edited === null) return null;
  if (isDirective(edited)) return edited;
  throw new RevlineError(
    "config-failed",
    "`processRevisionDirectives` of the config returned no revision.",
    {
      hint: "Return the directive, changed or not: { ...directive, upgrade: […] }; null for no file.",
    },
  );
}

function isDirective(value: unknown): value is RevisionDirective {
  if (typeof value !== "object" || value === null) return false;
  const lists = ["upgrade", "downgrade", "imports", "heads", "branchLabels", "dependsOn"];
  return lists.every((key) => Array.isArray(Reflect.get(value, key)));
}

/** The operations that the configuration leaves of what a comparison found. @throws RevlineError config-failed */
export function editOperations(
  environment: Environment,
  upgrade: readonly Operation[],
): readonly Operation[] {
  if (environment.config.processRevisionDirectives === undefined) return upgrade;
  const directive = { ...NEW_DIRECTIVE, upgrade, downgrade: reverseAll(upgrade) };
  return editRevision(environment, directive, { autogenerate: true, writes: false })?.upgrade ?? [];
}
