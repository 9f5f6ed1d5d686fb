/** Who is told what happens while a command runs. Nothing of it is a result. */
export interface Reporter {
  /** A line about what is being done. */
  progress(line: string): void;
  /** Something that went well and yet should be looked at. */
  warn(message: string): void;
  /** Each SQL statement, after it ran. */
  statement?(sql: string, milliseconds: number): void;
}

export const SILENT: Reporter = { progress: () => undefined, warn: () => undefined };
