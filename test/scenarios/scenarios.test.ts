import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { forEachDatabase } from "../support/databases.ts";
import { familiesOf, parseScenario, playScenario, printScenario } from "./scenario.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const names = readdirSync(here).filter((name) => name.endsWith(".txt"));

forEachDatabase((db) => {
  const mine = names
    .map((name) => ({ name, text: readFileSync(here + name, "utf8") }))
    .filter(({ text }) => familiesOf(parseScenario(text))?.includes(db.family) ?? true);
  it.each(mine)(
    "answers as $name says",
    async ({ name, text }) => {
      const steps = parseScenario(text);
      const played = await playScenario(steps, await db.create());
      if (process.env["REVLINE_RECORD"] === "1") writeFileSync(here + name, printScenario(played));
      else expect(printScenario(played)).toBe(printScenario(steps));
    },
    300_000,
  );
});
