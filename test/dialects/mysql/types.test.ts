import { describe, expect, it } from "vitest";
import { flavorOf, readVersion } from "../../../src/dialects/mysql/flavor.ts";
import { canonicalType, compileType, parseType } from "../../../src/dialects/mysql/types.ts";
import { currentTimestamp } from "../../../src/dialects/mysql/now.ts";
import {
  expressionKey,
  renameInText,
  tokenize,
  unwrap,
  withoutIntroducers,
} from "../../../src/dialects/mysql/tokens.ts";
import { literal, quote } from "../../../src/dialects/mysql/quote.ts";
import { defaultName } from "../../../src/dialects/mysql/naming.ts";
import { targetOf } from "../../../src/dialects/mysql/url.ts";
import type { ColumnType } from "../../../src/schema/types.ts";

const mysql = flavorOf({ dialect: "mysql", versionNumber: 90700 });
const mariadb = flavorOf({ dialect: "mariadb", versionNumber: 101119 });

describe("types", () => {
  const parsed: readonly (readonly [string, ColumnType])[] = [
    ["int(11)", { name: "integer" }],
    ["int unsigned", { name: "integer", unsigned: true }],
    ["int(8) unsigned zerofill", { name: "integer", unsigned: true, zerofill: true, width: 8 }],
    ["tinyint(1)", { name: "boolean" }],
    ["tinyint(4)", { name: "tinyint" }],
    ["int(10) unsigned", { name: "integer", unsigned: true }],
    ["decimal(10,0)", { name: "numeric", precision: 10 }],
    ["decimal(10,2) unsigned", { name: "numeric", precision: 10, scale: 2, unsigned: true }],
    ["double(10,2)", { name: "double", precision: 10, scale: 2 }],
    ["datetime(3)", { name: "timestamp", precision: 3 }],
    ["timestamp", { name: "timestamp", tz: true }],
    [
      "enum('a','it''s','b\\\\c','x,y','p)q')",
      { name: "enum", values: ["a", "it's", "b\\c", "x,y", "p)q"] },
    ],
    ["year(4)", { name: "year" }],
    ["geometrycollection", { name: "raw", sql: "geometrycollection" }],
    ["point srid 4326", { name: "raw", sql: "point srid 4326" }],
    [
      "varchar(100) /*M!100301 COMPRESSED*/",
      { name: "raw", sql: "varchar(100) /*M!100301 COMPRESSED*/" },
    ],
  ];
  it.each(parsed)("reads %s", (text, type) => {
    expect(parseType(text)).toEqual(type);
    expect(canonicalType(type, mysql)).toEqual(type);
  });

  it("keeps display widths on MariaDB, where they are kept", () => {
    const type: ColumnType = { name: "tinyint", unsigned: true, width: 1 };
    expect(parseType("tinyint(1) unsigned")).toEqual(type);
    expect(canonicalType(type, mariadb)).toEqual(type);
    expect(canonicalType(type, mysql)).toEqual({ name: "tinyint", unsigned: true });
    expect(canonicalType({ name: "integer", width: 11 }, mariadb)).toEqual({ name: "integer" });
  });

  it("spells generic types as each server has them", () => {
    expect(compileType({ name: "uuid" }, mysql)).toBe("char(36)");
    expect(compileType({ name: "uuid" }, mariadb)).toBe("uuid");
    expect(compileType({ name: "timestamp", tz: true, precision: 6 }, mysql)).toBe("timestamp(6)");
    expect(compileType({ name: "real" }, mysql)).toBe("double");
    expect(canonicalType({ name: "float", precision: 30 }, mysql)).toEqual({ name: "double" });
    expect(canonicalType({ name: "text", length: 100 }, mysql)).toEqual({ name: "text" });
    expect(canonicalType({ name: "blob", length: 70_000 }, mysql)).toEqual({ name: "mediumblob" });
    expect(() => compileType({ name: "varchar" }, mysql)).toThrow(/needs a length/);
  });
});

