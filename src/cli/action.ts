import type { EnvironmentOptions } from "../config/index.ts";
import type { OptionValues } from "./option-values.ts";
import type { Terminal } from "./terminal.ts";

/** What a command is called with. */
export interface Invocation {
  readonly arguments: readonly string[];
  readonly options: OptionValues;
  readonly environment: EnvironmentOptions;
  readonly terminal: Terminal;
}

/** What a command answers. */
export interface Outcome {
  /** What `--json` prints. */
  readonly result: unknown;
  /** What stdout gets otherwise; a line feed is added where it has none. */
  readonly text: string;
  /** 0 when absent; 2: the answer is no. */
  readonly exitCode?: 0 | 1 | 2;
}

export type Action = (invocation: Invocation) => Promise<Outcome>;
