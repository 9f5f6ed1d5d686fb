/** Events of MySQL and MariaDB: statements that the server runs by a schedule. */
import type { ObjectKind } from "../contract.ts";
import { mysql } from "./mysql.ts";
import type { ScheduledEvent } from "../../schema/objects/types.ts";

export const eventKind: ObjectKind<ScheduledEvent> = {
  kind: "event",
  is: (object): object is ScheduledEvent => object.kind === "event",
  dialects: { mysql },
};
