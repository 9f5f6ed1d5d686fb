import { describe, expect, it } from "vitest";
import { Flow } from "../laws/flow.ts";
import { evaluateModels } from "../render/run-models.ts";
import { forEachDatabase } from "../support/databases.ts";
import { renderModels } from "../../src/render/index.ts";
import { laidOut, withBareNames, writtenQuery } from "../../src/objects/view/mysql-layout.ts";

describe("the text of a view", () => {
  it("has a line for each column, clause and join", () => {
    const query =
      "select `a`.`id` AS `id`,concat(`b`.`x`,', from ',`b`.`y`) AS `xy`,(select max(`c`.`z`) from `c` join `d`) AS `most` " +
      "from ((`a` left join `b` on((`a`.`id` = `b`.`a_id`))) join (select 1 from `e` join `f`) `g`) where (`a`.`x` = 1) " +
      "group by `a`.`id`,`xy` order by `a`.`id` union all select 1 AS `1`,2 AS `2`,left(`h`.`i`,3) AS `j` from `h`";
    expect(laidOut(query).split("\n")).toEqual([
      "select `a`.`id` AS `id`,",
      "  concat(`b`.`x`,', from ',`b`.`y`) AS `xy`,",
      "  (select max(`c`.`z`) from `c` join `d`) AS `most`",
      "from ((`a`",
      "  left join `b` on((`a`.`id` = `b`.`a_id`)))",
      "  join (select 1 from `e` join `f`) `g`)",
      "where (`a`.`x` = 1)",
      "group by `a`.`id`,`xy`",
      "order by `a`.`id`",
      "union all",
      "select 1 AS `1`,",
      "  2 AS `2`,",
      "  left(`h`.`i`,3) AS `j`",
      "from `h`",
    ]);
  });

  it("is one line when it is short", () => {
    const query = "select `a`.`b` AS `b` from `a`";
    expect(writtenQuery(query, undefined)).toBe(query);
    expect(writtenQuery(query, new Set())).toBe("select a.b AS b from a");
  });

  it("has quotes around names that need them", () => {
    const keywords = new Set(["order", "all", "name"]);
    expect(
      withBareNames(
        "select `a`.`order` AS `order`,`f`(`a`.`b`) AS `B`,(`a`.`all` * 2) AS `2x`,`a`.`name` AS `é` from `a``b` `a`",
        keywords,
      ),
    ).toBe(
      "select a.order AS `order`,`f`(a.b) AS `B`,(a.`all` * 2) AS `2x`,a.name AS `é` from `a``b` a",
    );
    expect(withBareNames("select `a`.`b`", undefined)).toBe("select `a`.`b`");
  });
});

forEachDatabase((db) => {
  describe.runIf(db.family === "mysql" || db.family === "mariadb")("views of any names", () => {
    it("are made from their models as they were", async () => {
      const [from, to] = [await db.create(), await db.create()];
      await from.query(
        "CREATE TABLE `order` (`all` int, `distinct` int, `Group` int, `rank` int, `a b` int, `é` int, `value` int, name varchar(9), `div` int)",
      );
      await from.query("CREATE TABLE `left` (`join` int, second int, `from` date)");
      await from.query(
        "CREATE VIEW `select` AS SELECT `order`.`all` * 2 AS `where`, `distinct` * `div` AS `x`, `Group`, `rank`, `a b`, `é`, `value` AS `offset`, name, " +
          "count(*) OVER (PARTITION BY `rank` ORDER BY `order`.`Group` DESC) AS `window`, `left`.`from` + INTERVAL `second` SECOND AS `interval` " +
          "FROM `order` LEFT JOIN `left` ON `order`.`all` = `left`.`join` WHERE `order`.`div` > 1 OR `left`.`second` BETWEEN 1 AND 2 UNION ALL SELECT 1, 2, 3, 4, 5, 6, 7, '8', 9, NULL LIMIT 7",
      );
      await from.query(
        "CREATE VIEW counted AS SELECT `where`, group_concat(DISTINCT name ORDER BY `offset` SEPARATOR ' from ') AS names FROM `select` GROUP BY `where` HAVING count(*) > 0 ORDER BY 1 LIMIT 3",
      );
      const [before, after] = [await Flow.open(from.url), await Flow.open(to.url)];
      try {
        const text = renderModels(await before.reflect());
        const models = evaluateModels(text);
        expect(await before.check(models)).toEqual([]);
        await after.autogenerate(models);
        await after.upgrade();
        expect(await after.check(models)).toEqual([]);
        expect(renderModels(await after.reflect())).toBe(text);
        for (const name of ["select", "counted"]) {
          const [made] = await to.query(`SHOW CREATE VIEW \`${name}\``);
          const [given] = await from.query(`SHOW CREATE VIEW \`${name}\``);
          expect(made?.["Create View"]).toBe(given?.["Create View"]);
        }
      } finally {
        await before.close();
        await after.close();
      }
    });
  });
});
