import { expect, it } from "vitest";
import { catalog, differences, models, onBothServers, open, upgrade } from "./helpers.ts";
import { index, t, table } from "../../../src/schema/index.ts";

onBothServers((db) => {
  it.each([
    { what: "that the key can use", columns: ["a", "b"], own: undefined },
    { what: "that the key cannot use", columns: ["b", "a"], own: "KEY `p_ibfk_1` (`a`)" },
  ])("a new index takes the name of a key's own one, $what", async ({ columns, own }) => {
    const database = await db.create();
    // the server calls the index of a key without a name after its column
    await database.query(
      `CREATE TABLE u (id int primary key);
       CREATE TABLE p (id int primary key, a int, b int, FOREIGN KEY (a) REFERENCES u (id))`,
    );
    expect(await catalog(database)).toContain("KEY `a` (`a`)");
    const pointing = (...names: readonly string[]) =>
      models(
        table("u", { id: t.integer().primaryKey() }),
        table(
          "p",
          {
            id: t.integer().primaryKey(),
            a: t.integer().references("u.id", { name: "p_ibfk_1" }),
            b: t.integer(),
          },
          { with: () => names.map((name) => index(name).on(...columns)) },
        ),
      );
    const connection = await open(database);
    for (const wanted of [pointing("a"), pointing(), pointing("a")]) {
      await upgrade(connection, wanted);
      expect(await differences(connection, wanted)).toEqual([]);
    }
    expect(await catalog(database)).toContain(`KEY \`a\` (\`${columns.join("`,`")}\`)`);
    if (own !== undefined) expect(await catalog(database)).toContain(own);
    await connection.close();
  });
});
