import { quote } from "./spelling.ts";
import type { ServerInfo } from "../contract.ts";
import type { TableName } from "../../schema/types.ts";

/**
 * The path of an object that is there, always with its schema: `pg_catalog` is searched before any schema
 * of the user's, so a bare name could be the server's own (a function `gen_random_uuid`, a configuration
 * `english`), which would be commented, altered or dropped in its place.
 */
export function objectPath(
  { schema, name }: TableName,
  { defaultSchema = "public" }: Pick<ServerInfo, "defaultSchema">,
): string {
  return quote(schema ?? defaultSchema, name);
}
