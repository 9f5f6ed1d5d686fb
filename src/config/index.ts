/**
 * The configuration and what it leads to: the composition root that the commands start from. May import
 * everything below it; never prints and never exits.
 */
export {
  defineConfig,
  type Config,
  type ConfigContext,
  type ConfigFunction,
  type DatabaseConfig,
  type FilterSubject,
  type ObjectKind,
  type PostWriteHook,
} from "./config.ts";
export { Environment, MEMORY, SeveralDatabases, type EnvironmentOptions } from "./environment.ts";
export {
  compareSides,
  compareWhole,
  readSides,
  reflectDatabase,
  reflectSchemas,
  renamesOf,
  type ModelComparison,
  type Sides,
} from "./comparison.ts";
export { answersText, readAnswers, type Answers } from "./answers.ts";
export { composeRevision, type NewRevision } from "./new-revision.ts";
export {
  migrateTo,
  runOptions,
  scriptOptions,
  versionOptions,
  type MigrationResult,
} from "./run.ts";
export { confirmLosses, lossText, type Confirmation, type Loss } from "./confirm.ts";
export { planTo, type MigrationPlan, type PlannedRevision } from "./plan.ts";
export { executeOperations, planOperations, planOperationsOn } from "./execute.ts";
export { Rewriter, type RevisionDirective } from "./directives.ts";
export { editRevision, NEW_DIRECTIVE } from "./edit-revision.ts";
export { migrateTogether } from "./together.ts";
export { onScratch } from "./scratch.ts";
export { verify, type RevisionProblem, type Verification } from "./verify.ts";
export { writeRevision } from "./write-hooks.ts";
export { type Reporter } from "./reporter.ts";
export { readVersionRows, versionRows } from "./version-rows.ts";
