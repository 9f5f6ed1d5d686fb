/**
 * The commands: each a function that takes options and returns a plain result, the same object that
 * `--json` prints. They are the programmatic API. May import everything but `cli`; never print, never
 * ask, never exit. Each file is one command and knows no other.
 */
export { abort, type AbortResult } from "./abort.ts";
export { branches, type BranchesResult } from "./branches.ts";
export { check, type CheckOptions, type CheckResult } from "./check.ts";
export { createAll, dropAll, type CreateAllResult, type DropAllResult } from "./create-all.ts";
export { current, type CurrentResult } from "./current.ts";
export { diff, type DiffOptions, type DiffResult } from "./diff.ts";
export { downgrade, planDowngrade, type DowngradeOptions } from "./downgrade.ts";
export { edit, type EditOptions, type EditResult } from "./edit.ts";
export {
  ensureVersion,
  type EnsureVersionOptions,
  type EnsureVersionResult,
} from "./ensure-version.ts";
export { heads, type HeadsOptions, type HeadsResult } from "./heads.ts";
export {
  appliedHistory,
  history,
  type AppliedResult,
  type HistoryOptions,
  type HistoryResult,
} from "./history.ts";
export { init, type InitOptions, type InitResult } from "./init.ts";
export { introspect, type IntrospectOptions, type IntrospectResult } from "./introspect.ts";
export { listTemplates, type ListTemplatesResult } from "./list-templates.ts";
export { merge, type MergeOptions, type MergeResult } from "./merge.ts";
export { revision, type RevisionOptions, type RevisionResult } from "./revision.ts";
export { show, type ShowOptions, type ShowResult } from "./show.ts";
export { planStamp, stamp, type StampOptions, type StampPlan, type StampResult } from "./stamp.ts";
export { status, type StatusResult } from "./status.ts";
export { test, type TestOptions, type TestResult } from "./test.ts";
export { planUpgrade, upgrade, type UpgradeOptions } from "./upgrade.ts";
export { unlock, type UnlockOptions, type UnlockResult } from "./unlock.ts";
export { validate, type ValidateResult } from "./validate.ts";
