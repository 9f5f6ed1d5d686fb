import { RevlineError } from "../errors.ts";

/** How the files of new revisions are called. */
export interface FileNaming {
  /** With tokens: `%(year)d_%(month).2d_%(rev)s_%(slug)s`. Default: `%(rev)s_%(slug)s`. A `/` makes folders. */
  readonly template?: string;
  /** The longest slug, in characters. Default: 40. */
  readonly longestSlug?: number;
  /** For the tokens of date and time. Default: now. */
  readonly created?: Date;
  /** An IANA name, such as `Europe/Berlin`, for the same tokens. Default: UTC. */
  readonly timezone?: string;
  /** Default: `.ts`. */
  readonly extension?: string;
}

const DEFAULT_TEMPLATE = "%(rev)s_%(slug)s";
const LONGEST_SLUG = 40;
// Python's spelling, as Alembic's: a name, a width or precision, and d or s
const TOKEN = /%%|%\((\w+)\)(?:0?\.?(\d+))?[ds]/g;

const TOKENS = ["rev", "slug", "epoch", "year", "month", "day", "hour", "minute", "second"];

/** Why a template cannot be used; undefined: it can. */
export function templateProblem(template: string): string | undefined {
  const rest = template.replace(TOKEN, "");
  if (rest.includes("%")) return "has a % that begins no token such as %(rev)s";
  const unknown = [...template.matchAll(TOKEN)].flatMap(([, name]) =>
    name === undefined || TOKENS.includes(name) ? [] : [name],
  );
  if (unknown.length > 0)
    return `has the unknown token ${unknown.map((name) => `%(${name})s`).join(", ")}`;
  const parts = template.split("/");
  if (/[\\\0]/.test(template) || parts.some((part) => part === "" || part.startsWith(".")))
    return "must be a relative path whose parts do not begin with a dot";
  return undefined;
}

/** True for a timezone that the runtime knows. */
export function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Date and time in a zone, as numbers. */
export function dateParts(date: Date, timezone = "UTC"): Readonly<Record<string, number>> {
  const format = new Intl.DateTimeFormat("en", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return Object.fromEntries(
    format.formatToParts(date).map(({ type, value }) => [type, Number(value)]),
  );
}

/** The words of a message, joined by `_`, cut at a word's end. */
function slugOf(message: string, longest: number): string {
  const words = message.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  let slug = "";
  for (const word of words) {
    const longer = slug === "" ? word.slice(0, longest) : `${slug}_${word}`;
    if (longer.length > longest) break;
    slug = longer;
  }
  return slug;
}

/**
 * The file of a revision: `7c1f0a9d2e44_add_posts.ts`; words are cut at forty characters.
 *
 * @param message any text; without a letter or digit the id stands alone
 * @throws RevlineError config-invalid (a template that cannot be used)
 */
export function revisionFileName(id: string, message: string, naming: FileNaming = {}): string {
  const { template = DEFAULT_TEMPLATE, longestSlug = LONGEST_SLUG, extension = ".ts" } = naming;
  const problem = templateProblem(template);
  if (problem !== undefined) {
    throw new RevlineError("config-invalid", `The file template "${template}" ${problem}.`, {
      hint: `Tokens: ${TOKENS.map((name) => `%(${name})s`).join(" ")}.`,
    });
  }
  const { created = new Date() } = naming;
  const values: Readonly<Record<string, string | number>> = {
    ...dateParts(created, naming.timezone),
    epoch: Math.floor(created.getTime() / 1000),
    rev: id.replace(/[/\\\0]/g, "_"),
    slug: slugOf(message, longestSlug),
  };
  // without a word in the message there is no slug, and no separator before it
  const used = values["slug"] === "" ? template.replace(/[_-]*%\(slug\)[ds]/g, "") : template;
  const name = used.replace(TOKEN, (token, key: string | undefined, width = "0") =>
    key === undefined ? "%" : String(values[key] ?? token).padStart(Number(width), "0"),
  );
  return `${/(?:^|\/)$/.test(name) ? `${name}${String(values["rev"])}` : name}${extension}`;
}
