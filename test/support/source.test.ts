import { expect, it } from "vitest";
import { importsOf, stringsOf, withoutComments } from "./source.ts";

const text = `/** import "not-this" from "a comment" */
import type { A } from "./a.ts";
import b, {
  type B,
} from "../b/index.ts";
export * from "./c.ts";
export type { D } from "./d.ts";
import "side-effect";
// import "neither"; "http://"
const url = "http://example.org"; /* "SELECT 1" */
const sql = \`SELECT \${url} // no comment\`;
const lazy = () => import("pg");
let driver: typeof import("mysql2");
`;

it("finds every way to import", () => {
  expect(
    importsOf("src/x/y.ts", text).map(({ target, typeOnly, dynamic }) => [
      target,
      typeOnly,
      dynamic,
    ]),
  ).toEqual([
    ["src/x/a.ts", true, false],
    ["src/b/index.ts", false, false],
    ["src/x/c.ts", false, false],
    ["src/x/d.ts", true, false],
    ["side-effect", false, false],
    ["pg", false, true],
    ["mysql2", true, true],
  ]);
});

it("tells strings from comments", () => {
  expect(stringsOf(text).map(({ value }) => value)).toContain("SELECT ${url} // no comment");
  expect(stringsOf(text).map(({ value }) => value)).not.toContain("SELECT 1");
  expect(withoutComments(text)).not.toContain("neither");
  expect(withoutComments(text)).toContain("http://example.org");
  expect(withoutComments(text).split("\n")).toHaveLength(text.split("\n").length);
});
