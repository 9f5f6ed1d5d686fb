import { quote } from "./spelling.ts";
import type { ServerInfo } from "../contract.ts";
import type { ColumnType, TableName } from "../../schema/types.ts";

/** Types of the server's own: `pg_catalog` is searched before any schema of the user's, so they hide types of the same name. */
const OWN: ReadonlySet<string> = new Set(
  `aclitem any anyarray anycompatible anycompatiblearray anycompatiblemultirange anycompatiblenonarray anycompatiblerange anyelement anyenum
  anymultirange anynonarray anyrange bit bool box bpchar bytea char cid cidr circle cstring date datemultirange daterange event_trigger fdw_handler
  float4 float8 gtsvector index_am_handler inet int2 int2vector int4 int4multirange int4range int8 int8multirange int8range internal interval json
  jsonb jsonpath language_handler line lseg macaddr macaddr8 money name numeric nummultirange numrange oid oidvector path point polygon record
  refcursor regclass regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole regtype table_am_handler
  text tid time timestamp timestamptz timetz trigger tsm_handler tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot
  unknown uuid varbit varchar void xid xid8 xml`.split(/\s+/),
);

/** True where an unqualified name would mean a type of the server's own. */
export function isHidden({ schema, name }: TableName): boolean {
  return schema === undefined && OWN.has(name);
}

/** Quoted names without quotes where they need none, as the catalog writes them. */
export function plainQuotes(sql: string): string {
  return sql.replace(/"((?:[^"]|"")*)"/g, (quoted, name: string) =>
    /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoted,
  );
}

/** The path of a type of the user's own, quoted; with the schema where it could be taken for another. */
export function typePath(
  type: TableName,
  { defaultSchema = "public" }: Pick<ServerInfo, "defaultSchema">,
): string {
  if (type.schema !== undefined) return quote(type.schema, type.name);
  return isHidden(type) ? quote(defaultSchema, type.name) : quote(type.name);
}

/** The type with the schema written out where the bare name would mean another. */
export function visibleType(
  type: ColumnType,
  server: Pick<ServerInfo, "defaultSchema">,
): ColumnType {
  if (type.name === "array") return { name: "array", element: visibleType(type.element, server) };
  const { defaultSchema: schema = "public" } = server;
  if (type.name !== "enum" || type.enumName === undefined) return type;
  return isHidden({
    name: type.enumName,
    ...(type.schema === undefined ? {} : { schema: type.schema }),
  })
    ? { ...type, schema }
    : type;
}
