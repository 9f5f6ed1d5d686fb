import { type Argument, Command, CommanderError, Help, Option } from "commander";
import { RevlineError } from "../errors.ts";
import { suggest } from "../util/suggest.ts";
import { VERSION } from "../util/version.ts";
import { DEFINITIONS, type CommandDefinition, type OptionDefinition } from "./definitions.ts";
import { OptionValues } from "./option-values.ts";

/** What the command line says. */
export type Parsed =
  | {
      readonly kind: "command";
      readonly definition: CommandDefinition;
      readonly arguments: readonly string[];
      readonly options: OptionValues;
    }
  /** Help or version: ready text for stdout. */
  | { readonly kind: "text"; readonly text: string };

const GLOBAL_OPTIONS: readonly OptionDefinition[] = [
  {
    flags: "-c, --config <file>",
    description: "the config file (default: migrate.config.* here or above)",
  },
  { flags: "-n, --name <section>", description: "one of several databases of the config" },
  { flags: "--url <url>", description: "the database; wins over the config" },
  { flags: "--models <path>", description: "the models; wins over the config", repeatable: true },
  {
    flags: "-x <key=value>",
    description: "an argument that the config and revisions can read",
    repeatable: true,
  },
  { flags: "--json", description: "print the result as one JSON document" },
  { flags: "-q, --quiet", description: "print nothing but the result and errors" },
  { flags: "-v, --verbose", description: "say more; print each SQL statement with its time" },
  { flags: "--no-color", description: "no colours" },
  { flags: "--raiseerr", description: "print the stack of an error" },
  { flags: "--lock-timeout <seconds>", description: "how long to wait for another deployer" },
];

const EXIT_CODES = `
Exit codes: 0 done or yes; 1 failed; 2 the answer is no, or a decision is missing; 130 interrupted (143 by SIGTERM).`;

/**
 * Parses the command line. Nothing but the parser is loaded.
 *
 * @throws RevlineError usage
 */
