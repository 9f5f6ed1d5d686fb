import { describe, expect, it } from "vitest";
import { dialectFor } from "../../src/dialects/index.ts";
import { rejection } from "../runtime/project.ts";

const sqlite = dialectFor("sqlite:a");
const postgresql = dialectFor("postgres://h/a");
const mysql = dialectFor("mysql://h/a");

describe("a statement as text", () => {
  it.each([
    [sqlite, "UPDATE a SET b = ? WHERE c = ?", ["it's", 1], "UPDATE a SET b = 'it''s' WHERE c = 1"],
    [
      sqlite,
      "SELECT '?', \"?\", `?`, [?], ? -- ?\n/* ? */",
      [1],
      "SELECT '?', \"?\", `?`, [?], 1 -- ?\n/* ? */",
    ],
    [sqlite, "SELECT 'it''s ?\\', ?", [null], "SELECT 'it''s ?\\', NULL"],
    [postgresql, "UPDATE a SET b = $2 WHERE c = $1", [1, "x"], "UPDATE a SET b = 'x' WHERE c = 1"],
    [postgresql, "SELECT $10 || $1", [..."abcdefghij"], "SELECT 'j' || 'a'"],
    [
      postgresql,
      "SELECT $body$ ? $1 $body$, '$1\\', d ? 'k', $1",
      [1],
      "SELECT $body$ ? $1 $body$, '$1\\', d ? 'k', 1",
    ],
    [mysql, "SELECT '\\'?', `?`, ? # ?", ["a\\b"], "SELECT '\\'?', `?`, 'a\\\\b' # ?"],
  ] as const)("%# has its parameters as literals", (dialect, sql, params, text) => {
    expect(dialect.text({ sql, params })).toBe(text);
  });

  it.each([sqlite, postgresql, mysql])("stays where there are none (%#)", (dialect) => {
    expect(dialect.text({ sql: "SELECT '?', '$1'" })).toBe("SELECT '?', '$1'");
  });
});

describe("a statement in a script", () => {
  it.each([
    [sqlite, "SELECT 1 ;; ", "SELECT 1;"],
    [postgresql, "SELECT 1 -- one", "SELECT 1 -- one\n;"],
    [mysql, "SELECT ';' /* ; */", "SELECT ';' /* ; */;"],
    [
      mysql,
      "CREATE TRIGGER a BEFORE INSERT ON b FOR EACH ROW BEGIN SET NEW.c = 1; END;",
      "DELIMITER //\nCREATE TRIGGER a BEFORE INSERT ON b FOR EACH ROW BEGIN SET NEW.c = 1; END//\nDELIMITER ;",
    ],
    [mysql, "BEGIN SET @a = '//'; END", "DELIMITER ///\nBEGIN SET @a = '//'; END///\nDELIMITER ;"],
  ] as const)("%# has one end", (dialect, sql, text) => {
    expect(dialect.script.ended(sql)).toBe(text);
  });
});

describe("the server of a script", () => {
  it.each([
    ["postgresql://", "16.3", { dialect: "postgresql", versionNumber: 160_300 }],
    ["postgresql://", "PostgreSQL 15.18 (Debian 15.18-0)", { versionNumber: 151_800 }],
    ["postgres://h/app", undefined, { dialect: "postgresql", database: "app" }],
    ["mysql://h/app", "8.0.36", { dialect: "mysql", versionNumber: 80_036, database: "app" }],
    ["mysql://h/app", "10.6.1-MariaDB", { dialect: "mariadb", versionNumber: 100_601 }],
    ["mariadb://h/app", undefined, { dialect: "mariadb" }],
    ["mariadb://h/app", "11.4.2", { dialect: "mariadb", versionNumber: 110_402 }],
    ["sqlite:a.db", "3.45.1", { dialect: "sqlite", versionNumber: 34_501 }],
  ] as const)("%s, version %s", (url, version, expected) => {
    expect(dialectFor(url).offline.server(url, version)).toMatchObject(expected);
  });

  it.each(["postgres://h/a", "mysql://h/a", "sqlite:a"])("%s has no version «new»", async (url) => {
    const error = await rejection((async () => dialectFor(url).offline.server(url, "new"))());
    expect(error).toMatchObject({
      code: "config-invalid",
      hint: expect.stringContaining("serverVersion"),
    });
  });
});
