/**
 * `npm run bench`: what the tool costs, as a multiple of what the bare runtime or the bare driver costs for the same
 * on this machine, measured in turns in one run. Ratios only: times are of this machine and this moment.
 * REVLINE_TEST_DATABASES chooses databases, as for the tests; `npm run bench -- startup` one of the groups.
 */
import { openBroker } from "../test/support/broker.ts";
import { buildOnce } from "../test/support/build.ts";
import { benchDatabase, type BenchDatabase } from "./database.ts";
import { reflection } from "./reflection.ts";
import { startup } from "./startup.ts";
import { upgrade } from "./upgrade.ts";
import { printRows, type Row } from "./measure.ts";

const groups: Readonly<
  Record<string, (databases: readonly BenchDatabase[]) => AsyncIterable<Row>>
> = {
  startup,
  upgrade,
  reflection,
};

const chosen = process.argv.slice(2);
await buildOnce();
const broker = await openBroker();
const databases: BenchDatabase[] = [];
try {
  for (const kind of broker.available) databases.push(await benchDatabase(kind, broker.address));
  for (const [name, group] of Object.entries(groups)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    await printRows(name, group(databases));
  }
  for (const { kind, reason } of broker.skipped) console.log(`without ${kind}: ${reason}`);
} finally {
  for (const database of databases) await database.drop();
  await broker.close();
}
