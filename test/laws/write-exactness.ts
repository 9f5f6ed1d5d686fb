// Writes the tables of docs/exactness.md. `npm run exactness`
import { readFileSync, writeFileSync } from "node:fs";
import { withTables } from "./exactness.ts";

const path = "docs/exactness.md";
writeFileSync(path, withTables(readFileSync(path, "utf8")));
