import { historySql } from "../history.ts";
import { tableName } from "./compile.ts";
import { literal, quote } from "./spelling.ts";

export const history = historySql({
  quoteTable: (table) => quote(tableName(table)),
  literal,
  id: "INTEGER PRIMARY KEY AUTOINCREMENT",
  time: { type: "TEXT", now: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')" },
  timeText: (column) => column,
});
