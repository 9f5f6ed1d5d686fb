// Loaded into the process under test: ends it at one of SQLite's statements, as `kill -9` does.
import { createRequire } from "node:module";
import { realpathSync } from "node:fs";

const { KILL_AT = "", KILL_MOMENT = "before", KILL_COUNT_TO } = process.env;
const Database = createRequire(realpathSync(process.argv[1] ?? ""))("better-sqlite3");
const at = Number(KILL_AT);
let count = 0;

function die() {
  process.kill(process.pid, "SIGKILL");
  for (;;); // the signal is on its way
}

function counted(target, name) {
  const original = target[name];
  if (original.isCounted) return;
  target[name] = function (...args) {
    count += 1;
    if (count === at && KILL_MOMENT === "before") die();
    const answer = original.apply(this, args);
    if (count === at) die();
    return answer;
  };
  target[name].isCounted = true;
}

const { prepare } = Database.prototype;
Database.prototype.prepare = function (...args) {
  const statement = prepare.apply(this, args);
  const prototype = Object.getPrototypeOf(statement);
  for (const name of ["run", "all", "get"]) counted(prototype, name);
  return statement;
};
counted(Database.prototype, "exec");
if (KILL_COUNT_TO !== undefined) {
  const { writeFileSync } = await import("node:fs");
  process.on("exit", () => writeFileSync(KILL_COUNT_TO, String(count)));
}
