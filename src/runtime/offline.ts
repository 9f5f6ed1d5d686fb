import type { PlanContext, ReflectFilter, ServerInfo } from "../dialects/contract.ts";
import type { Offline } from "../revisions/offline.ts";
import { planUpgrade, type PlanStep, type RevisionPlan } from "../revisions/plan.ts";
import type { MetaData } from "../schema/types.ts";
import { isRevlineError, messageOf, RevlineError } from "../errors.ts";
import {
  migrationContext,
  planContext,
  type ScriptOptions,
  type VersionOptions,
} from "./context.ts";
import {
  dryRevision,
  planRevision,
  recordRevision,
  versionStatements,
  type DryRevision,
  type Planned,
} from "./rehearse.ts";
import { openShadow, type Shadow } from "./shadow.ts";

/** What a script without a connection is made from. */
export interface OfflineOptions
  extends Pick<VersionOptions, "dialect" | "map" | "versionTable">, ScriptOptions {
  /** Whom the script is for. */
  readonly server: ServerInfo;
  /** Where the database is said to be, and what to run from there. */
  readonly plan: RevisionPlan & Offline;
}

/**
 * What a run would do from a revision to another, with no database at hand: where a plan must know what a
 * table looks like, the revisions before are replayed.
 *
 * @throws RevlineError offline-query (a revision asks the database), revision-failed, revision-invalid, unsupported
 */
export async function offlineRun(options: OfflineOptions): Promise<readonly DryRevision[]> {
  const { plan, dialect, versionTable } = options;
  const history = new ReplayedHistory(options);
  try {
    const revisions: DryRevision[] = [];
    for (const step of plan.steps) {
      const { operations, statements } = await history.go(step);
      const creates = step.before.length === 0 && revisions.length === 0;
      revisions.push(
        dryRevision(step, {
          operations,
          statements,
          preparation: creates ? [dialect.versionTable.create(versionTable)] : [],
          versionStatements: versionStatements(dialect, versionTable, step.changes),
          notes: [],
        }),
      );
    }
    return revisions;
  } finally {
    await history.close();
  }
}

/** The tables as the revisions so far leave them; nothing is replayed before a plan asks. */
class ReplayedHistory {
  readonly #options: OfflineOptions;
  #shadow: Promise<Shadow> | undefined;
  /** What the shadow has not followed yet. */
  #ahead: Planned[] = [];

  constructor(options: OfflineOptions) {
    this.#options = options;
  }

  /** Records and plans one more revision. */
  async go(step: PlanStep): Promise<Planned> {
    return this.#perform(
      step,
      (filter) => this.#reflect(filter),
      (part) => void this.#ahead.push(withoutRows(part)),
    );
  }

  async close(): Promise<void> {
    await (await this.#shadow)?.close();
  }

  async #reflect(filter: ReflectFilter): Promise<MetaData> {
    this.#shadow ??= this.#replay();
    const shadow = await this.#shadow;
    for (const { operations, statements } of this.#ahead.splice(0))
      await shadow.follow(operations, statements);
    return shadow.reflect(filter);
  }

  /** The revisions before the range, from the first. */
  async #replay(): Promise<Shadow> {
    const { dialect, server, map, plan } = this.#options;
    const shadow = await openShadow(dialect, server);
    const replayed = new Set<string>();
    try {
      for (const start of plan.start) {
        for (const step of planUpgrade(map, [], start).steps) {
          if (replayed.has(step.revision.id)) continue;
          replayed.add(step.revision.id);
          await this.#before(step, shadow);
        }
      }
    } catch (error) {
      await shadow.close();
      throw error;
    }
    return shadow;
  }

  async #before(step: PlanStep, shadow: Shadow): Promise<void> {
    const follow = (part: Planned): Promise<void> => {
      const { operations, statements } = withoutRows(part);
      return shadow.follow(operations, statements);
    };
    try {
      await this.#perform(step, (filter) => shadow.reflect(filter), follow);
    } catch (error) {
      throw new RevlineError(
        isRevlineError(error) ? error.code : "revision-failed",
        `What the tables look like at ${this.#options.plan.start.join(", ")} is known by the revisions before alone, and one of them cannot be replayed without a connection. ${messageOf(error)}`,
        {
          hint: "Leave the range out (the script then starts at what the live database holds), or let the revision do without the query where op.getContext().isOffline is true.",
          details: isRevlineError(error) ? error.details : [],
          cause: error,
        },
      );
    }
  }

  async #perform(
    step: PlanStep,
    reflect: PlanContext["reflect"],
    advance: (part: Planned) => Promise<void> | void,
  ): Promise<Planned> {
    const { dialect, server } = this.#options;
    const recorded = await recordRevision(step, {
      options: this.#options,
      context: migrationContext(this.#options, step, server, true),
      answer: async () => {
        throw new RevlineError("offline-query", "It asks the database, and there is none.", {
          hint: "Leave the range out (the script then starts at what the live database holds), or do without the query where op.getContext().isOffline is true.",
        });
      },
    });
    const context = { ...planContext(this.#options, server, reflect), dialect };
    return planRevision(step, recorded, context, advance);
  }
}

/** A shadow has no rows: what fills the tables need not be kept until it follows. */
function withoutRows({ operations, statements }: Planned): Planned {
  return {
    operations: operations.map((operation) =>
      operation.kind === "bulkInsert" ? { ...operation, rows: [] } : operation,
    ),
    statements: statements.filter(
      ({ operation }) => operation === undefined || operations[operation]?.kind !== "bulkInsert",
    ),
  };
}