describe("text", () => {
  it("knows one expression in two spellings", () => {
    const same = (a: string, b: string): void => expect(expressionKey(a)).toBe(expressionKey(b));
    same("((length(`a`) > 3))", "LENGTH(a)>3");
    same("(`a` <> _utf8mb4'it\\'s')", "a != 'it''s'");
    same("lcase(`a`) = _latin1'x'", "lower(a) = 'x'");
    same("now()", "CURRENT_TIMESTAMP");
    expect(expressionKey("a = 'X'")).not.toBe(expressionKey("a = 'x'"));
    expect(expressionKey("(a) + (b)")).not.toBe(expressionKey("a) + (b"));
  });

  it("takes apart what looks alike", () => {
    expect(tokenize("'a''b' `c``d` -- x\n1.5e3 /* y */ <=> ?").map(({ value }) => value)).toEqual([
      "a'b",
      "c`d",
      "1.5e3",
      "<=>",
      "?",
    ]);
    expect(unwrap("((a) + (b))")).toBe("(a) + (b)");
    expect(withoutIntroducers("concat(_utf8mb4'x', _binary'y')")).toBe("concat('x', _binary'y')");
    expect(renameInText("`null` is null or `null` is not null", "null", "n")).toBe(
      "`n` is null or `n` is not null",
    );
    expect(renameInText("concat(a, 'a', `a`, a(1))", "a", "b`c")).toBe(
      "concat(`b``c`, 'a', `b``c`, a(1))",
    );
    expect(
      [
        "now()",
        "CURRENT_TIMESTAMP",
        "current_timestamp(3)",
        "LOCALTIME",
        "now(0)",
        "now() + 1",
        "'now()'",
      ].map(currentTimestamp),
    ).toEqual([
      "CURRENT_TIMESTAMP",
      "CURRENT_TIMESTAMP",
      "CURRENT_TIMESTAMP(3)",
      "CURRENT_TIMESTAMP",
      "CURRENT_TIMESTAMP",
      undefined,
      undefined,
    ]);
  });

  it("quotes names and values", () => {
    expect(quote("a`b", "c.d")).toBe("`a``b`.`c.d`");
    expect(() => quote("x".repeat(65))).toThrow(/64/);
    expect(() => quote("x ")).toThrow(/no name/);
    expect(() => quote("party 🎉")).toThrow(/no name/);
    expect(literal("a'b\\c\n")).toBe("'a''b\\\\c\\n'");
    expect(literal(new Uint8Array([0, 255]))).toBe("0x00ff");
    expect(literal(new Date(0))).toBe("'1970-01-01 00:00:00'");
    expect(() => literal(Number.NaN)).toThrow(/NaN/);
  });

  it("gives the names that the server gives", () => {
    const given = { name: "t", columns: [], constraints: [], indexes: [] };
    expect(
      defaultName(
        given,
        { kind: "foreignKey", columns: ["a"], references: { name: "p", columns: ["id"] } },
        new Set(["T_IBFK_1"]),
      ),
    ).toBe("t_ibfk_2");
    expect(defaultName(given, { kind: "unique", columns: ["a"] }, new Set(["a", "A_2"]))).toBe(
      "a_3",
    );
    expect(
      defaultName(
        { ...given, name: "n".repeat(64) },
        { kind: "check", expression: { parts: ["1"] } },
        new Set(),
      ),
    ).toHaveLength(64);
    expect(defaultName(given, { kind: "primaryKey", columns: ["a"] }, new Set())).toBeUndefined();
  });
});

describe("servers and URLs", () => {
  it("reads versions", () => {
    expect(readVersion("9.7.4-2")).toEqual({ dialect: "mysql", versionNumber: 90_704 });
    expect(readVersion("10.11.19-MariaDB-0+deb12u1")).toEqual({
      dialect: "mariadb",
      versionNumber: 101_119,
    });
    expect(readVersion("5.5.5-10.6.1-MariaDB")).toEqual({
      dialect: "mariadb",
      versionNumber: 100_601,
    });
  });

  it("passes what the driver takes", () => {
    const target = targetOf(
      "mysql://me:p%40ss@db.example:3307/app?ssl-mode=VERIFY_IDENTITY&socketPath=/run/m.sock&connect_timeout=3",
    );
    expect(target).toMatchObject({
      host: "db.example",
      port: 3307,
      user: "me",
      password: "p@ss",
      database: "app",
      socketPath: "/run/m.sock",
      ssl: { verifyIdentity: true },
      connectTimeout: 3_000,
    });
    expect(targetOf("mysql://h/d?ssl-mode=DISABLED").ssl).toBeUndefined();
    expect(targetOf('mysql://h/d?ssl={"rejectUnauthorized":false}').ssl).toEqual({
      rejectUnauthorized: false,
    });
    expect(() => targetOf("mysql://h/")).toThrow(/names no database/);
  });
});
