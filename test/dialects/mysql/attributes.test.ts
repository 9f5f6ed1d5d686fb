import { describe, expect, it } from "vitest";
import {
  catalog,
  differences,
  models,
  onBothServers,
  open,
  roundTrip,
  upgrade,
} from "./helpers.ts";
import { mysql } from "../../../src/dialects/mysql/index.ts";
import { index, t, table } from "../../../src/schema/index.ts";
import type { MetaData } from "../../../src/schema/types.ts";
import type { DatabaseUnderTest } from "../../support/databases.ts";

/** Two states of a table as SQL; each is what the other becomes, and back. */
interface Change {
  readonly what: string;
  readonly only?: "mysql" | "mariadb";
  readonly a: string;
  readonly b: string;
}

const KEYED = "id int NOT NULL, at date NOT NULL, PRIMARY KEY (id, at)";
const byRange = (...partitions: readonly string[]): string =>
  `CREATE TABLE t (${KEYED}) PARTITION BY RANGE (year(at)) (${partitions.map((one, place) => `PARTITION p${String(place)} VALUES LESS THAN ${one}`).join(", ")})`;

const CHANGES: readonly Change[] = [
  {
    what: "partitions come",
    a: `CREATE TABLE t (id int NOT NULL PRIMARY KEY, at date NOT NULL)`,
    b: byRange("(2021)", "MAXVALUE"),
  },
  {
    what: "partitions are added",
    a: byRange("(2021)"),
    b: byRange("(2021)", "(2022)", "(2023) COMMENT 'it''s'"),
  },
  {
    what: "partitions are parted",
    a: byRange("(2021)", "MAXVALUE"),
    b: byRange("(2021)", "(2022)", "MAXVALUE"),
  },
  {
    what: "another method, with subpartitions",
    a: `CREATE TABLE t (${KEYED}) PARTITION BY LIST (id) SUBPARTITION BY HASH (to_days(at)) SUBPARTITIONS 2 (PARTITION a VALUES IN (1, 2, NULL), PARTITION \`b c\` VALUES IN (3))`,
    b: `CREATE TABLE t (${KEYED}) PARTITION BY RANGE COLUMNS (at) SUBPARTITION BY LINEAR KEY (id) (PARTITION a VALUES LESS THAN ('2020-01-01') (SUBPARTITION s0, SUBPARTITION s1), PARTITION b VALUES LESS THAN (MAXVALUE) (SUBPARTITION s2, SUBPARTITION s3))`,
  },
  {
    what: "a number of partitions",
    a: `CREATE TABLE t (${KEYED}) PARTITION BY KEY () PARTITIONS 4`,
    b: `CREATE TABLE t (${KEYED}) PARTITION BY LINEAR HASH (id) PARTITIONS 3`,
  },
  {
    what: "a column that the partitions are by is renamed and another has its key",
    a: `CREATE TABLE t (id int NOT NULL, s varchar(9) NOT NULL, PRIMARY KEY (id, s)) PARTITION BY LIST COLUMNS (s) (PARTITION a VALUES IN ('x', 'ä'), PARTITION b VALUES IN ('y''z'))`,
    b: `CREATE TABLE t (id int NOT NULL, r varchar(9) NOT NULL, PRIMARY KEY (r)) PARTITION BY LIST COLUMNS (r) (PARTITION a VALUES IN ('x', 'ä'))`,
  },
  {
    what: "options of the storage",
    a: `CREATE TABLE t (id int) MAX_ROWS=9 STATS_PERSISTENT=1 STATS_SAMPLE_PAGES=30 ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8`,
    b: `CREATE TABLE t (id int) STATS_PERSISTENT=0 PACK_KEYS=1 ROW_FORMAT=REDUNDANT`,
  },
  {
    what: "engines",
    a: `CREATE TABLE t (id int, KEY k (id)) ENGINE=MyISAM CHECKSUM=1`,
    b: `CREATE TABLE t (id int, KEY k (id)) ENGINE=MEMORY MAX_ROWS=10`,
  },
  {
    what: "four-byte characters in defaults",
    a: `CREATE TABLE t (a varchar(10) DEFAULT '😀', b varchar(9) DEFAULT '?', c text DEFAULT ('x😀'), CHECK (a <> '😀😀'))`,
    b: `CREATE TABLE t (a varchar(10) DEFAULT '?😀', b varchar(9) DEFAULT '😀', c text DEFAULT ('😀?'), CHECK (a <> '😀?'))`,
  },
  {
    what: "odd values of enums",
    a: `CREATE TABLE t (a enum('a,b','it''s','c\\\\d','"q"','') DEFAULT 'it''s', b set('x','y z') DEFAULT 'x,y z')`,
    b: `CREATE TABLE t (a enum('a,b','it''s','c\\\\d','(',')','new\\nline') DEFAULT 'c\\\\d', b set('x','y z','q''') DEFAULT 'q''')`,
  },
  {
    what: "parsers of words",
    only: "mysql",
    a: `CREATE TABLE t (a text, FULLTEXT KEY f (a))`,
    b: `CREATE TABLE t (a text, FULLTEXT KEY f (a) WITH PARSER ngram COMMENT 'x')`,
  },
  {
    what: "secondary engines",
    only: "mysql",
    a: `CREATE TABLE t (a int NOT SECONDARY, g point NOT NULL SRID 4326)`,
    b: `CREATE TABLE t (a int, g point NOT NULL SRID 0) SECONDARY_ENGINE=rapid`,
  },
  {
    what: "reference systems under indexes",
    only: "mysql",
    a: `CREATE TABLE t (g point NOT NULL SRID 4326, h point NOT NULL SRID 0, SPATIAL KEY k (g), SPATIAL KEY l (h))`,
    b: `CREATE TABLE t (g point NOT NULL SRID 0, h point NOT NULL SRID 3857, SPATIAL KEY l (h))`,
  },
  {
    what: "display widths",
    only: "mariadb",
    a: `CREATE TABLE t (a int(5), b bigint(10) unsigned, c tinyint(1) unsigned, d smallint(3) zerofill)`,
    b: `CREATE TABLE t (a int, b bigint(11) unsigned, c tinyint unsigned, d smallint(4) zerofill)`,
  },
  {
    what: "system versioning",
    only: "mariadb",
    a: `CREATE TABLE t (id int PRIMARY KEY, a int)`,
    b: `CREATE TABLE t (id int PRIMARY KEY, a int WITHOUT SYSTEM VERSIONING, b int) WITH SYSTEM VERSIONING`,
  },
  {
    what: "system versioning with columns and partitions",
    only: "mariadb",
    a: `CREATE TABLE t (id int)`,
    b: `CREATE TABLE t (id int, s timestamp(6) GENERATED ALWAYS AS ROW START INVISIBLE, e timestamp(6) GENERATED ALWAYS AS ROW END COMMENT 'x', PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME LIMIT 1000 (PARTITION h HISTORY, PARTITION c CURRENT)`,
  },
  {
    what: "periods",
    only: "mariadb",
    a: `CREATE TABLE t (id int, a date, b date, PERIOD FOR \`x y\` (a, b), UNIQUE u (id, \`x y\` WITHOUT OVERLAPS))`,
    b: `CREATE TABLE t (id int, a date NOT NULL, b date NOT NULL, CONSTRAINT \`x y\` CHECK (a < b), UNIQUE u (id, a))`,
  },
  {
    what: "compressed columns and tables",
    only: "mariadb",
    a: `CREATE TABLE t (a text COMPRESSED, b varchar(99) COMPRESSED NOT NULL) page_compressed=1`,
    b: `CREATE TABLE t (a text, b varchar(99) CHARACTER SET latin1 COMPRESSED) ENGINE=MyISAM`,
  },
  {
    what: "reference systems",
    only: "mariadb",
    a: `CREATE TABLE t (g point NOT NULL, SPATIAL KEY k (g))`,
    b: `CREATE TABLE t (g geometry REF_SYSTEM_ID=4326 NOT NULL, h point REF_SYSTEM_ID=3857)`,
  },
  {
    what: "tables of MERGE",
    a: `CREATE TABLE p (id int, KEY k (id)) ENGINE=MyISAM; CREATE TABLE \`q, r\` (id int, KEY k (id)) ENGINE=MyISAM;
      CREATE TABLE t (id int, KEY k (id)) ENGINE=MERGE UNION=(p, \`q, r\`) INSERT_METHOD=LAST`,
    b: `CREATE TABLE p (id int, KEY k (id)) ENGINE=MyISAM; CREATE TABLE \`q, r\` (id int, KEY k (id)) ENGINE=MyISAM;
      CREATE TABLE t (id int, KEY k (id)) ENGINE=MERGE UNION=(\`q, r\`)`,
  },
  {
    what: "keys of other engines",
    a: `CREATE TABLE t (a int NOT NULL, b int, PRIMARY KEY (a) USING BTREE, KEY k (b) USING BTREE, UNIQUE KEY u (b) USING BTREE) ENGINE=MEMORY;
      CREATE TABLE s (a int, KEY k (a) KEY_BLOCK_SIZE=2048) ENGINE=MyISAM`,
    b: `CREATE TABLE t (a int NOT NULL, b int, PRIMARY KEY (a), KEY k (b), UNIQUE KEY u (b)) ENGINE=MEMORY;
      CREATE TABLE s (a int, KEY k (a)) ENGINE=MyISAM`,
  },
  {
    what: "primary keys",
    a: `CREATE TABLE t (a int, b int, PRIMARY KEY (a DESC, b) COMMENT 'it''s')`,
    b: `CREATE TABLE t (a int, b int, PRIMARY KEY (a, b DESC))`,
  },
  {
    what: "attributes for engines",
    only: "mysql",
    a: `CREATE TABLE t (a int SECONDARY_ENGINE_ATTRIBUTE '{"b c":[1,2],"a":"it''s"}', b int, PRIMARY KEY (a) SECONDARY_ENGINE_ATTRIBUTE '{"p":1}', UNIQUE KEY u (b) SECONDARY_ENGINE_ATTRIBUTE '{"k":1}', KEY k (b)) SECONDARY_ENGINE_ATTRIBUTE='{"t":1}'`,
    b: `CREATE TABLE t (a int, b int SECONDARY_ENGINE_ATTRIBUTE '{}', PRIMARY KEY (a), UNIQUE KEY u (b), KEY k (b) SECONDARY_ENGINE_ATTRIBUTE '{"k":2}') SECONDARY_ENGINE_ATTRIBUTE='{"t": 2}'`,
  },
  {
    what: "tablespaces",
    only: "mysql",
    a: `CREATE TABLE t (a int) AUTOEXTEND_SIZE=4M; CREATE TABLE \`u é$\` (a int) TABLESPACE innodb_system; CREATE TABLE plain (a int)`,
    b: `CREATE TABLE t (a int) TABLESPACE innodb_system; CREATE TABLE \`u é$\` (a int) AUTOEXTEND_SIZE=8M; CREATE TABLE plain (a int)`,
  },
  {
    what: "engines of MariaDB",
    only: "mariadb",
    a: `CREATE TABLE t (a int) ENGINE=Aria TRANSACTIONAL=1 PAGE_CHECKSUM=1 ROW_FORMAT=PAGE; CREATE TABLE u (a int NOT NULL) ENGINE=CSV ietf_quotes=yes`,
    b: `CREATE TABLE t (a int) ENGINE=Aria; CREATE TABLE u (a int NOT NULL) ENGINE=CSV`,
  },
  {
    what: "types of MariaDB",
    only: "mariadb",
    a: `CREATE TABLE t (a inet4, b uuid, c json, d longtext COLLATE utf8mb4_bin)`,
    b: `CREATE TABLE t (a inet6 DEFAULT '::1', b uuid DEFAULT uuid(), c longtext, d json DEFAULT '{}')`,
  },
];

