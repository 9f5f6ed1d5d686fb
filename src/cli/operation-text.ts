import { describe } from "../operations/describe.ts";
import type { Hazard } from "../operations/hazards.ts";
import type { Operation, OperationKind } from "../operations/operation.ts";
import type { Style } from "./style.ts";

/** Operations whose words name what they are about; the others have their table in front. */
const SELF_EXPLAINING: ReadonlySet<OperationKind> = new Set<OperationKind>([
  "createTable",
  "dropTable",
  "renameTable",
  "createSchema",
  "dropSchema",
  "invoke",
  "createObject",
  "dropObject",
  "alterObject",
  "createEnum",
  "dropEnum",
  "alterEnum",
  "renameEnumValue",
  "execute",
]);

/** What a person must know before: ` (! drops the column's data)`. */
export function hazardText(dangers: readonly Hazard[], style?: Style): string {
  if (dangers.length === 0) return "";
  const words = `(! ${dangers.map(({ text }) => text).join("; ")})`;
  return ` ${style === undefined ? words : style.changed(words)}`;
}

/** One line: `+ post: add column subtitle varchar(200)`. */
export function operationLine(operation: Operation, style: Style): string {
  const { symbol, subject, text, hazards: dangers = [] } = describe(operation);
  const colours = { "+": style.added, "-": style.removed, "~": style.changed, ">": style.dim };
  const front = SELF_EXPLAINING.has(operation.kind) ? "" : `${subject}: `;
  return `${colours[symbol](symbol)} ${front}${text}${hazardText(dangers, style)}`;
}
