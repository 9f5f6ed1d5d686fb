import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { withTables } from "./exactness.ts";

const words = (text: string): string => text.replaceAll(/-{3,}|\s+/g, " ");

it("docs/exactness.md says what the program models and the laws draw", async () => {
  const text = await readFile("docs/exactness.md", "utf8");
  expect(words(text)).toBe(words(withTables(text)));
}, 120_000);
