import { describe, expect, it } from "vitest";
import { encodedUrl, fileOf, redactUrl, serverOf, withoutDriver } from "../../src/dialects/url.ts";

describe("a URL of a file", () => {
  it.each([
    ["sqlite:./app.db", "./app.db"],
    ["sqlite:app.db", "app.db"],
    ["sqlite:/abs/app.db", "/abs/app.db"],
    ["sqlite::memory:", ":memory:"],
    ["sqlite://", ":memory:"],
    ["sqlite:///:memory:", ":memory:"],
    ["sqlite:///rel/app.db", "rel/app.db"],
    ["sqlite:////abs/app.db", "/abs/app.db"],
    ["sqlite+pysqlite:///app.db", "app.db"],
    ["SQLite:./App.DB", "./App.DB"],
    ["file:./dev.db", "./dev.db"],
    ["file:///abs/dev.db", "/abs/dev.db"],
    ["sqlite:///C:/data/app.db", "C:/data/app.db"],
    ["sqlite:./my%20app.db", "./my app.db"],
    ["sqlite:./100%.db?timeout=1", "./100%.db"],
  ])("%s is the file %s", (url, path) => {
    expect(fileOf(url).path).toBe(path);
  });

  it("may have parameters", () => {
    expect(Object.fromEntries(fileOf("sqlite:./a.db?timeout=100&mode=ro").params)).toEqual({
      timeout: "100",
      mode: "ro",
    });
  });
});

describe("a URL of a server", () => {
  it("is taken apart and decoded", () => {
    const { params, ...rest } = serverOf(
      "postgresql+asyncpg://us%40er:p%2Fw@host.example:5433/my%20db?sslmode=require&options=-c%20a%3Db",
    );
    expect(rest).toEqual({
      scheme: "postgresql",
      user: "us@er",
      password: "p/w",
      host: "host.example",
      port: 5433,
      database: "my db",
    });
    expect(Object.fromEntries(params)).toEqual({ sslmode: "require", options: "-c a=b" });
  });

  it.each([
    [
      "mysql://root@127.0.0.1/test",
      { scheme: "mysql", user: "root", host: "127.0.0.1", database: "test" },
    ],
    [
      "mariadb://root:@[::1]:3306",
      { scheme: "mariadb", user: "root", password: "", host: "::1", port: 3306 },
    ],
    ["postgres:///db?host=/tmp", { scheme: "postgres", database: "db" }],
    [
      "postgres://u:p@ss:w/ord@h/db",
      { scheme: "postgres", user: "u", password: "p@ss:w/ord", host: "h", database: "db" },
    ],
  ])("%s", (url, expected) => {
    const { params: _, ...rest } = serverOf(url);
    expect(rest).toEqual(expected);
  });

  it.each(["postgres:db", "mysql://host:port/db", "no url", ""])("%j is refused", (url) => {
    expect(() => serverOf(url)).toThrow(expect.objectContaining({ code: "url-invalid" }));
  });

  it.each([
    [
      "postgres+pg8000://u:p@ss:w/o?r#d@h:1/db?x=1",
      "postgres://u:p%40ss%3Aw%2Fo%3Fr%23d@h:1/db?x=1",
    ],
    ["postgres://u:p%40%zz@h/db", "postgres://u:p%2540%25zz@h/db"],
    ["postgres:///db?host=/tmp", "postgres:///db?host=/tmp"],
    ["postgres://:only@h/db", "postgres://:only@h/db"],
  ])("%s is encoded for other parsers", (url, expected) => {
    expect(encodedUrl(url)).toBe(expected);
    expect(serverOf(expected)).toMatchObject(serverOf(url));
  });

  it("loses its driver", () => {
    expect(withoutDriver("mysql+mysqldb://u@h/d")).toBe("mysql://u@h/d");
  });
});

describe("a URL for people", () => {
  it.each([
    ["postgres://user:secret@host/db", "postgres://user:***@host/db"],
    ["postgres://user:s@cr/t@host/db", "postgres://user:***@host/db"],
    ["postgres://user:12/34@host/db", "postgres://user:***@host/db"],
    ["postgres://user:se?cret@host/db", "postgres://user:***@host/db"],
    ["postgres://user:se#cret@host/db", "postgres://user:***@host/db"],
    ["mysql://user@host/db?password=secret&ssl=1", "mysql://user@host/db?password=***&ssl=1"],
    [
      "postgres://host/db?user=u&sslpassword=secret#x",
      "postgres://host/db?user=u&sslpassword=***#x",
    ],
    ["postgres://host/db?PassWord=a%26b&x=1", "postgres://host/db?PassWord=***&x=1"],
    [
      "postgres://host:5432/db?application_name=a@b",
      "postgres://host:5432/db?application_name=a@b",
    ],
    ["postgres://[::1]:5432/db", "postgres://[::1]:5432/db"],
    ["sqlite:./app.db", "sqlite:./app.db"],
    ["sqlite:/home/a:b@c/app.db", "sqlite:/home/a:b@c/app.db"],
    ["user:secret@host/db", "user:***@host/db"],
    ["postgres:user:secret@host/db", "postgres:***@host/db"],
    ["mysql://h/db?ssl={%22passphrase%22:%22secret%22}", "mysql://h/db?ssl=***"],
    ["sqlite:./app.db?key=abc", "sqlite:./app.db?key=***"],
  ])("%s", (url, expected) => {
    expect(redactUrl(url)).toBe(expected);
  });
});
