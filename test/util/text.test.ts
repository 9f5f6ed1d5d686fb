import { expect, test } from "vitest";
import { camelCase, dedent, indent, textWidth, uniqueName } from "../../src/util/text.ts";

test.each([
  ["organisation_id", "organisationId"],
  ["created_at", "createdAt"],
  ["createdAt", "createdAt"],
  ["CreatedAt", "createdAt"],
  ["HTTPServer", "httpServer"],
  ["userID", "userId"],
  ["ID", "id"],
  ["user-data set", "userDataSet"],
  ["__proto__", "proto"],
  ["2fa_codes", "2faCodes"],
  ["größe_maß", "größeMaß"],
  ["表_名", "表名"],
  ["$ref", "$ref"],
  ["", ""],
  ["%%%", ""],
])("%s in camel case is %s", (name, camel) => {
  expect(camelCase(name)).toBe(camel);
});

test("names are made unique by the first number that is free", () => {
  const taken = new Set(["user", "user2"]);
  expect(uniqueName("role", (name) => taken.has(name))).toBe("role");
  expect(uniqueName("user", (name) => taken.has(name))).toBe("user3");
});

test("indent leaves empty lines empty, dedent takes away what is shared", () => {
  expect(indent("a\n\nb")).toBe("  a\n\n  b");
  expect(dedent("\n    a\n      b\n\n    c\n  ")).toBe("a\n  b\n\nc");
  expect(dedent("")).toBe("");
});

test("the width of a text is what an editor shows", () => {
  expect(textWidth("abc")).toBe(3);
  expect(textWidth("表名")).toBe(4);
  expect(textWidth("e\u0301")).toBe(1);
  expect(textWidth("😀")).toBe(2);
});
