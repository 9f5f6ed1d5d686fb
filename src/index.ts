/**
 * `revline`: the configuration, the types of revisions, and the commands as functions. Importing it loads
 * none of them: each command, and with it dialects, drivers and the TypeScript loader, is loaded when it
 * is called.
 */
import type * as commands from "./commands/index.ts";

export { defineConfig } from "./config/config.ts";
export { Rewriter } from "./config/directives.ts";
export type {
  DirectiveContext,
  ProcessRevisionDirectives,
  RevisionDirective,
  RewriteOperation,
} from "./config/directives.ts";
export type { ComparedColumn } from "./compare/judge.ts";
export type {
  Config,
  ConfigContext,
  ConfigFunction,
  DatabaseConfig,
  ColumnJudge,
  FilteredObject,
  FilterName,
  FilterSubject,
  ObjectKind,
  PostWriteHook,
  RevisionTemplate,
} from "./config/config.ts";
export type {
  EnvironmentOptions,
  MigrationPlan,
  MigrationResult,
  PlannedRevision,
  Reporter,
  RevisionProblem,
} from "./config/index.ts";
export { defineObjectKind, defineOperation } from "./objects/plugin.ts";
export type {
  CustomContext,
  CustomInstance,
  CustomKind,
  CustomOperation,
  CustomQuery,
  CustomSql,
  Plugin,
} from "./objects/plugin.ts";
export type { MigrationContext, Operations } from "./operations/operations.ts";
export type { Operation, OperationKind } from "./operations/operation.ts";
export type { RenderContext, RenderedItem, RenderItem } from "./render/render-item.ts";
export type { Description } from "./operations/describe.ts";
export type { RevisionEntry } from "./revisions/entry.ts";
export type { VersionApplied } from "./runtime/context.ts";
export type { Connection } from "./dialects/contract.ts";
export type * from "./commands/index.ts";
export { isRevlineError, RevlineError, type ErrorCode } from "./errors.ts";

type Commands = typeof commands;

/** Undoes what was applied of a revision that was not finished. */
export const abort: Commands["abort"] = async (options) =>
  (await import("./commands/abort.ts")).abort(options);
/** What was applied: when, by whom, how long it took. */
export const appliedHistory: Commands["appliedHistory"] = async (options) =>
  (await import("./commands/history.ts")).appliedHistory(options);
/** The revisions with several children. */
export const branches: Commands["branches"] = async (options) =>
  (await import("./commands/branches.ts")).branches(options);
/** Compares the database with the models. */
export const check: Commands["check"] = async (options) =>
  (await import("./commands/check.ts")).check(options);
/** Creates what is absent of a metadata. */
export const createAll: Commands["createAll"] = async (metadata, target) =>
  (await import("./commands/create-all.ts")).createAll(metadata, target);
/** What the database is at. */
export const current: Commands["current"] = async (options) =>
  (await import("./commands/current.ts")).current(options);
/** The difference of two of: a database, models, a revision. */
export const diff: Commands["diff"] = async (options) =>
  (await import("./commands/diff.ts")).diff(options);
/** Takes revisions back down to a target. */
export const downgrade: Commands["downgrade"] = async (options) =>
  (await import("./commands/downgrade.ts")).downgrade(options);
/** Drops what is declared in a metadata. */
export const dropAll: Commands["dropAll"] = async (metadata, target) =>
  (await import("./commands/create-all.ts")).dropAll(metadata, target);
/** The files of revisions, for an editor to open. */
export const edit: Commands["edit"] = async (options) =>
  (await import("./commands/edit.ts")).edit(options);
/** Creates the version table when it is missing. */
export const ensureVersion: Commands["ensureVersion"] = async (options) =>
  (await import("./commands/ensure-version.ts")).ensureVersion(options);
/** The revisions that have no child. */
export const heads: Commands["heads"] = async (options) =>
  (await import("./commands/heads.ts")).heads(options);
/** The revisions of a range, newest first. */
export const history: Commands["history"] = async (options) =>
  (await import("./commands/history.ts")).history(options);
/** Writes the config file and the folder of revisions. */
export const init: Commands["init"] = async (options) =>
  (await import("./commands/init.ts")).init(options);
/** The models of a live database as TypeScript. */
export const introspect: Commands["introspect"] = async (options) =>
  (await import("./commands/introspect.ts")).introspect(options);
/** The templates of `init`. */
export const listTemplates: Commands["listTemplates"] = async () =>
  (await import("./commands/list-templates.ts")).listTemplates();
/** Writes a revision that joins several heads. */
export const merge: Commands["merge"] = async (options) =>
  (await import("./commands/merge.ts")).merge(options);
/** What `downgrade` would do. */
export const planDowngrade: Commands["planDowngrade"] = async (options) =>
  (await import("./commands/downgrade.ts")).planDowngrade(options);
/** The SQL of `stamp`. */
export const planStamp: Commands["planStamp"] = async (options) =>
  (await import("./commands/stamp.ts")).planStamp(options);
/** What `upgrade` would do. */
export const planUpgrade: Commands["planUpgrade"] = async (options) =>
  (await import("./commands/upgrade.ts")).planUpgrade(options);
/** Writes a new revision file, with `autogenerate` the difference. */
export const revision: Commands["revision"] = async (options) =>
  (await import("./commands/revision.ts")).revision(options);
/** Revisions in full. */
export const show: Commands["show"] = async (options) =>
  (await import("./commands/show.ts")).show(options);
/** Writes the version table, runs nothing. */
export const stamp: Commands["stamp"] = async (options) =>
  (await import("./commands/stamp.ts")).stamp(options);
/** Everything about a database at a glance. */
export const status: Commands["status"] = async (options) =>
  (await import("./commands/status.ts")).status(options);
/** Runs the revisions on a scratch database, the newest down and up again. */
export const test: Commands["test"] = async (options) =>
  (await import("./commands/test.ts")).test(options);
/** Applies revisions up to a target. */
export const upgrade: Commands["upgrade"] = async (options) =>
  (await import("./commands/upgrade.ts")).upgrade(options);
/** Compares the revision files with what was applied. */
export const validate: Commands["validate"] = async (options) =>
  (await import("./commands/validate.ts")).validate(options);
/** Takes the deployers' lock from whoever holds it. */
export const unlock: Commands["unlock"] = async (options) =>
  (await import("./commands/unlock.ts")).unlock(options);
