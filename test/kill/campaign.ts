import { Kit, type Figures, type Method, type Victim } from "./kit.ts";
import type { Moment } from "./proxy.ts";

/** How much is to be done. */
export interface Plan {
  readonly methods: readonly Method[];
  /** Every how many statements, of so many; 1: every single one. */
  readonly stride: (statements: number) => number;
  /** Deployers at once, and how often; on an empty database, and on one with history. */
  readonly deployers: number;
  readonly rounds: number;
  /** Ends the server, and resolves when it is up again; for the method `server`. */
  readonly crash?: () => Promise<void>;
  readonly tell?: (line: string) => void;
}

export interface CampaignResult extends Figures {
  /** Of an undisturbed run. */
  readonly statements: number;
  readonly races: number;
}

const MOMENTS: readonly Moment[] = ["before", "during", "after"];

/** Ends runs at every place, and has deployers race. */
export async function campaign(victim: Victim, root: string, plan: Plan): Promise<CampaignResult> {
  const kit = await Kit.open(victim, root);
  const wrong: string[] = [];
  let struck = 0;
  let races = 0;
  try {
    const { picture, statements } = await kit.undisturbed();
    const stride = Math.max(1, Math.round(plan.stride(statements)));
    const moments =
      victim.family === "sqlite" ? MOMENTS.filter((moment) => moment !== "during") : MOMENTS;
    for (const method of plan.methods) {
      for (const [index, moment] of moments.entries()) {
        // with a stride each moment has statements of its own
        const first = 1 + Math.floor((stride * (index + 0.5)) / moments.length);
        for (let at = first; at <= statements; at += stride) {
          const found = await kit.strike({ method, moment, at }, picture, plan.crash);
          struck += 1;
          wrong.push(...found);
          for (const what of found) plan.tell?.(what);
        }
      }
      plan.tell?.(
        `${victim.family}: ${method}: ${String(struck)} ended so far, ${String(wrong.length)} wrong`,
      );
    }
    for (let round = 0; round < plan.rounds; round += 1) {
      for (const from of [undefined, "r07"]) {
        const found = await kit.race(plan.deployers, picture, from);
        races += 1;
        wrong.push(...found);
        for (const what of found) plan.tell?.(what);
      }
    }
    return { struck, restarts: struck, wrong, statements, races };
  } finally {
    await kit.close();
  }
}
