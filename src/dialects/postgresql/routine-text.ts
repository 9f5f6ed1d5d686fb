import { dollarQuoted } from "./aside.ts";
import { comment } from "./compile.ts";
import { objectPath } from "./object-path.ts";
import type { Routine } from "./routine-rows.ts";
import { quote, quoteTable, quoteText, render } from "./spelling.ts";
import type { ServerInfo } from "../contract.ts";
import type { RoutineParameter } from "../../schema/objects/types.ts";
import type { ObjectName } from "../../schema/objects/types.ts";

/** Settings whose value is a list of names: each is quoted by itself. */
const LISTS: ReadonlySet<string> = new Set([
  "search_path",
  "temp_tablespaces",
  "local_preload_libraries",
  "session_preload_libraries",
]);

/** `"$user", public` as a list of texts. */
function listItems(value: string): readonly string[] {
  const items = value.match(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[^,]+/g) ?? [""];
  return items
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map((item) =>
      /^["']/.test(item)
        ? item.slice(1, -1).replaceAll(`${item.charAt(0)}${item.charAt(0)}`, item.charAt(0))
        : item,
    );
}

/** A setting's value in the catalog's spelling. */
export function settingValue(name: string, value: string): string {
  if (!LISTS.has(name)) return value;
  return listItems(value)
    .map((item) => (/^[a-z_][a-z0-9_]*$/.test(item) ? item : `"${item.replaceAll('"', '""')}"`))
    .join(", ");
}

function settingText(name: string, value: string): string {
  const said = LISTS.has(name)
    ? listItems(value).map(quoteText).join(", ") || "''"
    : quoteText(value);
  return `SET ${name} TO ${said}`;
}

function parameterText({ name, type, mode, default: value }: RoutineParameter): string {
  return [
    ...(mode === undefined ? [] : [mode.toUpperCase()]),
    ...(name === undefined ? [] : [quote(name)]),
    type,
    ...(value === undefined ? [] : [`DEFAULT ${render(value)}`]),
  ].join(" ");
}

/** `RETURN …` and `BEGIN ATOMIC … END` stand as they are; any other body is a text in quotes. */
function isStandardBody(routine: Routine, body: string): boolean {
  const { language = "sql" } = routine;
  return language.toLowerCase() === "sql" && /^\s*(?:RETURN\b|BEGIN\s+ATOMIC\b)/i.test(body);
}

function bodyText(routine: Routine): string {
  const body = render(routine.body);
  if (isStandardBody(routine, body)) return body;
  const library = routine.options?.postgresql?.["library"];
  if (library !== undefined) return `AS ${quoteText(String(library))}, ${quoteText(body)}`;
  return `AS ${dollarQuoted(body)}`;
}

function functionWords(routine: Routine): readonly string[] {
  if (routine.kind === "procedure") return [];
  const { volatility, strict, leakproof, parallel, cost, rows, support, window } = routine;
  return [
    ...(window === true ? ["WINDOW"] : []),
    ...(volatility === undefined ? [] : [volatility.toUpperCase()]),
    ...(strict === true ? ["STRICT"] : []),
    ...(leakproof === true ? ["LEAKPROOF"] : []),
    ...(parallel === undefined ? [] : [`PARALLEL ${parallel.toUpperCase()}`]),
    ...(cost === undefined ? [] : [`COST ${String(cost)}`]),
    ...(rows === undefined ? [] : [`ROWS ${String(rows)}`]),
    ...(support === undefined ? [] : [`SUPPORT ${support}`]),
  ];
}

/** `FUNCTION "add"(…) RETURNS …` with all that stands behind it. */
export function routineDefinition(routine: Routine, path = quoteTable(routine)): string {
  const { kind, parameters = [], language = "sql", security, set = {} } = routine;
  const returns =
    routine.kind === "function" && routine.returns !== undefined
      ? [`RETURNS ${routine.returns}`]
      : [];
  return [
    `${kind.toUpperCase()} ${path}(${parameters.map(parameterText).join(", ")})`,
    ...returns,
    `LANGUAGE ${quote(language.toLowerCase())}`,
    ...functionWords(routine),
    ...(security === "definer" ? ["SECURITY DEFINER"] : []),
    ...Object.entries(set).map(([name, value]) => settingText(name, value)),
    bodyText(routine),
  ].join(" ");
}

/** The path with the types that tell it from others of its name. */
export function routinePath(
  routine: ObjectName,
  server: Pick<ServerInfo, "defaultSchema">,
): string {
  return `${objectPath(routine, server)}(${routine.arguments ?? ""})`;
}

/** The comment where it is another one than before. */
export function routineComment(
  from: Routine | undefined,
  to: Routine,
  server: Pick<ServerInfo, "defaultSchema">,
): readonly string[] {
  return (from?.comment ?? "") === (to.comment ?? "")
    ? []
    : [comment(`${to.kind.toUpperCase()} ${routinePath(to, server)}`, to.comment)];
}
