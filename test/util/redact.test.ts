import { describe, expect, it } from "vitest";
import { keepSecret, keepSecretsOf, redact } from "../../src/util/redact.ts";

describe("text without passwords", () => {
  it.each([
    ["to postgres://scott:tiger@db/shop now", "to postgres://scott:***@db/shop now"],
    ["postgres://scott:ti'g\"er@db", "postgres://scott:***@db"],
    ["mysql:/scott:tiger@db", "mysql:/scott:***@db"],
    ['no branch "mysql://scott:ti".', 'no branch "mysql://scott:***".'],
    ["host=db password=tiger user=scott", "host=db password=*** user=scott"],
    ["host=db password='ti ger' user=scott", "host=db password='***' user=scott"],
    ['{"password": "ti\\"ger", "user": "scott"}', '{"password": "***", "user": "scott"}'],
    ["{ authToken: 'tiger' }", "{ authToken: '***' }"],
    ["ALTER ROLE scott PASSWORD 'ti''ger' LOGIN", "ALTER ROLE scott PASSWORD '***' LOGIN"],
    ["CREATE USER a@b IDENTIFIED BY 'tiger'", "CREATE USER a@b IDENTIFIED BY '***'"],
    ["'… IDENTIFIED WITH x AS ''tiger'' …'", "'… IDENTIFIED WITH x AS '***' …'"],
  ])("%s", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    "at load (file:///home/a/node_modules/@scope/x.js:1:2)",
    'Table "password" has no column "token".',
    "ALTER TABLE users ADD COLUMN password varchar(20) DEFAULT 'none'",
    "http://localhost:8080/a, postgres://h:5432, postgres://h:5432?a=b",
    "created_at: 12:30@noon",
  ])("leaves alone: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("finds a password that it was told, however it is spelled", () => {
    keepSecretsOf("postgres://scott:p%40n'th\"er@db/shop");
    expect(redact("no p%40n'th\"er")).toBe("no ***");
    expect(redact("no p@n'th\"er!")).toBe("no ***!");
    expect(redact(JSON.stringify("p@n'th\"er"))).toBe('"***"');
    expect(redact("'p@n''th\"er'")).toBe("'***'");
  });

  it("finds the beginning of a password where the text was cut", () => {
    keepSecret("correct horse battery");
    expect(redact("near 'correct horse b...' at line 1")).toBe("near '***...' at line 1");
    expect(redact("near 'correct' at line 1")).toBe("near '***' at line 1");
    expect(redact("a correct one")).toBe("a correct one");
  });

  it("leaves words alone of which a password is a part, and a password that is the user's name", () => {
    keepSecret("puma");
    keepSecretsOf("postgres://lynx:lynx@db/shop");
    expect(redact("puma, pumas, lynx")).toBe("***, pumas, lynx");
  });
});