export async function parse(argv: readonly string[]): Promise<Parsed> {
  let text = "";
  let parsed: Parsed | undefined;
  const root = new Command("migrate");
  root
    .description("Schema migrations for TypeScript: SQLite, PostgreSQL, MySQL, MariaDB.")
    .usage("<command> [arguments] [options]")
    .version(VERSION, "--version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .addHelpText("after", EXIT_CODES)
    .configureHelp({ subcommandTerm: termOf, formatHelp: commandsFirst });
  silence(root, (output) => (text += output));
  addOptions(root, GLOBAL_OPTIONS, false);

  for (const definition of DEFINITIONS) {
    const command = root
      .command(definition.name)
      .summary(definition.summary)
      .description(sentence(definition.summary));
    for (const alias of definition.aliases ?? []) command.alias(alias);
    if (definition.arguments !== undefined) command.arguments(definition.arguments);
    command.helpOption("-h, --help", "print help").allowExcessArguments(false);
    silence(command, (output) => (text += output));
    addOptions(command, definition.options ?? [], false);
    addOptions(command, GLOBAL_OPTIONS, true);
    const example = definition.example === undefined ? "" : `Example: ${definition.example}\n`;
    command.addHelpText(
      "after",
      `\n${example}More options, the same for every command: migrate --help`,
    );
    command.action(() => {
      const options = new OptionValues(merged(root.opts(), command.opts()));
      parsed = { kind: "command", definition, arguments: command.args, options };
    });
  }

  try {
    await root.parseAsync([...commandsWithDashes(argv)], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "text", text };
    throw usageError(error, argv);
  }
  if (parsed !== undefined) return parsed;
  throw noCommand();
}

function termOf(command: Command): string {
  const names = [command.name(), ...command.aliases()].join(", ");
  return [names, ...command.registeredArguments.map((argument) => humanReadable(argument))].join(
    " ",
  );
}

function humanReadable(argument: Argument): string {
  const word = `${argument.name()}${argument.variadic ? "…" : ""}`;
  return argument.required ? `<${word}>` : `[${word}]`;
}

/** Commander puts the options first; with so many commands they are what one looks for. */
function commandsFirst(command: Command, helper: Help): string {
  const text = Help.prototype.formatHelp.call(helper, command, helper);
  const found = /^(Options:\n[\s\S]*?\n\n)(Commands:\n[\s\S]*?\n)(?=\n|$(?![\s\S]))/m.exec(text);
  if (found === null) return text;
  const [both, options = "", commands = ""] = found;
  return text.replace(
    both,
    () => `${commands}\n${options.replace("Options:", "Options of every command:").trimEnd()}\n`,
  );
}

function silence(command: Command, write: (text: string) => void): void {
  command.exitOverride().configureOutput({ writeOut: write, writeErr: () => undefined });
}

/** Each command takes the global options too, so that they may stand behind its name. */
function addOptions(command: Command, options: readonly OptionDefinition[], global: boolean): void {
  for (const { flags, description, repeatable } of options) {
    const option = new Option(flags, description);
    if (repeatable === true)
      option.argParser((value: string, before: unknown) => [
        ...(isList(before) ? before : []),
        value,
      ]);
    if (global) option.hideHelp(flags !== "--json" && flags !== "-v, --verbose");
    command.addOption(option);
  }
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Global options from both places: lists are joined, `color` is false when either says so, else the later wins. */
function merged(
  root: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const all: Record<string, unknown> = { ...root };
  for (const [key, value] of Object.entries(own)) {
    const before = all[key];
    if (isList(before) && isList(value)) all[key] = [...before, ...value];
    else if (key === "color") all[key] = before !== false && value !== false;
    else all[key] = value;
  }
  return all;
}

/** `ensure_version` as well as `ensure-version`, where the command's name stands. */
function commandsWithDashes(argv: readonly string[]): readonly string[] {
  const names = new Set(
    DEFINITIONS.flatMap(({ name, aliases = [] }) => [name, name.replaceAll("-", "_"), ...aliases]),
  );
  const at = argv.findIndex((word) => names.has(word));
  return argv.map((word, place) => (place === at ? word.replaceAll("_", "-") : word));
}

const noCommand = (): RevlineError =>
  new RevlineError("usage", "No command was given.", {
    hint: "Run `migrate --help` for the list of commands.",
  });

function usageError(error: CommanderError, argv: readonly string[]): RevlineError {
  if (error.code === "commander.help") return noCommand();
  const definition = DEFINITIONS.find(({ name, aliases = [] }) =>
    argv.some((word) => word === name || aliases.includes(word)),
  );
  const message = sentence(error.message.replace(/^error: /, "").split("\n")[0] ?? "");
  return new RevlineError("usage", message, { hint: usageHint(error, message, definition) });
}

function usageHint(
  error: CommanderError,
  message: string,
  definition: CommandDefinition | undefined,
): string {
  const word = /'([^']+)'/.exec(message)?.[1] ?? "";
  if (error.code === "commander.unknownCommand") {
    const near = suggest(
      word,
      DEFINITIONS.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
    );
    return near === undefined
      ? "Run `migrate --help` for the list of commands."
      : `Did you mean \`migrate ${near}\`?`;
  }
  const help =
    definition === undefined
      ? "Run `migrate --help`."
      : `Run \`migrate ${definition.name} --help\`.`;
  if (error.code === "commander.unknownOption") {
    const flags = [...(definition?.options ?? []), ...GLOBAL_OPTIONS].flatMap(
      (option) => option.flags.match(/--[a-z-]+/g) ?? [],
    );
    const near = suggest(word.split("=")[0] ?? word, flags);
    return near === undefined ? help : `Did you mean ${near}? ${help}`;
  }
  return definition?.example === undefined ? help : `For instance: ${definition.example}`;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  const full = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(full) ? full : `${full}.`;
}
