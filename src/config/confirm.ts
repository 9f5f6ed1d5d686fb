import { RevlineError } from "../errors.ts";
import type { Description } from "../operations/describe.ts";
import type { Environment } from "./environment.ts";
import { planTo } from "./plan.ts";
import type { Aim } from "./run.ts";

/** What a run would destroy. */
export interface Loss {
  /** Of several databases: which. */
  readonly database?: string;
  readonly revision: string;
  readonly message: string;
  readonly operation: Description;
}

export interface Confirmation {
  /** Everything is agreed to ahead. */
  readonly yes?: boolean;
  /** Asks a person about what would be destroyed; absent: nobody is there. */
  readonly confirmLoss?: (losses: readonly Loss[]) => Promise<boolean>;
}

/**
 * Has a person agree to what a run destroys: asked for a downgrade where somebody is there, and for any run
 * where the config says `confirmDestructive`.
 *
 * @param environments by name; one alone is called `""`
 * @throws RevlineError decision-missing, before anything was done; and all of the plan
 */
export async function confirmLosses(
  environments: ReadonlyMap<string, Environment>,
  aim: Aim,
  { yes = false, confirmLoss }: Confirmation,
): Promise<void> {
  if (yes) return;
  const losses: Loss[] = [];
  for (const [name, environment] of environments) {
    const isAsked = aim.direction === "downgrade" && confirmLoss !== undefined;
    if (!isAsked && environment.config.confirmDestructive !== true) continue;
    losses.push(...(await lossesOf(environment, aim, name)));
  }
  if (losses.length === 0) return;
  if (confirmLoss === undefined) throw notAgreed("must be agreed to", losses);
  if (!(await confirmLoss(losses))) throw notAgreed("was not agreed to", losses);
}

async function lossesOf(
  environment: Environment,
  aim: Aim,
  name: string,
): Promise<readonly Loss[]> {
  const { revisions } = await planTo(environment, aim);
  return revisions.flatMap(({ id, message, operations }) =>
    operations
      .filter(({ hazards = [] }) => hazards.some(({ kind }) => kind === "loss"))
      .map((operation) => ({
        ...(name === "" ? {} : { database: name }),
        revision: id,
        message,
        operation,
      })),
  );
}

/** `7c1f0a9d2e44: drop table post (drops the table's rows)`. */
export function lossText({ database, revision, operation }: Loss): string {
  const { subject, text, hazards = [] } = operation;
  const place = text.includes(subject) ? "" : `${subject}: `;
  const front = database === undefined ? "" : `${database}: `;
  return `${front}${revision}: ${place}${text} (${hazards.map((hazard) => hazard.text).join("; ")})`;
}

function notAgreed(what: string, losses: readonly Loss[]): RevlineError {
  return new RevlineError(
    "decision-missing",
    `The loss of data ${what}: ${losses.length === 1 ? "an operation destroys" : `${losses.length} operations destroy`} it. Nothing was done.`,
    {
      hint: "If it is meant: --yes.",
      details: losses.map(lossText),
    },
  );
}
