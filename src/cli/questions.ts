import type { Terminal } from "./terminal.ts";

/** Asks until the answer is yes or no. Only where somebody is there. */
export async function askYesNo(question: string, terminal: Terminal): Promise<boolean> {
  for (;;) {
    const answer = (await terminal.ask(`${question} [y/n] `)).toLowerCase();
    if (["y", "yes"].includes(answer)) return true;
    if (["n", "no"].includes(answer)) return false;
  }
}
