import type { SkippedObject } from "../schema/types.ts";
import { count } from "./count.ts";
import type { Terminal } from "./terminal.ts";

/** Says on stderr what took no part: each thing with `-v`, else how many. */
export function saySkipped(skipped: readonly SkippedObject[], terminal: Terminal): void {
  if (skipped.length === 0) return;
  if (!terminal.verbose) {
    terminal.say(
      terminal.err.dim(
        `${count(skipped.length, "object")} took no part in the comparison (-v lists them).`,
      ),
    );
    return;
  }
  terminal.say("Took no part in the comparison:");
  for (const { kind, schema, name, table, reason } of skipped) {
    const place = [schema, table, name]
      .filter((piece) => piece !== undefined && piece !== "")
      .join(".");
    terminal.say(`  ${kind} ${place}: ${reason}`);
  }
}
