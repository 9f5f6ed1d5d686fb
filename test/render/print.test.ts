import { expect, test } from "vitest";
import { array, call, chain, object, string, word, type Code } from "../../src/render/code.ts";
import { exportConst, statement } from "../../src/render/layout.ts";
import { stringSource, templateSource } from "../../src/render/literal.ts";

const numbers = (count: number): Code =>
  array(Array.from({ length: count }, (_, at) => word(String(at * 10))));

test("what fits stays on one line, what does not breaks from the outside", () => {
  const names = (count: number): Code =>
    array(Array.from({ length: count }, (_, at) => string(`name${at}`)));
  expect(exportConst("x", names(3))).toBe('export const x = ["name0", "name1", "name2"];');
  const lines = exportConst("x", names(12)).split("\n");
  expect(lines[0]).toBe("export const x = [");
  expect(lines[1]).toBe('  "name0",');
  expect(lines.at(-1)).toBe("];");
});

test("numbers fill their lines", () => {
  const lines = exportConst("x", numbers(60)).split("\n");
  expect(lines).toHaveLength(5);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
});

test("large data takes time in proportion to its size", () => {
  const rows = (count: number): Code =>
    array(
      Array.from({ length: count }, (_, at) =>
        object([
          ["id", word(String(at))],
          ["name", string(`n${at}`)],
        ]),
      ),
    );
  const text = statement(
    chain(word("op"), [{ name: "bulkInsert", args: [string("t"), rows(20_000)] }]),
  );
  expect(text.split("\n")).toHaveLength(20_002);
});

test("long chains of calls do not double the work at each link", () => {
  const nested = (depth: number): Code =>
    depth === 0
      ? word("x")
      : call("f", string("argument ".repeat(3)), object([["key", nested(depth - 1)]]));
  expect(statement(nested(12)).length).toBeGreaterThan(100);
});

test.each([
  ["plain", '"plain"'],
  ['say "hi"', "'say \"hi\"'"],
  [`both " and '`, '"both \\" and \'"'],
  ["back\\slash", '"back\\\\slash"'],
  ["a\nb\tc\r", '"a\\nb\\tc\\r"'],
  ["\u2028\u2029\0\u202e\ufeff", '"\\u2028\\u2029\\u0000\\u202e\\ufeff"'],
  ["\ud800x", '"\\ud800x"'],
  ["😀表é", '"😀表é"'],
  ["\u{e0001}", '"\\udb40\\udc01"'],
])("%j is written %s", (value, source) => {
  expect(stringSource(value)).toBe(source);
});

test("templates keep their lines and escape what would end or change them", () => {
  expect(templateSource("a`b${c}$d\\e\r\nf\u2028\tg")).toBe("a\\`b\\${c}$d\\\\e\\r\nf\\u2028\tg");
});
