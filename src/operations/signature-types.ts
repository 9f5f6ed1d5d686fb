/**
 * First words of types that the databases have of their own. PostgreSQL looks them up before any schema of the
 * user's, so a table of such a name (`date`, `path`, `text`) is meant only with its schema.
 * https://www.postgresql.org/docs/current/datatype.html
 */
const OWN_TYPES: ReadonlySet<string> = new Set(
  [
    "bigint bigserial bit bool boolean box bpchar bytea char character cid cidr circle date decimal double float",
    "float4 float8 inet int int2 int4 int8 integer interval json jsonb jsonpath line lseg macaddr macaddr8 money name",
    "national numeric oid path pg_lsn point polygon real record refcursor regclass regproc regtype serial smallint",
    "text tid time timestamp timestamptz timetz trigger tsquery tsvector uuid varbit varchar void xid xml",
  ].flatMap((words) => words.split(" ")),
);

const FIRST_WORD = /^\s*(?:setof\s+)?([\p{L}_][\p{L}\p{N}_$]*)(?![\p{L}\p{N}_$]*\s*\.)/iu;
const TABLE = /^\s*table\s*\((.*)\)\s*$/isu;
const COLUMNS = /(?:"(?:[^"]|"")*"|\([^()]*\)|[^,("])+/gu;
const COLUMN_NAME = /^\s*(?:"(?:[^"]|"")*"|[^\s"]+)\s+/u;

/**
 * The types in a type, or in what a function returns, that may be a user's: of `TABLE(date date, user public.users)`
 * it is `public.users` alone.
 */
export function usersTypes(type: string): readonly string[] {
  const columns = TABLE.exec(type)?.[1];
  if (columns !== undefined)
    return (columns.match(COLUMNS) ?? []).flatMap((column) =>
      usersTypes(column.replace(COLUMN_NAME, "")),
    );
  const word = FIRST_WORD.exec(type)?.[1];
  return word !== undefined && OWN_TYPES.has(word.toLowerCase()) ? [] : [type];
}
