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

export interface DowngradeOptions extends EnvironmentOptions, Confirmation {
  /** `base`, `-1`, an id or the beginning of one, `<branch>@base`. */
  readonly target: string;
}

/**
 * Takes revisions back down to a target, which stays.
 *
 * @throws RevlineError revision-failed (says what state the database is in), lock-timeout, interrupted,
 *   decision-missing, version-unknown, revision-not-found, range-invalid, database-not-found, and others
 */
export async function downgrade(options: DowngradeOptions): Promise<MigrationResult> {
  const environment = await Environment.create(options);
  const { members } = environment;
  const aim = { direction: "downgrade", target: options.target } as const;
  for (const member of members?.values() ?? [environment]) member.requireDatabase();
  await confirmLosses(members ?? new Map([["", environment]]), aim, options);
  return members === undefined ? migrateTo(environment, aim) : migrateTogether(members, aim);
}

/** What {@link downgrade} would do: the plan and its SQL; for `from:to` without a connection. Changes nothing, takes no lock. */
export async function planDowngrade(options: DowngradeOptions): Promise<MigrationPlan> {
  const environment = await Environment.create(options);
  if (!options.target.includes(":")) environment.requireDatabase();
  return planTo(environment, { direction: "downgrade", target: options.target });
}
