/** Event triggers: what runs when the schema changes (PostgreSQL). */
import type { ObjectKind } from "../contract.ts";
import { postgresql } from "./postgresql.ts";
import type { EventTrigger } from "../../schema/objects/types.ts";

export const eventTriggerKind: ObjectKind<EventTrigger> = {
  kind: "eventTrigger",
  is: (object): object is EventTrigger => object.kind === "eventTrigger",
  dialects: { postgresql },
};
