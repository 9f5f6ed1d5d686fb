import { describe } from "../operations/describe.ts";
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
  "execute",
]);

/** One line: `+ post: add column subtitle varchar(200)`. */
export function operationLine(operation: Operation, style: Style): string {
  const { symbol, subject, text } = describe(operation);
  const colours = { "+": style.added, "-": style.removed, "~": style.changed, ">": style.dim };
  const front = SELF_EXPLAINING.has(operation.kind) ? "" : `${subject}: `;
  return `${colours[symbol](symbol)} ${front}${text}`;
}
