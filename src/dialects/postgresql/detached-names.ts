import { block } from "./aside.ts";
import { quoteTable, quoteText } from "./spelling.ts";
import type { TableName } from "../../schema/types.ts";

/**
 * Gives what a partition has of its parent's indexes and keys the names that the revision knows it by: one that
 * was attached with indexes of its own keeps theirs, and so does one that is renamed, or of which a column is.
 * Two of them may have each other's name.
 *
 * @param names what each is to be called, by the name of the parent's
 * @see https://www.postgresql.org/docs/current/sql-altertable.html (ATTACH PARTITION)
 */
export function takeDetachedNames(
  table: TableName,
  names: Readonly<Record<string, string>>,
): readonly string[] {
  if (Object.keys(names).length === 0) return [];
  const path = quoteTable(table);
  const child = `${quoteText(path)}::regclass`;
  return [
    block(`
  DECLARE
    aside text;
    back text;
  BEGIN
    WITH RECURSIVE above AS (
      SELECT k.oid, k.conname AS name, k.conname AS root, k.conparentid AS parent FROM pg_constraint k
      WHERE k.conrelid = ${child} AND k.contype = 'f' AND k.conparentid <> 0
      UNION ALL SELECT a.oid, a.name, k.conname, k.conparentid FROM above a JOIN pg_constraint k ON k.oid = a.parent
    ), items AS (
      SELECT replace(format('ALTER INDEX %I.', n.nspname), '%', '%%') || '%I RENAME TO %I' AS change, c.oid, c.relname AS name, p.relname AS root
      FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class p ON p.oid <> c.oid AND p.oid IN (SELECT pg_partition_ancestors(c.oid))
      WHERE x.indrelid = ${child}
      UNION ALL SELECT replace(${quoteText(`ALTER TABLE ${path} RENAME CONSTRAINT `)}, '%', '%%') || '%I TO %I', oid, name, root FROM above
    )
    SELECT string_agg(format(i.change, i.name, 'revline_' || i.oid), '; '), string_agg(format(i.change, 'revline_' || i.oid, w.value), '; ') INTO aside, back
    FROM items i JOIN jsonb_each_text(${quoteText(JSON.stringify(names))}) w ON w.key = i.root WHERE w.value <> i.name;
    IF aside IS NOT NULL THEN EXECUTE aside; EXECUTE back; END IF;
  END `),
  ];
}
