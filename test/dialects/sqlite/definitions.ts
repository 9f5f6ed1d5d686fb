/** Definitions as people and programs write them. Each is read, made anew from what was read, and read again. */
export const DEFINITIONS: Readonly<Record<string, string>> = {
  "no types": "CREATE TABLE t (a, b, c)",
  "every quoting style":
    'CREATE TABLE `t t` ("a""b" TEXT, [c d] INT, `e``f` \'odd type\', \'g\' "q"(3), UNIQUE ("a""b", [c d]))',
  comments:
    "CREATE TABLE t ( -- one, (\n a INT /* two ) */ NOT NULL, -- three\n b /* x */ TEXT DEFAULT '-- no' -- four\n)",
  "keywords as names":
    'CREATE TABLE "table" ("select" INT, key TEXT, action, "check" CHECK ("check" > 0), desc INT, "order" REFERENCES "table" ("select"))',
  "a type with many words":
    "CREATE TABLE t (a UNSIGNED   BIG INT, b DECIMAL(10,2), c DOUBLE PRECISION, d VARCHAR ( 10 ), e NATIVE CHARACTER(-70), f varying character(255))",
  "column constraints with names":
    "CREATE TABLE t (a INT CONSTRAINT pk PRIMARY KEY, b INT CONSTRAINT nn NOT NULL ON CONFLICT FAIL CONSTRAINT uq UNIQUE ON CONFLICT IGNORE CONSTRAINT ck CHECK (b > 0) CONSTRAINT fk REFERENCES t (a))",
  "table constraints without commas":
    "CREATE TABLE t (a INT, b INT, CONSTRAINT u UNIQUE (a) CHECK (a > b) CONSTRAINT f FOREIGN KEY (b) REFERENCES t (a))",
  "keys with collation and order":
    "CREATE TABLE t (a TEXT, b INT, PRIMARY KEY (a COLLATE NOCASE DESC, b ASC) ON CONFLICT REPLACE, UNIQUE (b DESC))",
  "the rowid by a table constraint": "CREATE TABLE t (id INTEGER, name TEXT, PRIMARY KEY (id))",
  "the rowid with NOT NULL": "CREATE TABLE t (id INTEGER NOT NULL, PRIMARY KEY (id))",
  autoincrement:
    "CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT FAIL AUTOINCREMENT NOT NULL, a)",
  "autoincrement by a table constraint":
    "CREATE TABLE t (id INTEGER, PRIMARY KEY (id AUTOINCREMENT))",
  "a descending key that is no rowid": "CREATE TABLE t (id INTEGER PRIMARY KEY DESC, a UNIQUE)",
  "a descending table key that is the rowid": "CREATE TABLE t (id INTEGER, PRIMARY KEY (id DESC))",
  "a key that may be NULL": "CREATE TABLE t (code TEXT PRIMARY KEY, INT2 INT)",
  "a key of several columns, one with NOT NULL":
    "CREATE TABLE t (a INT NOT NULL, b INT, PRIMARY KEY (b, a))",
  "unique before the key":
    "CREATE TABLE t (a TEXT UNIQUE, b TEXT PRIMARY KEY, UNIQUE (b, a), UNIQUE (a, b))",
  "without rowid": "CREATE TABLE t (a TEXT PRIMARY KEY, b) WITHOUT ROWID",
  strict:
    "CREATE TABLE t (a TEXT PRIMARY KEY, b ANY, c INT NOT NULL, d INTEGER, e REAL, f BLOB) STRICT",
  "strict without rowid": "CREATE TABLE t (a INTEGER PRIMARY KEY, b ANY) WITHOUT ROWID, STRICT",
  "strict with the rowid": "CREATE TABLE t (a INTEGER PRIMARY KEY, b ANY) STRICT",
  defaults: `CREATE TABLE t (a DEFAULT 1, b DEFAULT -1, c DEFAULT + 5, d DEFAULT 'it''s', e DEFAULT "q", f DEFAULT word, g DEFAULT (1 + 2), h DEFAULT ((('x'))), i DEFAULT NULL, j DEFAULT CURRENT_TIMESTAMP, k DEFAULT current_date, l DEFAULT x'0f', m DEFAULT 1.50, n DEFAULT 1e3, o DEFAULT 0x10, p DEFAULT TRUE, q DEFAULT (datetime('now', 'localtime')), r DEFAULT 9223372036854775807, s DEFAULT '', t DEFAULT (json_array(1, 'a,b)')), u BOOLEAN DEFAULT 0, v BOOLEAN DEFAULT false)`,
  "generated columns":
    "CREATE TABLE t (a INT, b INT GENERATED ALWAYS AS (a * 2) STORED, c TEXT AS (a || ')') VIRTUAL NOT NULL, d AS (a + 1), e GENERATED ALWAYS AS (1), generated INT)",
  references:
    "CREATE TABLE p (x INT, y INT, PRIMARY KEY (x, y)); CREATE TABLE t (a INT REFERENCES p2, b INT, c INT, FOREIGN KEY (b, c) REFERENCES p ON DELETE SET NULL ON UPDATE CASCADE MATCH FULL NOT DEFERRABLE INITIALLY IMMEDIATE, FOREIGN KEY (b) REFERENCES gone (z) DEFERRABLE, FOREIGN KEY (C, B) REFERENCES P (Y, X) ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED); CREATE TABLE p2 (id INTEGER PRIMARY KEY)",
  checks:
    "CREATE TABLE t (a INT CHECK (a IN (1, 2) AND (a <> 3)), b CHECK ((length(b) < 5)), CHECK (t.a > 0 OR b IS NULL) ON CONFLICT ROLLBACK, CONSTRAINT \"odd ) name\" CHECK (b LIKE '%)''(' ESCAPE '\\'))",
  collations:
    'CREATE TABLE t (a TEXT COLLATE NOCASE, b TEXT COLLATE "rtrim", c TEXT COLLATE binary, PRIMARY KEY (a, b))',
  "create table as": "CREATE TABLE t AS SELECT 1 AS one, 'x' AS \"two words\", 2.5 AS [brackets]",
  indexes: `CREATE TABLE t (a TEXT, b INT, "c d" TEXT); CREATE INDEX i1 ON t (a COLLATE NOCASE DESC, b); CREATE UNIQUE INDEX "i 2" ON t (lower(a) COLLATE RTRIM, (b + 1) DESC) WHERE a IS NOT NULL AND b > 0;
    CREATE INDEX i3 ON t ("c d", "a"); CREATE INDEX i4 ON t ((a || b COLLATE NOCASE)); CREATE INDEX [i5] ON t (json_extract(a, '$.x,y'), abs(b))`,
  "unicode, emoji and newlines":
    'CREATE TABLE "café 🚀\nx" ("naïve" TEXT DEFAULT \'ü🙂\', größe INT CHECK (größe > 0), "a.b" INT, "semi;colon" TEXT, "" INT)',
  "names like those of JavaScript":
    "CREATE TABLE constructor (__proto__ INT CHECK (__proto__ > 0), toString TEXT, hasOwnProperty BLOB DEFAULT 'valueOf')",
  "altered by SQLite":
    'CREATE TABLE t (a INT, UNIQUE (a)); ALTER TABLE t ADD COLUMN b TEXT DEFAULT \'x\' REFERENCES t (a); ALTER TABLE t RENAME COLUMN a TO "new name"; ALTER TABLE t RENAME TO "new table"; ALTER TABLE "new table" DROP COLUMN b',
};
