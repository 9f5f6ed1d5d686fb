/** Virtual tables of SQLite: the text of a module's arguments; what is behind them is the module's. */
import type { ObjectKind } from "../contract.ts";
import { sqlite } from "./sqlite.ts";
import type { VirtualTable } from "../../schema/objects/types.ts";

export const virtualTableKind: ObjectKind<VirtualTable> = {
  kind: "virtualTable",
  is: (object): object is VirtualTable => object.kind === "virtualTable",
  dialects: { sqlite },
};
