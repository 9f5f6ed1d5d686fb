import type { MetaData } from "../schema/types.ts";

/** Every name of tables and what they are made of, for a database's own check. */
export function checkTableNames({ tables }: MetaData, check: (name: string) => unknown): void {
  for (const { schema, name, columns, constraints, indexes } of tables) {
    const items = [...constraints, ...indexes].flatMap((item) => item.name ?? []);
    const all = [name, ...(schema === undefined ? [] : [schema]), ...items];
    for (const each of [...all, ...columns.map((column) => column.name)]) check(each);
  }
}
