/** How text is decorated; each a plain function, so that no colour is the identity. */
export interface Style {
  added(text: string): string;
  removed(text: string): string;
  changed(text: string): string;
  bold(text: string): string;
  dim(text: string): string;
  error(text: string): string;
}

const plain = (text: string): string => text;
export const PLAIN: Style = {
  added: plain,
  removed: plain,
  changed: plain,
  bold: plain,
  dim: plain,
  error: plain,
};

/** What decides about colour. */
export interface ColorSettings {
  /** False: `--no-color`. */
  readonly option: boolean;
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Only on a terminal; `--no-color`, then NO_COLOR, then FORCE_COLOR decide otherwise. */
export function wantsColor({ option, isTerminal, environment }: ColorSettings): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (!option) return false;
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return isTerminal && TERM !== "dumb";
}

/** Chalk is loaded only when there is colour. */
export async function styleFor(settings: ColorSettings): Promise<Style> {
  if (!wantsColor(settings)) return PLAIN;
  const { Chalk } = await import("chalk");
  const chalk = new Chalk({ level: 1 });
  return {
    added: chalk.green,
    removed: chalk.red,
    changed: chalk.yellow,
    bold: chalk.bold,
    dim: chalk.dim,
    error: chalk.red.bold,
  };
}
