import { expect, it } from "vitest";
import { absoluteUrl, databaseFile, withTimeout } from "../../src/config/url.ts";
import { redact } from "../../src/util/redact.ts";

it.each([
  ["sqlite:./app.db", "sqlite:/base/app.db"],
  ["sqlite:app.db?mode=ro", "sqlite:/base/app.db?mode=ro"],
  ["sqlite:///app.db", "sqlite:/base/app.db"],
  ["sqlite:////abs/app.db", "sqlite:/abs/app.db"],
  ["sqlite+pysqlite:///app.db", "sqlite:/base/app.db"],
  ["sqlite::memory:", "sqlite::memory:"],
  ["postgres://host/app", "postgres://host/app"],
])("makes %s absolute", (url, absolute) => {
  expect(absoluteUrl(url, "/base")).toBe(absolute);
});

it("keeps a folder with odd signs in its name", () => {
  const url = absoluteUrl("sqlite:app.db", "/odd 100%?#/x");
  expect(databaseFile(url)).toBe("/odd 100%?#/x/app.db");
});

it("waits for SQLite's writer as long as for a lock, unless the URL says otherwise", () => {
  expect(withTimeout("sqlite:/a.db", 1500)).toBe("sqlite:/a.db?timeout=1500");
  expect(withTimeout("sqlite:/a.db?mode=ro", 0)).toBe("sqlite:/a.db?mode=ro&timeout=0");
  expect(withTimeout("sqlite:/a.db?timeout=5", 1500)).toBe("sqlite:/a.db?timeout=5");
  expect(withTimeout("mysql://host/a", 1500)).toBe("mysql://host/a");
});

it.each([
  ["cannot reach postgres://scott:tiger@db/app.", "cannot reach postgres://scott:***@db/app."],
  ["mysql://scott:ti/g@er#@db/app", "mysql://scott:***@db/app"],
  ["postgres://db/app?password=tiger&x=1", "postgres://db/app?password=***&x=1"],
  ["postgres://scott@db:5432/app", "postgres://scott@db:5432/app"],
])("hides the password of %s", (text, safe) => {
  expect(redact(text)).toBe(safe);
});
