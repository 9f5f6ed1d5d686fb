import {
  confirmLosses,
  Environment,
  migrateTo,
  migrateTogether,
  planTo,
  type Confirmation,
  type EnvironmentOptions,
  type MigrationPlan,
  type MigrationResult,
} from "../config/index.ts";

export interface UpgradeOptions extends EnvironmentOptions, Confirmation {
  /** `head`, `heads`, an id or the beginning of one, `+2`, `<id>+1`, `<branch>@head`. */
  readonly target: string;
}

/**
 * Applies revisions up to a target, each in a transaction of its own where the database can.
 *
 * @throws RevlineError revision-failed (says what state the database is in), lock-timeout, interrupted,
 *   decision-missing, version-unknown, revision-not-found, multiple-heads, and others of the graph and the connection
 */
export async function upgrade(options: UpgradeOptions): Promise<MigrationResult> {
  const environment = await Environment.create(options);
  const { members } = environment;
  const aim = { direction: "upgrade", target: options.target } as const;
  await confirmLosses(members ?? new Map([["", environment]]), aim, options);
  return members === undefined ? migrateTo(environment, aim) : migrateTogether(members, aim);
}

/** What {@link upgrade} would do: the plan and its SQL; for `from:to` without a connection. Changes nothing, takes no lock. */
export async function planUpgrade(options: UpgradeOptions): Promise<MigrationPlan> {
  return planTo(await Environment.create(options), {
    direction: "upgrade",
    target: options.target,
  });
}