/** What a database made by SQL holds, and how the server shows it. */
async function made(
  db: DatabaseUnderTest,
  sql: string,
): Promise<{ readonly metadata: MetaData; readonly shown: string }> {
  const database = await db.create();
  await database.query(sql);
  const connection = await open(database);
  const metadata = await mysql.reflect(connection, {});
  expect(metadata.skipped).toEqual([]);
  expect(await differences(connection, metadata)).toEqual([]);
  await connection.close();
  return { metadata, shown: await catalog(database) };
}

onBothServers((db) => {
  describe("attributes", () => {
    for (const { what, only, a, b } of CHANGES.filter(
      (change) => change.only === undefined || change.only === db.family,
    )) {
      it(`changes there and back: ${what}${only === undefined ? "" : ` (${only})`}`, async () => {
        const [before, after] = [await made(db, a), await made(db, b)];
        for (const { metadata, shown } of [before, after]) {
          const database = await db.create();
          const connection = await open(database);
          await upgrade(connection, metadata);
          expect(await catalog(database)).toBe(shown);
          await connection.close();
        }
        await roundTrip(db, before.metadata, after.metadata);
        await roundTrip(db, after.metadata, before.metadata);
      });
    }

    it.runIf(db.family === "mysql")("keeps what it does not compare of a column", async () => {
      const database = await db.create();
      await database.query(
        `CREATE TABLE t (id int PRIMARY KEY, a varchar(9) COLUMN_FORMAT FIXED STORAGE DISK SECONDARY_ENGINE_ATTRIBUTE '{"a": 1}', KEY k (a)) CHARSET latin1`,
      );
      const connection = await open(database);
      const bare = table(
        "t",
        {
          id: t.integer().primaryKey(),
          a: t.varchar(30).options({ secondaryEngineAttribute: `{"a":1}` }),
        },
        { mysql: { charset: "utf8mb4" }, with: (c) => [index("k").on(c.a)] },
      );
      await upgrade(connection, models(bare));
      expect(await differences(connection, models(bare))).toEqual([]);
      expect(await catalog(database)).toContain(
        "`a` varchar(30) /*!50606 STORAGE DISK */ /*!50606 COLUMN_FORMAT FIXED */ DEFAULT NULL /*!80021 SECONDARY_ENGINE_ATTRIBUTE '{\"a\": 1}' */",
      );
      await connection.close();
    });

    it("takes the default that a compressed column has by itself for none", async () => {
      const database = await db.create();
      const connection = await open(database);
      const compressed = t.text().notNull().options({ compressed: true });
      const wanted = models(table("t", { id: t.integer().primaryKey(), a: compressed }));
      await upgrade(connection, wanted);
      expect(await differences(connection, wanted)).toEqual([]);
      await connection.close();
    });

    it("reports a table that the server does not show", async () => {
      const database = await db.create();
      await database.query("CREATE TABLE t (id int) ENGINE=MERGE UNION=(gone)");
      const connection = await open(database);
      const { tables, skipped } = await mysql.reflect(connection, {});
      expect(tables.map(({ name }) => name)).toEqual(["t"]);
      expect(skipped).toMatchObject([{ kind: "table options", name: "t" }]);
      await connection.close();
    });

    it("takes partitions in any spelling, keeps the rows, and never drops one with them", async () => {
      const database = await db.create();
      const connection = await open(database);
      const wanted = (partitionBy: string): MetaData =>
        models(
          table(
            "t",
            { id: t.integer().primaryKey(), at: t.date().primaryKey() },
            { mysql: { partitionBy } },
          ),
        );
      const two =
        "range (YEAR(at)) (partition a values less than (2021), partition b values less than (maxvalue))";
      await upgrade(connection, wanted(two));
      expect(await differences(connection, wanted(two))).toEqual([]);
      await database.query("INSERT INTO t VALUES (1, '2020-01-01'), (2, '2023-01-01')");
      await upgrade(connection, wanted(two.replace("partition a values less than (2021), ", "")));
      expect(await database.query("SELECT id FROM t ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }]);
      await expect(
        upgrade(connection, wanted("RANGE (year(at)) (PARTITION a VALUES LESS THAN (2021))")),
      ).rejects.toMatchObject({ code: "statement-failed" });
      expect(await database.query("SELECT id FROM t ORDER BY id")).toEqual([{ id: 1 }, { id: 2 }]);
      await connection.close();
    });
  });
});
