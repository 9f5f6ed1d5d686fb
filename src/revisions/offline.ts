import { parseRange } from "./history.ts";
import { planDowngrade, planUpgrade, type RevisionPlan } from "./plan.ts";
import type { RevisionMap } from "./revision-map.ts";
import { resolveOne } from "./identifiers.ts";
import { planStamp, type StampPlan } from "./stamp.ts";
import { RevlineError } from "../errors.ts";

/** A plan made without a database: `start` is where it is said to be. */
export interface Offline {
  readonly start: readonly string[];
}

interface Ends {
  readonly start: readonly string[];
  readonly target: string;
}

function ends(map: RevisionMap, text: string): Ends {
  if (!text.includes(":")) return { start: [], target: text };
  const { from, to } = parseRange(text);
  if (to === undefined)
    throw new RevlineError("range-invalid", `"${text}" has no end.`, { hint: "Write FROM:TO." });
  const start = from === undefined ? undefined : resolveOne(map, from);
  return { start: start === undefined ? [] : [start], target: to };
}

/** `upgrade [from:]to --sql`. @throws RevlineError as {@link planUpgrade} */
export function planUpgradeOffline(map: RevisionMap, text: string): RevisionPlan & Offline {
  const { start, target } = ends(map, text);
  return { ...planUpgrade(map, start, target), start };
}

/** `downgrade from:to --sql`; the range must be given. @throws RevlineError as {@link planDowngrade} */
export function planDowngradeOffline(map: RevisionMap, text: string): RevisionPlan & Offline {
  if (!text.includes(":")) {
    throw new RevlineError("range-invalid", "A downgrade to SQL needs a range.", {
      hint: "Write FROM:TO, as in `migrate downgrade head:-1 --sql`.",
    });
  }
  const { start, target } = ends(map, text);
  return { ...planDowngrade(map, start, target), start };
}

/** `stamp [from:]to… --sql`; one start for all targets. @throws RevlineError as {@link planStamp} */
export function planStampOffline(map: RevisionMap, texts: readonly string[]): StampPlan & Offline {
  const all = texts.map((text) => ends(map, text));
  const starts = new Set(
    texts.filter((text) => text.includes(":")).map((text) => parseRange(text).from),
  );
  if (starts.size > 1) {
    throw new RevlineError("range-invalid", "A stamp to SQL has one start for all targets.", {
      hint: "Give the same FROM in each FROM:TO.",
    });
  }
  const start = all.find((one) => one.start.length > 0)?.start ?? [];
  return {
    ...planStamp(
      map,
      start,
      all.map((one) => one.target),
    ),
    start,
  };
}
